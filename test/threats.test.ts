/**
 * The table of threats names code and tests that exist: a protection whose test was removed turns this red.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..')

interface Row {
  readonly threat: string
  readonly code: readonly string[]
  readonly file: string
  readonly title: string
}

const lines = readFileSync(join(ROOT, 'docs/threats.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && line.includes('.test.ts'))
const rows = lines.map(rowOf)

describe('the table of threats', () => {
  it('is read whole: every line that names a test is a row', () => {
    expect(rows.length).toBeGreaterThan(70)
    for (const { code, title } of rows) {
      expect(code).not.toEqual([])
      expect(title).not.toBe('')
    }
  })

  it.each(rows)('$threat: what stops it is there', ({ code }) => {
    for (const file of code) expect(existsSync(join(ROOT, file)), file).toBe(true)
  })

  it.each(rows)('$threat: its test is there', ({ file, title }) => {
    expect(titlesOf(join(ROOT, file))).toContain(title)
  })

  it('says what it does not protect from, and names only code that exists', () => {
    const [, open = ''] = readFileSync(join(ROOT, 'docs/threats.md'), 'utf8').split('\n## 守れない')
    const files = [...open.matchAll(/`((?:apps|packages)\/[^`]+)`/gu)].map(([, file = '']) => file)
    expect(files).not.toEqual([])
    for (const file of files) expect(existsSync(join(ROOT, file)), file).toBe(true)
  })
})

function rowOf(line: string): Row {
  const [, threat = '', code = '', test = ''] = line.split(/(?<!\\)\|/u).map((cell) => cell.trim())
  const named = /^`([^`]+)` 「(.+)」$/u.exec(test)
  const files = [...code.matchAll(/`([^`]+\.[a-z]+)`/gu)].map(([, file = '']) => file)
  return { threat, code: files, file: named?.[1] ?? '', title: named?.[2] ?? '' }
}

/** First arguments of `it(…)` and `test(…)`, as they are written; one that is commented out or skipped does not count. */
function titlesOf(path: string): readonly string[] {
  if (!existsSync(path)) return []
  const call = /^ *(?:it|test)(?!\.(?:skip|todo)\()(?:[.(].*?)??\(\s*(['"`])((?:(?!\1).)+)\1,/u
  // A title on the line after its call belongs to it.
  const text = readFileSync(path, 'utf8').replaceAll(/\(\n\s*(?=['"`])/gu, '(')
  const table = /^ *\]?(?: as const)?\)\((['"`])((?:(?!\1).)+)\1,/u
  return text.split('\n').flatMap((line) => {
    const title = (call.exec(line) ?? table.exec(line))?.[2]
    return title === undefined ? [] : [title]
  })
}
