/**
 * A real town for tests: both processes, the link between them, three accounts; everything in a temporary folder.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { townTemplate } from '@sekisho/town'
import { Browser } from './browser.test-support.ts'
import type { DemoAccount } from './demo.ts'
import { startTown } from './start-town.ts'
import type { RunningTown, TownOptions } from './start-town.ts'

export interface TestTown extends RunningTown {
  readonly folder: string
  readonly dataDir: string
  account(role: DemoAccount['role']): DemoAccount
  signIn(side: 'low' | 'high', role: DemoAccount['role']): Promise<Browser>
  /** Ends it and removes everything. */
  remove(): Promise<void>
}

/** Starts the small α town on free ports. */
export async function startTestTown(
  options: Partial<TownOptions> & { readonly edit?: (declaration: string) => string } = {},
): Promise<TestTown> {
  const { edit = (declaration: string) => declaration, ...rest } = options
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-town-'))
  const town = join(folder, 'town.yaml')
  writeFileSync(town, edit(townTemplate('α') ?? ''))
  const dataDir = join(folder, 'data')
  const running = await startTown({
    town,
    dataDir,
    demo: true,
    ports: { low: 0, high: 0 },
    // A test asks nobody outside of itself.
    resolvers: [],
    ...rest,
  })
  const account = (role: DemoAccount['role']): DemoAccount => {
    const found = running.accounts.find((one) => one.role === role)
    if (!found) throw new Error(`no ${role}`)
    return found
  }
  return {
    ...running,
    folder,
    dataDir,
    account,
    signIn: (side, role) => new Browser(running[side].url).signIn(account(role)),
    async remove() {
      await running.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
