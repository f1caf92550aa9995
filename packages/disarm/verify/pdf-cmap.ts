import { ValueReader } from './pdf-value.ts'
import type { Value } from './pdf-value.ts'
import { demand } from './rejection.ts'

const OPENING = '/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n'
const CLOSING = 'endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n'
const UNICODE_SYSTEM = '<< /Registry (Adobe) /Ordering (UCS) /Supplement 0 >>'
const BLOCK = 100
const MAX_LINES = 400_000
/** Section → how many codes stand at the beginning of its lines, and whether a target follows. */
const SECTIONS = {
  unicode: { codespacerange: [2, false], bfchar: [1, true], bfrange: [2, true] },
  glyphs: {
    codespacerange: [2, false],
    cidchar: [1, true],
    cidrange: [2, true],
    notdefchar: [1, true],
    notdefrange: [2, true],
  },
} as const
/** The tables of all characters of a collection, which `ToUnicode` may build on. */
const BASES = 'CNS1 GB1 Japan1 Korea1 KR'.split(' ').map((one) => `Adobe-${one}-UCS2`)
type Section = readonly [codes: number, target: boolean]

/** Code of 1 to 4 bytes; Unicode target of up to 128; glyph number; name. */
const CODE = '<(?:[0-9A-F]{2}){1,4}>'
const UNICODE = '<(?:[0-9A-F]{2}){0,128}>'
const NAME = '/[!-~]{0,1536}'
const TARGETS = {
  unicode: `(?:${UNICODE}|${NAME}|\\[(?:${UNICODE}(?: ${UNICODE}){0,255})?\\])`,
  glyphs: '(?:0|[1-9][0-9]{0,4})',
} as const

/**
 * Accepts a CMap as it is written from its mappings (Adobe 5014; ISO 32000-1, 9.7.5.4 and 9.10.3): a fixed beginning and end,
 * and blocks of at most a hundred lines in between. A CMap is PostScript: any other token could be a program.
 */
export function verifyCMap(bytes: Uint8Array, kind: 'unicode' | 'glyphs', where: string): void {
  const read = new ValueReader(bytes, 0, `${where} cmap`)
  read.expect(OPENING)
  head(read, kind)
  for (let lines = 0; !read.accept(CLOSING);) {
    lines += block(read, kind)
    demand(lines <= MAX_LINES, 'VERIFY-PDF-CMAP', where)
  }
  demand(read.atEnd, 'VERIFY-PDF-CMAP', where)
}

function head(read: ValueReader, kind: 'unicode' | 'glyphs'): void {
  if (kind === 'unicode') BASES.some((base) => read.accept(`/${base} usecmap\n`))
  if (kind === 'glyphs' && read.peek() === 0x2f && !read.startsWith('/CIDSystemInfo ')) {
    read.value(false)
    read.expect(' usecmap\n')
  }
  read.expect('/CIDSystemInfo ')
  if (kind === 'unicode') read.expect(UNICODE_SYSTEM)
  else system(read.value(false), read.where)
  read.expect(` def\n/CMapName /Sekisho def\n/CMapType ${kind === 'unicode' ? 2 : 1} def\n`)
  if (kind === 'glyphs' && !read.accept('/WMode 1 def\n')) read.expect('/WMode 0 def\n')
}

function system(value: Value, where: string): void {
  const entries = value.kind === 'dict' ? [...value.entries] : []
  const fits = entries.every(([key, { kind }]) =>
    key === 'Supplement'
      ? kind === 'number'
      : /^(?:Registry|Ordering)$/u.test(key) && kind === 'string',
  )
  demand(value.kind === 'dict' && fits, 'VERIFY-PDF-CMAP', where)
}

/** @returns number of its lines. */
function block(read: ValueReader, kind: 'unicode' | 'glyphs'): number {
  const count = Number(/^(?:[1-9][0-9]?|100)$/u.exec(read.word())?.[0] ?? 0)
  demand(count >= 1 && count <= BLOCK, 'VERIFY-PDF-CMAP', read.where)
  read.expect(' begin')
  const name = read.word()
  const sections: Readonly<Record<string, Section>> = SECTIONS[kind]
  const section = Object.hasOwn(sections, name) ? sections[name] : undefined
  demand(section !== undefined, 'VERIFY-PDF-CMAP', read.where)
  read.expect('\n')
  const line = lineOf(section, TARGETS[kind])
  for (let index = 0; index < count; index++)
    demand(line.test(read.until('\n')), 'VERIFY-PDF-CMAP', read.where)
  read.expect(`end${name}\n`)
  return count
}

function lineOf([codes, target]: Section, targets: string): RegExp {
  const parts = Array.from({ length: codes }, () => CODE)
  return new RegExp(`^${[...parts, ...(target ? [targets] : [])].join(' ')}$`, 'u')
}
