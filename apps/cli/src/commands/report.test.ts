import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFont, readWorkbook } from '@sekisho/report'
import { afterAll, describe, expect, it } from 'vitest'
import { run } from '../run.test-support.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..', '..')
const MENDED = join(ROOT, 'corpus', 'town', 'mended', 'town.yaml')
const AT = ['--at', '2026-11-22']
const folder = mkdtempSync(join(tmpdir(), 'sekisho-report-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (...names: string[]): string => join(folder, ...names)

/** The mended town with one thing to mend: ZN-04. */
const TOWN = at('town.yaml')
const [ONE, TWO] = [
  'addresses: [10.10.2.11], authentication: [knowledge]',
  'addresses: [10.10.2.11], authentication: [knowledge, inherence]',
]
writeFileSync(TOWN, readFileSync(MENDED, 'utf8').replace(TWO, ONE))

const TOWN_SET = [
  '一覧.txt',
  '点検.pdf',
  '点検.sarif',
  '点検.xlsx',
  '評価.json',
  '評価.pdf',
  '評価.xlsx',
]
const digest = (path: string): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex')
const pdfText = (path: string): string =>
  execFileSync('pdftotext', ['-raw', path, '-'], { encoding: 'utf8' })

const ready = (await findFont()) !== undefined && spawnSync('pdftotext', ['-v']).error === undefined
const why = ready ? '' : ' (skipped: no Japanese font or no pdftotext on this machine)'

describe.skipIf(!ready && process.env['CI'] !== 'true')(`the set for a council${why}`, () => {
  const [first, way] = [at('first'), at('way')]

  it('is whole, and its list vouches for each file', async () => {
    const { code, out, err } = await run('report', TOWN, ...AT, '--out', first)
    expect([code, err]).toEqual([3, ''])
    expect(readdirSync(first).toSorted()).toEqual(TOWN_SET.toSorted())
    for (const name of TOWN_SET) expect(out).toContain(join(first, name))
    const listed = readFileSync(join(first, '一覧.txt'), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
    expect(listed.toSorted()).toEqual(
      TOWN_SET.filter((name) => name !== '一覧.txt')
        .map((name) => `${digest(join(first, name))}  ${name}`)
        .toSorted(),
    )
  })

  it('names the same finding by the same id in every file', () => {
    const log = JSON.parse(readFileSync(join(first, '点検.sarif'), 'utf8'))
    expect(log.runs[0].results.map((one: { ruleId: string }) => one.ruleId)).toEqual(['ZN-04'])
    const { gap } = JSON.parse(readFileSync(join(first, '評価.json'), 'utf8'))
    const unmet = gap[0].rows.filter((row: { state: string }) => row.state === 'unmet')
    expect(unmet.map((row: { control: string }) => row.control)).toEqual(['ZN-04'])
    for (const name of ['点検.xlsx', '評価.xlsx']) {
      const cells = readWorkbook(readFileSync(join(first, name)))!.sheets.flatMap(({ rows }) =>
        [...rows.values()].flatMap((row) => [...row.values()]),
      )
      expect(cells.some((cell) => cell.kind === 'text' && cell.text === 'ZN-04')).toBe(true)
    }
    for (const name of ['点検.pdf', '評価.pdf'])
      expect(pdfText(join(first, name))).toContain('ZN-04')
  })

  it('has the way to a target beside it, and the same input gives the same bytes', async () => {
    const target = ['--target', MENDED]
    expect((await run('report', TOWN, ...AT, '--out', way, ...target)).code).toBe(3)
    expect(pdfText(join(way, '移行.pdf'))).toContain('令和8年度')
    expect(readWorkbook(readFileSync(join(way, '移行.xlsx')))?.sheets[1]?.name).toBe('手順')
    for (const name of TOWN_SET.filter((one) => one !== '一覧.txt'))
      expect(digest(join(way, name))).toBe(digest(join(first, name)))
  })

  it('is not written over unasked; asked, what is of an older set is told', async () => {
    const before = readFileSync(join(way, '一覧.txt'), 'utf8')
    const again = await run('report', MENDED, ...AT, '--out', way)
    expect(again.code).toBe(2)
    expect(again.err).toContain('--force')
    expect(readFileSync(join(way, '一覧.txt'), 'utf8')).toBe(before)
    const forced = await run('report', MENDED, ...AT, '--out', way, '--force')
    expect(forced.code).toBe(0)
    expect(forced.err).toContain('移行.xlsx・移行.pdf は、この一式のものではありません')
    expect(readFileSync(join(way, '一覧.txt'), 'utf8')).not.toContain('移行')
  })

  it('replaces a link and leaves alone what it leads to', async () => {
    const [trap, victim] = [at('trap'), at('victim')]
    mkdirSync(trap)
    writeFileSync(victim, '大事なファイル')
    symlinkSync(victim, join(trap, '点検.xlsx'))
    expect((await run('report', MENDED, ...AT, '--out', trap)).code).toBe(2)
    expect((await run('report', MENDED, ...AT, '--out', trap, '--force')).code).toBe(0)
    expect(readFileSync(victim, 'utf8')).toBe('大事なファイル')
    expect(readdirSync(trap).toSorted()).toEqual(TOWN_SET.toSorted())
  })
})

describe('no set is made', () => {
  const out = at('none')
  it.each([
    [[TOWN]],
    [[TOWN, MENDED, '--out', out]],
    [[TOWN, '--out', out, '--plan', MENDED]],
    [[TOWN, '--out', out, '--to', 'α', '--edition', 'R3']],
    [[TOWN, '--out', out, '--at', '2026-02-30']],
    [[TOWN, '--out', TOWN]],
  ])('%j is used wrongly', async (argv) => {
    const { code, err } = await run('report', ...argv)
    expect(code).toBe(2)
    expect(err).toContain('使い方')
    expect(existsSync(out)).toBe(false)
  })

  it('of a declaration, a target or a plan that cannot be read', async () => {
    const bad = at('bad.yaml')
    writeFileSync(bad, 'town: [1,2\n')
    expect((await run('report', bad, '--out', out)).code).toBe(3)
    expect((await run('report', TOWN, '--out', out, '--target', bad)).code).toBe(1)
    const both = ['--target', MENDED, '--plan', bad]
    expect((await run('report', TOWN, '--out', out, ...both)).code).toBe(1)
    expect((await run('report', TOWN, '--out', out, '--font', bad)).code).toBe(1)
    expect(existsSync(out)).toBe(false)
  })
})

describe('one document at a time', () => {
  const book = at('one.xlsx')
  it.each([
    [['roadmap', MENDED, MENDED, ...AT]],
    [['diff', MENDED, ...AT, '--edition', 'R4.3..R8.3']],
    [['assess', MENDED, ...AT]],
    [['check', MENDED, ...AT]],
  ])('%j as Excel, and not without a place for it', async (argv) => {
    rmSync(book, { force: true })
    expect((await run(...argv, '--format', 'excel')).code).toBe(2)
    expect((await run(...argv, '--format', 'excel', '--out', book)).code).toBe(0)
    expect(readWorkbook(readFileSync(book))?.sheets.at(-1)?.name).toBe('説明')
  })
})
