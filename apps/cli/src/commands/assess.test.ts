import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readWorkbook } from '@sekisho/report'
import { afterAll, describe, expect, it } from 'vitest'
import { run as runCommand } from '../run.test-support.ts'
import type { Ran } from '../run.test-support.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..', '..')
const KASUMI = join(ROOT, 'examples', 'kasumi', 'town.yaml')
const MENDED = join(ROOT, 'corpus', 'town', 'mended', 'town.yaml')
const AT = ['--at', '2026-11-22']
const folder = mkdtempSync(join(tmpdir(), 'sekisho-assess-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Of the example, from 1. */
function lineOf(start: string): number {
  const lines = readFileSync(KASUMI, 'utf8').split('\n')
  return lines.findIndex((line) => line.startsWith(start)) + 1
}

const run = (...argv: string[]): Promise<Ran> => runCommand('assess', ...argv)

describe('one town', () => {
  it('shows counts first, then what to do first with place and cure, and ends with 3', async () => {
    const { code, out } = await run(KASUMI, ...AT)
    expect(code).toBe(3)
    expect(out.split('\n')[1]).toMatch(/^実施\d+　未実施\d+/u)
    expect(out.indexOf('まず行うこと')).toBeLessThan(out.indexOf('これからの期限'))
    expect(out).toContain('OP-01')
    expect(out).toContain(`${lineOf('  committee:')}行`)
    expect(out).toContain('実施とは数えません')
  })

  it('without a finding ends with 0 and still says what was not checked', async () => {
    const { code, out } = await run(MENDED, ...AT)
    expect(code).toBe(0)
    expect(out).toMatch(/未確認[1-9]/u)
  })

  it('--edition and --at decide what is asked', async () => {
    const later = JSON.parse((await run(MENDED, '--at', '2027-07-01', '--json')).out)
    const state = later.gap[0].rows.find(
      (row: { control: string }) => row.control === 'OP-09',
    ).state
    expect(state).toBe('unmet')
    const older = JSON.parse((await run(MENDED, ...AT, '--edition', 'R5.3', '--json')).out)
    expect(older.gap.map((gap: { model: string }) => gap.model)).toEqual(['α', 'β', 'β′'])
  })

  it.each(['gap', 'risk', 'calendar', 'self-check'])('--part %s in text and JSON', async (part) => {
    const { out } = await run(KASUMI, ...AT, '--part', part)
    expect(out.split('\n').length).toBeGreaterThan(20)
    const body = JSON.parse((await run(KASUMI, ...AT, '--part', part, '--json')).out)
    expect(body).toMatchObject({ sekisho: '1', kind: 'Assessment', at: '2026-11-22' })
    expect(Object.keys(body)).toContain(part)
    expect(Object.keys(body)).not.toContain(part === 'gap' ? 'risk' : 'gap')
  })

  it.each(["a'", 'a-prime', 'α′', 'b', 'beta', 'beta-prime'])('--to %s is a model', async (to) => {
    const { code, out } = await run(KASUMI, ...AT, '--to', to, '--part', 'delta')
    expect(code).toBe(3)
    expect(out).toContain('加わる対策')
    expect(out).toContain('私たちの見積もり')
  })

  it.each([
    [['--part', 'delta']],
    [['--part', 'all']],
    [['--to', 'gamma']],
    [['--to', 'α′', '--edition', 'R5.3']],
    [['--at', '2026-02-30']],
    [['--edition', 'R9.3']],
  ])('%j is used wrongly', async (flags) => {
    const { code, err } = await run(KASUMI, ...flags)
    expect(code).toBe(2)
    expect(err).toContain('使い方')
  })
})

describe('many towns', () => {
  const towns = join(folder, 'towns')
  mkdirSync(join(towns, 'b', 'c'), { recursive: true })
  copyFileSync(KASUMI, join(towns, 'a.yaml'))
  copyFileSync(MENDED, join(towns, 'b', 'c', 'town.yaml'))
  writeFileSync(join(towns, 'b', 'broken.yaml'), 'town: [\u001b[2J')
  writeFileSync(join(towns, 'b', 'huge.yaml'), ' '.repeat(6 * 1024 * 1024))
  writeFileSync(join(towns, 'notes.txt'), 'not a town')
  symlinkSync('/etc', join(towns, 'link'))

  it('one line each and a summary; what cannot be read does not stop the rest', async () => {
    const { code, out } = await run(towns, ...AT)
    const lines = out.split('\n')
    expect(code).toBe(3)
    expect(lines.slice(0, 4).map((line) => line[0])).toEqual(['×', '？', '△', '？'])
    expect(out).toContain('団体2件　すべて実施0件　読めないファイル2件')
    expect(out).toMatch(/OP-01　1団体/u)
    expect(out).not.toContain('\u001b')
  })

  it('as JSON lines', async () => {
    const { out } = await run(towns, ...AT, '--json')
    const bodies = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(bodies.map(({ kind, ok }) => [kind, ok])).toEqual([
      ['TownAssessment', true],
      ['TownAssessment', false],
      ['TownAssessment', true],
      ['TownAssessment', false],
      ['AssessmentSummary', undefined],
    ])
    expect(bodies[3]).toMatchObject({ file: 'b/huge.yaml', reason: 'TOWN-TOO-BIG' })
    expect(bodies[4]).toMatchObject({ towns: 2, unread: 2, allMet: 0 })
  })

  it('a file that cannot be read is a finding even when every other town has none', async () => {
    const { code } = await run(join(towns, 'b'), ...AT)
    expect(code).toBe(3)
    expect((await run(join(towns, 'b', 'c'), ...AT)).code).toBe(0)
  })

  it('an empty folder is not a pass', async () => {
    mkdirSync(join(folder, 'empty'))
    const { code, err } = await run(join(folder, 'empty'), ...AT)
    expect(code).toBe(1)
    expect(err).toContain('団体の定義')
  })

  it('a part of many towns is used wrongly', async () => {
    expect((await run(towns, '--part', 'gap')).code).toBe(2)
  })
})

describe('the same findings for other readers', () => {
  it('SARIF has the very results of check, with the same ids and fingerprints', async () => {
    const results = async (command: string): Promise<unknown[]> => {
      const { out } = await runCommand(command, KASUMI, ...AT, '--format', 'sarif')
      const log = JSON.parse(out) as { runs: { results: Record<string, unknown>[] }[] }
      return log.runs[0]!.results.map((result) => JSON.stringify(result)).toSorted()
    }
    const found = await results('assess')
    expect(found.length).toBeGreaterThan(0)
    expect(found).toEqual(await results('check'))
  })

  it('Excel holds the assessment, and its comparison with one model when asked', async () => {
    const out = join(folder, '評価.xlsx')
    const wish = ['--format', 'excel', '--out', out]
    expect((await run(KASUMI, ...AT, ...wish, '--to', 'β')).code).toBe(3)
    const book = readWorkbook(readFileSync(out))
    const moves = book?.sheets.find(({ name }) => name === '移ると変わること')
    const models = [...(moves?.rows.values() ?? [])].slice(1).map((row) => row.get(0))
    expect(new Set(models.map((cell) => cell?.kind === 'text' && cell.text))).toEqual(
      new Set(['β']),
    )
  })

  it.each([
    ['--format', 'excel'],
    ['--format', 'sarif', '--to', 'β'],
    ['--format', 'excel', '--out', 'x.xlsx', '--part', 'risk'],
  ])('%s %s … is used wrongly', async (...argv) => {
    expect((await run(KASUMI, ...argv)).code).toBe(2)
    expect(existsSync('x.xlsx')).toBe(false)
  })
})

describe('a summary of many towns', () => {
  const towns = join(folder, 'nation')
  const file = (name: string): string => join(folder, name)
  mkdirSync(join(towns, '13'), { recursive: true })
  mkdirSync(join(towns, '石川県'))
  for (const name of ['a', 'b', 'c', 'd', 'e'])
    copyFileSync(MENDED, join(towns, '13', `かくれ町-${name}.yaml`))
  copyFileSync(KASUMI, join(towns, '石川県', 'kasumi.yaml'))
  writeFileSync(join(towns, '13', 'broken.yaml'), 'town: [\u001b[2J')

  it('as a picture: what cannot be read is told to whoever runs it, and names stay out of the file', async () => {
    const out = file('nation.svg')
    const ran = await run(towns, ...AT, '--format', 'svg', '--out', out)
    expect(ran.code).toBe(3)
    expect(ran.out).toBe('')
    expect(ran.err).toContain('？ 13/broken.yaml:1　TOWN-CONTROL')
    expect(ran.err).toContain('6団体の要約')
    expect(ran.err).not.toContain('\u001b')
    const picture = readFileSync(out, 'utf8')
    expect(picture).toContain('宣言を読めた団体6　読めなかった宣言1')
    expect(picture).not.toMatch(/香澄|かくれ|破れ町|broken/u)
  })

  it('as a workbook, with names only when asked', async () => {
    const [plain, named] = [file('plain.xlsx'), file('named.xlsx')]
    expect((await run(towns, ...AT, '--format', 'excel', '--out', plain)).code).toBe(3)
    const excel = ['--format', 'excel', '--out', named, '--names']
    expect((await run(towns, ...AT, ...excel)).code).toBe(3)
    const clean = await runCommand('verify-clean', plain, named)
    expect(clean.code).toBe(0)
    expect(readFileSync(named).length).toBeGreaterThan(readFileSync(plain).length)
  })

  it('as JSON: the last line holds the whole and each prefecture, small ones without results', async () => {
    const out = file('lines.ndjson')
    const ran = await run(towns, ...AT, '--format', 'json', '--out', out)
    expect(ran).toMatchObject({ code: 3, out: '' })
    const last = JSON.parse(readFileSync(out, 'utf8').trimEnd().split('\n').at(-1)!)
    expect(last).toMatchObject({ kind: 'AssessmentSummary', towns: 6, unread: 1 })
    expect(last.nation.bodies).toBe(6)
    expect(
      last.places.map((one: { place: string; bodies: number }) => [one.place, one.bodies]),
    ).toEqual([
      ['13', 5],
      ['17', 1],
    ])
    expect(last.places[1].outcome).toBeUndefined()
    expect(last.unreadByReason).toEqual([{ place: '13', reason: 'TOWN-CONTROL', files: 1 }])
  })

  it('of too few towns holds no results, and says what would', async () => {
    const few = join(towns, '石川県')
    const out = file('few.svg')
    const { err } = await run(few, ...AT, '--format', 'svg', '--out', out)
    expect(err).toContain('--names')
    expect(readFileSync(out, 'utf8')).not.toContain('OP-01')
  })

  it('tells a code that is there twice, and a folder that says another prefecture', async () => {
    const odd = join(folder, 'odd', '14')
    mkdirSync(odd, { recursive: true })
    const coded = readFileSync(MENDED, 'utf8').replace(/^  name: /mu, '  code: "131016"\n  name: ')
    for (const name of ['a', 'b']) writeFileSync(join(odd, `${name}.yaml`), coded)
    const out = file('odd.svg')
    const { err } = await run(join(folder, 'odd'), ...AT, '--format', 'svg', '--out', out)
    expect(err).toContain('△ 14/a.yaml　フォルダと団体コードの都道府県が違います')
    expect(err).toContain('△ 14/b.yaml　同じ団体コードの宣言が、ほかにもあります')
  })

  it.each([
    [['--format', 'excel']],
    [['--format', 'svg']],
    [['--format', 'pdf', '--out', 'x.pdf']],
    [['--names']],
    [['--font', 'x.ttf']],
    [['--to', 'β']],
  ])('%j is used wrongly', async (flags) => {
    expect((await run(towns, ...AT, ...flags)).code).toBe(2)
  })

  it('never writes over a declaration', async () => {
    const victim = join(towns, '石川県', 'kasumi.yaml')
    const { code } = await run(towns, ...AT, '--format', 'svg', '--out', victim)
    expect(code).toBe(2)
    expect(readFileSync(victim, 'utf8')).toBe(readFileSync(KASUMI, 'utf8'))
  })

  it('of one town is used wrongly', async () => {
    const out = file('one.xlsx')
    expect((await run(KASUMI, ...AT, '--names')).code).toBe(2)
    expect((await run(KASUMI, ...AT, '--format', 'svg', '--out', out)).code).toBe(2)
    expect(existsSync(out)).toBe(false)
  })
})
