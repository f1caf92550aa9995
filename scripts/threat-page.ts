/**
 * The threats that disarming knows, row by row, each with the files of this repository that try it: read from the files themselves, so that a row
 * that nothing tries any more cannot be written.
 */
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import rows from './threat-rows.json' with { type: 'json' }

const ROOT = join(import.meta.dirname, '..')

/** One row: what is done, and by which rule ids or files it is tried; or why nothing here can try it. */
interface ThreatRow {
  readonly section: string
  readonly row: string
  readonly done: string
  readonly ids?: readonly string[]
  readonly because?: string
}

/** Most files named in one row; the others are counted. */
const MOST = 4

/** @throws Error naming the rows that no test and no case tries */
export function threatSections(): readonly string[] {
  const files = triers()
  const known: readonly ThreatRow[] = rows
  const lines = known.map((one) => [one.section, lineOf(one, files)] as const)
  const alone = known.filter((one, index) => one.ids && lines[index]![1] === '')
  if (alone.length > 0) throw new Error(`nothing tries ${alone.map(({ row }) => row).join(' ')}`)
  return [...Map.groupBy(lines, ([section]) => section)].map(([section, own]) =>
    [
      `### ${section}`,
      '',
      '| 脅威 | すること | 試しているもの |',
      '|---|---|---|',
      ...own.map(([, line]) => line),
    ].join('\n'),
  )
}

interface Trier {
  readonly path: string
  readonly text: string
}

/** Tests and golden cases of the disarmer, of the scanner that it asks, and of the mail gate. */
function triers(): readonly Trier[] {
  const patterns = [
    'packages/disarm/**/*.test.ts',
    'packages/disarm/**/*.test-support.ts',
    'corpus/disarm/**/*.{json,tsv}',
    'apps/server/src/{again,host/antivirus}.test.ts',
    'packages/gates/file/src/*.test.ts',
    'packages/gates/mail/src/**/*.test.ts',
    'corpus/mail/*.json',
  ]
  const general = /(?:words|fidelity|fuzz|sweep)\.test\.ts$|node_modules/
  return globSync(patterns, { cwd: ROOT })
    .toSorted()
    .filter((path) => !general.test(path))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))
}

function lineOf({ row, done, ids = [], because }: ThreatRow, files: readonly Trier[]): string {
  if (because !== undefined) return `| \`${row}\` | ${done} | ${because} |`
  const found = [...new Set(ids.flatMap((id) => trying(id, files)))]
  if (found.length === 0) return ''
  const more = found.length > MOST ? ` ほか${found.length - MOST}` : ''
  const named = found.slice(0, MOST).map((path) => `\`${path}\``)
  return `| \`${row}\` | ${done} | ${named.join('<br>')}${more} |`
}

/** Files that name the id as a word; those that bear it in their own name first. */
function trying(id: string, files: readonly Trier[]): readonly string[] {
  if (id.includes('/')) return files.filter(({ path }) => path === id).map(({ path }) => path)
  const word = new RegExp(`(?<![A-Z0-9-])${id}(?![A-Z0-9]|-[A-Z])`, 'u')
  const own = files.filter(({ path }) => word.test(basename(path)))
  const others = files.filter(({ path, text }) => !word.test(basename(path)) && word.test(text))
  return [...own, ...others].map(({ path }) => path)
}
