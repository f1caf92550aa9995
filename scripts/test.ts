import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemPackages } from './system-packages.ts'

/** One step of the check, as a command of this workspace. */
type Step = readonly [name: string, command: string, ...call: string[]]

const STATIC: readonly Step[] = [
  ['型', 'tsc', '-p', 'tsconfig.json'],
  ['書き方', 'oxlint', '--type-aware', '--deny-warnings'],
  ['形', 'oxfmt', '--check'],
  ['画面の組み立て', 'vite', 'build', 'apps/web', '--logLevel', 'warn'],
]

/**
 * Installs what is missing, then types, lint, format, the web build and every test. Extra arguments go to vitest.
 *
 * @returns exit code: 0 when all of it passed.
 */
export async function test(filters: readonly string[]): Promise<number> {
  const { missing } = await systemPackages()
  if (missing.length > 0 && process.env['CI'] === 'true') return 1
  for (const step of STATIC) if (!(await passes(step))) return 1
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-test-'))
  try {
    const report = join(folder, 'report.json')
    const passed = await passes([
      '試験',
      'vitest',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...filters,
    ])
    return close(report, passed, missing)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function passes([name, command, ...call]: Step): Promise<boolean> {
  process.stdout.write(`\n── ${name}: ${command}\n`)
  return new Promise((resolve) => {
    const child = spawn(join('node_modules', '.bin', command), call, { stdio: 'inherit' })
    child.once('error', (error) => {
      process.stderr.write(`${error.message}\n`)
      resolve(false)
    })
    child.once('exit', (code) => resolve(code === 0))
  })
}

function close(report: string, passed: boolean, missing: readonly string[]): number {
  const counts = JSON.parse(readFileSync(report, 'utf8')) as {
    numPassedTests: number
    numFailedTests: number
    numPendingTests: number
  }
  if (missing.length > 0)
    process.stderr.write(`\n${missing.join(' ')} がないため、飛ばした試験があります。\n`)
  process.stdout.write(
    `\n${counts.numPassedTests} passed, ${counts.numFailedTests} failed, ${counts.numPendingTests} skipped\n`,
  )
  return passed && counts.numFailedTests === 0 && counts.numPassedTests > 0 ? 0 : 1
}
