import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { verifyClean } from '../../verify/index.ts'
import { disarmBytes } from '../engine.ts'
import { Context, Refusal, toolKey } from '../family.ts'
import { rebuildJpeg } from '../image/index.ts'
import { jpegFromPixels } from '../image/jpeg/from-pixels.ts'
import { bringsItsFonts, canDraw } from './glyphs.ts'
import { indexedOf, isGrey, readPixmaps } from './pixmap.ts'
import { readWords } from './words.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const PAPER = new Uint8Array(
  readFileSync(join(import.meta.dirname, '../../../../corpus/disarm/pdf/xfa-dynamic.pdf')),
)

/** A drawn page: `paint` says red, green and blue of each pixel. */
function drawn(
  width: number,
  height: number,
  paint: (x: number, y: number) => number[],
): Uint8Array {
  const rgb = Array.from({ length: width * height }, (_, i) =>
    paint(i % width, Math.floor(i / width)),
  )
  return Buffer.concat([bytes(`P6\n${width} ${height}\n255\n`), Uint8Array.from(rgb.flat())])
}
const GREY = drawn(40, 30, (x) => [x, x, x])
const FLAT = drawn(40, 30, (x) => (x < 20 ? [200, 0, 0] : [255, 255, 255]))
const PHOTO = drawn(64, 48, (x, y) => [x * 4, y * 5, (x * y) % 256])

const HEAD =
  'level\tpage_num\tpar_num\tblock_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n'
const word = (text: string, page = 1) =>
  `5\t${page}\t0\t0\t0\t0\t3.0\t4.0\t9.0\t5.0\t100\t${text}\n`
const FONTS = (embedded: string) =>
  `name                                 type              encoding         emb sub uni object ID\n------------------------------------ ----------------- ---------------- --- --- --- ---------\nABCDEF+Mincho                        CID TrueType      Identity-H       ${embedded} yes yes     12  0\n`

interface Said {
  readonly pages?: Uint8Array | null
  readonly words?: string
  readonly fonts?: string
  readonly glyphs?: string
}

/** 画像化 with tools that say this. */
function flattened(said: Said, outcome: 'flatten' | 'rebuild' = 'flatten') {
  const answers = {
    pages: said.pages === undefined ? GREY : said.pages,
    words: bytes(HEAD + (said.words ?? '')),
    fonts: bytes(said.fonts ?? FONTS('yes')),
    glyphs: bytes(said.glyphs ?? '20-7e 3000-30ff 4e00-9fff\n'),
  }
  const tools = new Map(
    Object.entries(answers).map(([tool, answer]) => [toolKey(tool, PAPER), answer]),
  )
  return disarmBytes(PAPER, 'pdf', { outcome, tools })
}

const hex = (text: string): string =>
  Buffer.from(text, 'utf16le').swap16().toString('hex').toUpperCase()

/** What the deflated streams of a PDF hold. */
function streamsOf(pdf: Uint8Array): string {
  const text = Buffer.from(pdf).toString('latin1')
  const streams = [...text.matchAll(/stream\n([\s\S]*?)\nendstream/g)]
  return streams
    .filter(([, packed = '']) => packed.startsWith('x'))
    .map(([, packed = '']) => inflateSync(Buffer.from(packed, 'latin1')).toString('latin1'))
    .join('\n')
}

describe('画像化', () => {
  it('is never done by itself: a file that cannot be rebuilt is refused', () => {
    const { report, output, wanted } = flattened({}, 'rebuild')
    expect([report.reason, output, wanted]).toEqual(['PDF-FORM', undefined, []])
  })

  it.each([
    ['grey letters', GREY],
    ['flat colours', FLAT],
    ['a photograph', PHOTO],
    ['several pages of different sizes', Buffer.concat([GREY, FLAT, PHOTO])],
  ])('writes %s as a PDF that the verifier accepts and says so', (_title, pages) => {
    const { report, output } = flattened({ pages, words: word('葛城') })
    expect(report).toMatchObject({ type: 'pdf', outputType: 'pdf', verdict: 'removed', kept: [] })
    expect(report.removed.map(({ rule }) => rule)).toEqual(['FLATTENED'])
    expect(verifyClean(output ?? new Uint8Array(), 'pdf')).toEqual({ clean: true, type: 'pdf' })
  })

  it('keeps the words under the picture, so that they can be found: 葛󠄂城 𠮷', () => {
    const { output } = flattened({ words: word('葛\u{E0102}城') + word('𠮷') })
    const written = streamsOf(output ?? new Uint8Array())
    expect(written).toContain(`<${hex('葛\u{E0102}城')}> Tj`)
    expect(written).toContain(`<${hex('𠮷')}> Tj`)
  })

  it('is refused where the fonts of its words are missing: nobody would see that letters are gone', () => {
    const own = { words: word('葛城'), fonts: FONTS('no ') }
    expect(flattened({ ...own, glyphs: '20-7e\n' }).report.reason).toBe('FLATTEN-FONT')
    expect(flattened({ ...own, glyphs: '20-7e 845b 57ce\n' }).report.verdict).toBe('removed')
    expect(flattened({ words: word('葛城'), glyphs: '20-7e\n' }).report.verdict).toBe('removed')
    expect(flattened({ ...own, words: word('葛\u{E0102}城') }).report.reason).toBe('FLATTEN-FONT')
  })

  it('is refused when a page is too many, because the rest would be missing', () => {
    const pages = Buffer.concat(Array.from({ length: 101 }, () => FLAT))
    expect(flattened({ pages }).report.reason).toBe('LIMIT-ENTRIES')
  })

  it('is refused without a renderer, and for what has no pages', () => {
    expect(flattened({ pages: null }).report.reason).toBe('FLATTEN-PAGES')
    expect(disarmBytes(PAPER, 'pdf', { outcome: 'flatten' }).report.reason).toBe('FLATTEN-TOOL')
    expect(disarmBytes(bytes('a'), 'txt', { outcome: 'flatten' }).report.reason).toBe(
      'FLATTEN-FORM',
    )
  })

  it('asks the renderer for exactly four things', () => {
    const { wanted } = disarmBytes(PAPER, 'pdf', { outcome: 'flatten' })
    expect(wanted.map(({ tool }) => tool)).toEqual(['pages', 'words', 'fonts', 'glyphs'])
  })
})

