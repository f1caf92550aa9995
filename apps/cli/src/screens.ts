import { spawn } from 'node:child_process'
import { existsSync, globSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SekishoError } from '@sekisho/core'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const WEB = join(ROOT, 'apps', 'web')
const BUILT = join(WEB, 'dist', 'index.html')
const VITE = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js')

/**
 * Builds the pages when they are missing or older than their sources; a release carries them built.
 *
 * @throws SekishoError CONFIG_INVALID when they are missing and cannot be built
 */
export async function buildScreens(say: (line: string) => void): Promise<void> {
  if (fresh()) return
  if (!existsSync(VITE)) {
    throw new SekishoError(
      'CONFIG_INVALID',
      '画面がまだ組み立てられていません。npm ci を先に実行してください。',
    )
  }
  say('画面を組み立てています（初めてのときだけ、数秒かかります）…')
  const code = await vite()
  if (code !== 0)
    throw new SekishoError(
      'CONFIG_INVALID',
      '画面を組み立てられませんでした。npm run build:web の表示を確かめてください。',
    )
}

function fresh(): boolean {
  if (!existsSync(BUILT)) return false
  const built = statSync(BUILT).mtimeMs
  const sources = globSync(['src/**/*', 'public/**/*', 'index.html', 'vite.config.ts'], {
    cwd: WEB,
  })
  return sources.every((source) => statSync(join(WEB, source)).mtimeMs <= built)
}

function vite(): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [VITE, 'build', 'apps/web', '--logLevel', 'error'], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    child.once('error', () => resolve(null))
    child.once('exit', (code) => resolve(code))
  })
}
