import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Finding } from '@sekisho/core'
import { create } from 'fontkit'
import type { Font } from 'fontkit'
import { afterAll, describe, expect, it } from 'vitest'
import { bothCalendars } from '../era.ts'
import { NAME, planned, subject as roadmapSubject } from '../roadmap/roadmap.test-support.ts'
import { findingsPdf, roadmapPdf } from './document.ts'
import type { ReportSubject } from '../subject.ts'
import { FONT_PLACES, findFont, openFont } from './font.ts'
import { lettersOf, Measure } from './letters.ts'

const CI = process.env['CI'] === 'true'
const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined
const fonts = FONT_PLACES.filter(({ path }) => existsSync(path))
const QPDF = has('qpdf')
/** In CI the list of system packages brings all of them, and their absence is red. */
const missing =
  fonts.length === 0
    ? 'no Japanese font on this machine'
    : has('pdftotext')
      ? undefined
      : 'no pdftotext on this machine'

const folder = mkdtempSync(join(tmpdir(), 'sekisho-pdf-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const subject: ReportSubject = {
  town: '葛\u{E0102}城市',
  model: 'α',
  edition: 'R8.3',
  at: '2026-11-22',
  made: '2026-11-25',
  file: 'town.yaml',
  fileDigest: 'a'.repeat(64),
  rulesDigest: 'b'.repeat(64),
  version: '0.1.0',
}
const finding: Finding = {
  rule: 'ZN-06',
  clause: '第3編 第2章 3',
  edition: 'R8.3',
  verified: false,
  severity: 'required',
  effect: 'refuse',
  message: '通信に期限がありません。',
  cure: { sentence: '期限を書いてください。', who: 'it-officer' },
  line: 41,
}
const saying = (...messages: readonly string[]): Finding[] =>
  messages.map((message) => ({ ...finding, message }))

async function made(
  findings: readonly Finding[],
  about: Partial<ReportSubject> = {},
  place = fonts[0]!,
): Promise<Uint8Array> {
  return findingsPdf(findings, { ...subject, ...about }, await openedFont(place))
}

async function openedFont({ path, face } = fonts[0]!): Promise<Font> {
  const file = await openFont({ bytes: readFileSync(path), ...(face !== undefined && { face }) })
  if (!file.ok) throw new Error(file.problem)
  return file.font
}

function saved(bytes: Uint8Array): string {
  const path = join(folder, 'made.pdf')
  writeFileSync(path, bytes)
  return path
}

/** Without spaces: where a line ends is not what is claimed. */
const close = (text: string): string => text.replaceAll(/\s/gu, '')

/** What a reader of the file finds, page by page, without the breaks of lines and cells. */
function pagesOf(bytes: Uint8Array): readonly string[] {
  const text = execFileSync('pdftotext', ['-raw', '-enc', 'UTF-8', saved(bytes), '-'], {
    encoding: 'utf8',
  })
  return text.split('\f').slice(0, -1).map(close)
}

it.runIf(CI)('CI has a font, pdftotext and qpdf', () => {
  expect([missing, QPDF]).toEqual([undefined, true])
})

describe.skipIf(missing !== undefined)(
  `the document${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    it('carries the ids, sentences and clauses of the check, page numbers and both days', async () => {
      const bytes = await made(saying('「庁内LAN」の通信に期限がありません。'))
      const pages = pagesOf(bytes)
      const all = pages.join('')
      for (const part of [
        'ZN-06※',
        '「庁内LAN」の通信に期限がありません。',
        '期限を書いてください。（情報担当）',
      ])
        expect(all).toContain(part)
      for (const part of [
        '第3編第2章3',
        'a'.repeat(64),
        'b'.repeat(64),
        '令和8年11月22日（2026年11月22日）',
        '電子署名はありません',
      ])
        expect(all).toContain(part)
      pages.forEach((page, index) =>
        expect(page).toContain(`${index + 1}/${pages.length}令和8年11月25日作成`),
      )
    })

    it('is the same bytes for the same input, whatever was made before', async () => {
      const first = Buffer.from(await made(saying('葛\u{E0102}と葛')))
      await made(saying('葛と葛\u{E0102}'))
      expect(first.equals(await made(saying('葛\u{E0102}と葛')))).toBe(true)
      expect(
        first.equals(await made(saying('葛\u{E0102}と葛'), { fileDigest: 'c'.repeat(64) })),
      ).toBe(false)
    })

    it('of a roadmap: every step with both calendars, the day not kept, and the digest of each file', async () => {
      const found = planned()
      const { target, plan } = roadmapSubject
      const pages = pagesOf(await roadmapPdf(found, roadmapSubject, await openedFont()))
      const all = pages.join('')
      for (const { number, day, name } of found.steps)
        expect(all).toContain(`${number}${bothCalendars(day)}${name}`)
      for (const { sentence } of found.conflicts) expect(all).toContain(close(sentence))
      for (const { rule, clause } of found.today.findings)
        expect(all).toContain(close(`${rule}${clause}`))
      for (const part of [NAME, target.fileDigest, plan!.fileDigest, '令和8年度'])
        expect(all).toContain(part)
      expect(pages[1]).toContain('守れない日付があります')
      expect(pages[2]).toMatch(/^.{0,20}一覧/u)
    })

    it.each(fonts)('names survive with $path', async (place) => {
      const names = [
        '葛\u{E0102}城と葛城と葛\u{E0100}城',
        '𠮷田',
        '髙橋',
        '﨑',
        '辻\u{E0101}',
        '邉\u{E010F}',
        'か\u3099',
      ]
      const all = pagesOf(await made(saying(...names), {}, place)).join('')
      for (const name of names) expect(all).toContain(name)
      expect(all).toContain(`団体${subject.town}`)
    })

    it('shows as a code point what the font lacks and what nobody would see', async () => {
      const all = pagesOf(
        await made(saying('甲\u{1F600}乙\u202E丙\u0007丁\u200B戊\uD800己\u{E0102}庚\u{E0041}辛')),
      ).join('')
      expect(all).toContain(
        '甲〔U+1F600〕乙〔U+202E〕丙〔U+0007〕丁〔U+200B〕戊〔U+D800〕己\u{E0102}庚〔U+E0041〕辛',
      )
    })

    const HOSTILE =
      ') Tj ET EMC endstream endobj 9 0 obj << /S /JavaScript /JS (app.alert(1)) /URI (http://x.example) >> \\) \\\\ \u0000 \u202E%%EOF 尨⤨⤩山'
    it('is only ever text, whatever a declaration says', async () => {
      const bytes = await made(saying(HOSTILE), { town: HOSTILE, file: HOSTILE })
      const shown = HOSTILE.replace('\u0000', '〔U+0000〕').replace('\u202E', '〔U+202E〕')
      const all = pagesOf(bytes)
        .join('')
        .replaceAll(/〔U\+29(?<low>2[89])〕/gu, (_, low: string) =>
          String.fromCharCode(Number.parseInt(`29${low}`, 16)),
        )
      expect(all).toContain(shown.replaceAll(/\s/gu, ''))
    })

    it.skipIf(!QPDF)(
      'has no link, no action and no file in it, and qpdf finds it sound',
      async () => {
        const keysOf = async (text: string): Promise<Set<string>> => {
          const path = saved(await made(saying(text), { town: text, file: text }))
          expect(spawnSync('qpdf', ['--check', path], { encoding: 'utf8' })).toMatchObject({
            status: 0,
          })
          const body = JSON.parse(
            execFileSync('qpdf', ['--json=2', '--json-key=qpdf', path], {
              encoding: 'utf8',
              maxBuffer: 1 << 28,
            }),
          )
          return new Set(namesIn(body))
        }
        const hostile = await keysOf(HOSTILE)
        const plain = await keysOf('町')
        for (const name of [
          '/Annots',
          '/AA',
          '/OpenAction',
          '/URI',
          '/JS',
          '/JavaScript',
          '/EmbeddedFiles',
          '/Launch',
          '/AcroForm',
        ])
          expect(hostile).not.toContain(name)
        // Nothing a declaration says adds a key or a name to the file.
        expect([...hostile].filter((name) => !plain.has(name))).toEqual([])
        for (const name of ['/MarkInfo', '/StructTreeRoot', '/Lang', '/DisplayDocTitle'])
          expect(hostile).toContain(name)
      },
    )

    it('repeats the head of the table and cuts no row', async () => {
      const rows = Array.from(
        { length: 60 },
        (_, at) => `始${at}番${'長い文です。'.repeat(9)}終${at}番`,
      )
      const pages = pagesOf(await made(saying(...rows)))
      const table = pages.filter((page) => /始\d+番/u.test(page) && !page.includes('まず行うこと'))
      expect(table.length).toBeGreaterThan(3)
      for (const page of table) {
        expect(page).toContain('番号名前区分内容直し方')
        const starts = [...page.matchAll(/始(\d+)番/gu)].map(([, at]) => at)
        const ends = [...page.matchAll(/終(\d+)番/gu)].map(([, at]) => at)
        expect(starts).toEqual(ends)
      }
      const seen = table.flatMap((page) =>
        [...page.matchAll(/始(\d+)番/gu)].map(([, at]) => Number(at)),
      )
      expect(seen).toEqual(rows.map((_, at) => at))
    })

    it('keeps the summary on one page and says how many it does not show', async () => {
      const many = saying(
        ...Array.from({ length: 40 }, (_, at) => `${at}番${'とても長い文です。'.repeat(40)}`),
      )
      const pages = pagesOf(await made(many))
      expect(pages[1]).toContain('要約')
      expect(pages[1]).toMatch(/まず行うこと（40件のうち\d件）/u)
      expect(pages[2]).toContain('一覧')
    })

    it('loses nothing of a row higher than a page', async () => {
      const all = pagesOf(await made(saying('鴉'.repeat(3_000))))
        .slice(2)
        .join('')
      expect(all.match(/鴉/gu)?.length).toBe(3_000)
    })

    it('says that nothing was found, and not that all is met', async () => {
      const all = pagesOf(await made([])).join('')
      expect(all).toContain('指摘はありません。')
      expect(all).toContain('宣言から見つかったことだけ')
    })

    it('no line is wider than its place, and lines together are the text', async () => {
      const { path, face } = fonts[0]!
      const opened = await openFont({
        bytes: readFileSync(path),
        ...(face !== undefined && { face }),
      })
      if (!opened.ok) throw new Error(opened.problem)
      const text =
        '「庁内LAN」の通信（α′）に、期限がありません。sha256 abcdefghijklmnopqrstuvwxyz0123456789'.repeat(
          3,
        )
      const lines = new Measure(opened.font).lines(text, 10, 120)
      expect(lines.join('')).toBe(lettersOf(text, opened.font).join(''))
      for (const line of lines) {
        expect((opened.font.layout(line).advanceWidth / opened.font.unitsPerEm) * 10).toBeLessThan(
          121,
        )
        expect(line).not.toMatch(/^[、。」）]/u)
      }
    })
  },
)

describe('the font', () => {
  const LATIN = join(
    import.meta.dirname,
    '../../../../node_modules/pdfjs-dist/standard_fonts/LiberationSans-Regular.ttf',
  )
  it('that draws an unseen character still shows it as a code point', () => {
    const latin = create(readFileSync(LATIN))
    if (latin === null || 'fonts' in latin) throw new Error('the Latin font is one face')
    expect(latin.hasGlyphForCodePoint(0xad)).toBe(true)
    expect(lettersOf('a\u00ADb', latin).join('')).toBe('a〔U+00AD〕b')
  })
  it('is not found where there is none', async () => {
    expect(await findFont([{ path: join(folder, 'none.ttf') }])).toBeUndefined()
  })
  it.each([
    ['not a font', Buffer.from('not a font at all'), 'unreadable'],
    ['an empty file', Buffer.alloc(0), 'unreadable'],
    ['a cut font', readFileSync(LATIN).subarray(0, 300), 'unreadable'],
    ['a Latin font', readFileSync(LATIN), 'no-japanese'],
  ])('%s is refused', async (_, bytes, problem) => {
    expect(await openFont({ bytes })).toEqual({ ok: false, problem })
  })
})

/** Every key of a dictionary and every name, in the JSON qpdf makes; strings there begin with `u:` or `b:`. */
function namesIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.startsWith('/') ? [value] : []
  if (Array.isArray(value)) return value.flatMap(namesIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(key.startsWith('/') ? [key] : []),
    ...namesIn(inner),
  ])
}