describe('what a renderer says is read as if an attacker wrote it', () => {
  const hostile: readonly (readonly [string, Uint8Array])[] = [
    ['nothing', new Uint8Array()],
    ['another form', bytes('P5\n1 1\n255\nx')],
    ['a size of zero', bytes('P6\n0 1\n255\n')],
    ['more pixels than bytes', bytes('P6\n999 999\n255\nabc')],
    ['an absurd size', bytes('P6\n99999 99999\n255\nabc')],
    ['sixteen bits', bytes('P6\n1 1\n65535\nabcdef')],
    ['a page and rubbish', Buffer.concat([GREY, bytes('rubbish')])],
  ]
  it.each(hostile)('pixels: %s', (_title, said) => {
    expect(flattened({ pages: said.length === 0 ? null : said }).report.verdict).toBe('refused')
  })

  it('whatever bytes come as pixels or words, the answer is a clean PDF or a reason', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        fc.array(fc.constantFrom('5\t1', '\t', '葛', '1e9', '-', '\n', '9', '.5', '\u202E'), {
          maxLength: 40,
        }),
        (tail, cells) => {
          const { report, output } = flattened({
            pages: Buffer.concat([FLAT, tail]),
            words: cells.join('') + word('あ'),
          })
          expect(report.reason).not.toBe('ENG-CRASH')
          if (output) expect(verifyClean(output, 'pdf')).toEqual({ clean: true, type: 'pdf' })
        },
      ),
      { numRuns: 60 },
    )
  })

  it('words: only whole lines of the table, no control or turning characters, and not without end', () => {
    const table = bytes(`${HEAD}${word('a\u202Eb')}5\t9\tx\n4\t1${word('x').slice(3)}${word('')}`)
    expect(readWords(table, 1)).toEqual([[{ left: 3, top: 4, width: 9, height: 5, text: 'ab' }]])
    const many = bytes(word('a').repeat(500_001))
    expect(() => readWords(many, 1)).toThrow(Refusal)
  })

  it('fonts: a table of another form brings no fonts', () => {
    expect(bringsItsFonts(bytes(FONTS('yes')))).toBe(true)
    expect(bringsItsFonts(bytes(FONTS('yes') + FONTS('no ').split('\n')[2]))).toBe(false)
    expect(bringsItsFonts(bytes('emb yes'))).toBe(false)
  })

  it('glyphs: ranges are inclusive, and rubbish covers nothing', () => {
    const words = [[{ left: 0, top: 0, width: 1, height: 1, text: 'az' }]]
    expect(canDraw(words, bytes('61-7a\n'))).toBe(true)
    expect(canDraw(words, bytes('62-7a\n'))).toBe(false)
    expect(canDraw(words, bytes('61-zz all *\n'))).toBe(false)
  })
})

describe('pixels', () => {
  it('keep their values: grey and flat colours exactly, a photograph to within a shade', () => {
    const [grey] = readPixmaps(GREY)
    const [flat] = readPixmaps(FLAT)
    expect(isGrey(grey!)).toBe(true)
    expect(isGrey(flat!)).toBe(false)
    const { palette, indices } = indexedOf(flat!) ?? {}
    expect([...(palette ?? [])]).toEqual([200, 0, 0, 255, 255, 255])
    expect(indices?.length).toBe(1200)
    const [photo] = readPixmaps(PHOTO)
    expect(indexedOf(photo!)).toBeUndefined()
  })

  it('a photograph becomes a JPEG that the picture reader rebuilds without a change', () => {
    const [photo] = readPixmaps(PHOTO)
    const jpeg = jpegFromPixels(photo!.rgb, photo!.width, photo!.height)
    const rebuilt = rebuildJpeg(jpeg, new Context())
    expect(rebuilt).toMatchObject({ ok: true, width: 64, height: 48, components: 3 })
    expect(rebuilt.ok && Buffer.from(rebuilt.output).equals(jpeg)).toBe(true)
  })
})
