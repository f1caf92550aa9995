import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { townTemplate } from '@sekisho/town'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { serveHigh } from '../high/high.ts'
import { serveLow } from '../low/low.ts'
import { prepareSide } from '../prepare.ts'
import { startTown } from '../start-town.ts'
import type { SideConfig } from './config.ts'
import { guardFirewall } from './firewall.ts'
import type { TakeSocket } from './process.ts'

const [OURS, OTHER] = ['a'.repeat(64), 'b'.repeat(64)]
const rules = (town: string): string => `table inet sekisho {\n\tcomment "town ${town}"\n}\n`

describe('a gate and the firewall in front of it', () => {
  let folder: string
  let firewall: string
  const side = (more: object): SideConfig => ({ side: 'low', ...more }) as SideConfig
  const never = (): void => {
    throw new Error('stopped')
  }
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sekisho-guard-'))
    firewall = join(folder, 'rules.txt')
  })
  afterEach(() => {
    vi.useRealTimers()
    rmSync(folder, { recursive: true, force: true })
  })

  it('serves behind the rules of its own declaration, and where no firewall is named', async () => {
    writeFileSync(firewall, rules(OURS))
    ;(await guardFirewall(side({ firewall }), OURS, never)).close()
    ;(await guardFirewall(side({}), OURS, never)).close()
  })

  it.each([
    ['of another declaration', rules(OTHER), 'NET-GATE-DIFFERS'],
    ['that say of no declaration', 'table inet sekisho {\n}\n', 'NET-GATE-DIFFERS'],
    ['that are gone', '', 'NET-GATE-DIFFERS'],
  ])('refuses to serve behind rules %s, with what helps', async (_, text, reason) => {
    writeFileSync(firewall, text)
    const refused = guardFirewall(side({ firewall }), OURS, never)
    await expect(refused).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    await expect(refused).rejects.toThrow(new RegExp(`${reason}.*sekisho apply`, 'u'))
  })

  it('refuses to serve behind rules that nobody can read', async () => {
    const refused = guardFirewall(side({ firewall }), OURS, never)
    await expect(refused).rejects.toThrow(/NET-GATE-NO-LISTING/u)
  })

  it.each([
    ['that nobody renewed for 15 minutes', -15 * 60 - 5],
    ['from a time to come, which would never grow old', 15 * 60 + 60],
  ])('refuses to serve behind a listing %s, with what helps', async (_, seconds) => {
    writeFileSync(firewall, rules(OURS))
    const at = Date.now() / 1_000 + seconds
    utimesSync(firewall, at, at)
    const refused = guardFirewall(side({ firewall }), OURS, never)
    await expect(refused).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    await expect(refused).rejects.toThrow(/NET-GATE-OLD.*15分より古い.*nft list ruleset/u)
  })

  it('serves behind a listing that was renewed some minutes ago', async () => {
    writeFileSync(firewall, rules(OURS))
    const at = Date.now() / 1_000 - 14 * 60
    utimesSync(firewall, at, at)
    ;(await guardFirewall(side({ firewall }), OURS, never)).close()
  })

  it('stops serving when the listing is no longer renewed', async () => {
    writeFileSync(firewall, rules(OURS))
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const stopped: string[] = []
    const guard = await guardFirewall(
      side({ firewall }),
      OURS,
      (reason) => void stopped.push(reason),
    )
    utimesSync(firewall, 1, 1)
    vi.advanceTimersByTime(5_000)
    await vi.waitFor(() => expect(stopped[0]).toContain('NET-GATE-OLD'))
    guard.close()
  })

  it('stops serving, once, when the rules become others', async () => {
    writeFileSync(firewall, rules(OURS))
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const stopped: string[] = []
    const guard = await guardFirewall(
      side({ firewall }),
      OURS,
      (reason) => void stopped.push(reason),
    )
    await vi.advanceTimersByTimeAsync(60_000)
    expect(stopped).toEqual([])
    writeFileSync(firewall, rules(OTHER))
    vi.advanceTimersByTime(5_000)
    await vi.waitFor(() => expect(stopped).toHaveLength(1))
    vi.advanceTimersByTime(60_000)
    expect(stopped[0]).toContain('NET-GATE-DIFFERS')
    guard.close()
  })

  it.each([
    ['low', serveLow],
    ['high', serveHigh],
  ] as const)(
    'the side %s does not serve behind rules of another declaration',
    async (name, serve) => {
      writeFileSync(firewall, rules(OTHER))
      const town = join(folder, 'town.yaml')
      writeFileSync(town, townTemplate('α') ?? '')
      const anywhere = { host: '127.0.0.1', port: 0 }
      const dataDir = join(folder, name)
      const config: SideConfig = {
        side: name,
        town,
        dataDir,
        web: anywhere,
        link: anywhere,
        firewall,
      }
      await prepareSide(config)
      // No socket is ever asked for: nobody could connect, not even for an instant.
      await expect(serve(config, never as unknown as TakeSocket, [])).rejects.toThrow(
        /NET-GATE-DIFFERS/u,
      )
    },
  )

  it('a town is not started behind rules of another declaration', async () => {
    writeFileSync(firewall, rules(OTHER))
    const town = join(folder, 'town.yaml')
    writeFileSync(town, townTemplate('α') ?? '')
    const ports = { low: 0, high: 0 }
    const started = startTown({ town, dataDir: join(folder, 'data'), ports, firewall })
    await expect(started).rejects.toThrow(/NET-GATE-DIFFERS/u)
  }, 60_000)
})
