import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFont } from '@sekisho/report'
import { afterAll, describe, expect, it } from 'vitest'
import { run } from '../run.test-support.ts'
import { writePdf } from '../pdf-file.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..', '..')
const KASUMI = join(ROOT, 'examples', 'kasumi', 'town.yaml')
const MENDED = join(ROOT, 'corpus', 'town', 'mended', 'town.yaml')
const LATIN = join(ROOT, 'node_modules/pdfjs-dist/standard_fonts/LiberationSans-Regular.ttf')
const AT = ['--at', '2026-11-22']
const folder = mkdtempSync(join(tmpdir(), 'sekisho-pdf-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const ready = (await findFont()) !== undefined && spawnSync('pdftotext', ['-v']).error === undefined
const why = ready ? '' : ' (skipped: no Japanese font or no pdftotext on this machine)'

const textOf = (path: string): string =>
  execFileSync('pdftotext', ['-raw', '-enc', 'UTF-8', path, '-'], { encoding: 'utf8' }).replaceAll(
    /\s/gu,
    '',
  )

describe.skipIf(!ready && process.env['CI'] !== 'true')(`a PDF of a town${why}`, () => {
  it('check: every finding of the JSON is in it, with the digest of the very file', async () => {
    const out = join(folder, 'check.pdf')
    expect((await run('check', KASUMI, ...AT, '--format', 'pdf', '--out', out)).code).toBe(3)
    const { findings } = JSON.parse((await run('check', KASUMI, ...AT, '--json')).out)
    const text = textOf(out)
    expect(findings.length).toBeGreaterThan(0)
    for (const { rule, clause, message, cure } of findings)
      for (const part of [rule, clause, message, cure.sentence])
        expect(text).toContain(part.replaceAll(/\s/gu, ''))
    expect(text).toContain(createHash('sha256').update(readFileSync(KASUMI)).digest('hex'))
  })

  it('assess: every row of the JSON is in it, with the counts', async () => {
    const out = join(folder, 'assess.pdf')
    expect((await run('assess', KASUMI, ...AT, '--format', 'pdf', '--out', out)).code).toBe(3)
    const [gap] = JSON.parse((await run('assess', KASUMI, ...AT, '--json')).out).gap
    const text = textOf(out)
    for (const { control, verified, name, clause } of gap.rows)
      for (const part of [`${control}${verified ? '' : '※'}${name}`, clause])
        expect(text).toContain(part.replaceAll(/\s/gu, ''))
    expect(text).toContain(`○実施${gap.counts.met}×未実施${gap.counts.unmet}`)
    expect(text).toContain(`□未確認${gap.counts['not-checked']}`)
  })

  it('a town without a finding ends with 0', async () => {
    const out = join(folder, 'mended.pdf')
    expect((await run('check', MENDED, ...AT, '--format', 'pdf', '--out', out)).code).toBe(0)
    expect(textOf(out)).toContain('指摘はありません。')
  })
})

describe('no PDF is made', () => {
  const out = join(folder, 'none.pdf')
  it.each([
    [['check', KASUMI, '--format', 'pdf']],
    [['assess', KASUMI, '--format', 'pdf']],
    [['assess', KASUMI, '--format', 'pdf', '--out', out, '--part', 'gap']],
    [['assess', KASUMI, '--format', 'pdf', '--out', out, '--to', 'β']],
    [['assess', join(ROOT, 'corpus', 'town'), '--format', 'pdf', '--out', out]],
    [['assess', KASUMI, '--out', out]],
    [['assess', KASUMI, '--format', 'junit']],
    [['check', KASUMI, '--font', LATIN]],
  ])('%j is used wrongly', async (argv) => {
    const { code, err } = await run(...argv)
    expect(code).toBe(2)
    expect(err).toContain('使い方')
    expect(existsSync(out)).toBe(false)
  })

  it.each([LATIN, KASUMI, join(folder, 'absent.ttf')])('with the font %s', async (font) => {
    const { code } = await run('check', KASUMI, '--format', 'pdf', '--out', out, '--font', font)
    expect(code).toBe(1)
    expect(existsSync(out)).toBe(false)
  })

  it('without a font on the machine, and the package is named', async () => {
    const nothing = writePdf(
      { out, font: undefined },
      async () => new Uint8Array(1),
      () => findFont([]),
    )
    await expect(nothing).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('fonts-ipamj-mincho'),
    })
    expect(existsSync(out)).toBe(false)
  })

  it.each(['check', 'assess'])(
    '%s: of a declaration that cannot be read, whose problems are told',
    async (command) => {
      const broken = join(folder, 'broken.yaml')
      writeFileSync(broken, 'sekisho: "1"\n')
      const { code, out: told } = await run(command, broken, '--format', 'pdf', '--out', out)
      expect(code).toBe(3)
      expect(told).toContain('TOWN-')
      expect(existsSync(out)).toBe(false)
    },
  )
})
