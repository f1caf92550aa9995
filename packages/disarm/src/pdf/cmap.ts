import { deflate } from './flate.ts'
import { isKeyword, Lexer, SyntaxFault } from './lexer.ts'
import type { Token } from './lexer.ts'
import { fromLatin1, isDictionary, isList, isName, isStream, isText, name } from './objects.ts'
import type { Dictionary, Stream, Text, Value } from './objects.ts'
import { streamBytes } from './raster.ts'
import { anyName, anyText, copyForm, form, integer, streamOf } from './shape.ts'
import type { Form } from './shape.ts'
import type { Shape, Walk } from './walk.ts'
import { render, renderName, renderText } from './writer.ts'

/** Mappings of one CMap; a font has 65,536 glyphs. */
const MAX_LINES = 400_000
/** Lines between `begin…` and `end…` (Adobe 5014). */
const BLOCK = 100
const MAX_CODE_BYTES = 4
/** Bytes of one Unicode target: ligatures and emoji sequences. */
const MAX_TARGET_BYTES = 128

type Section =
  | 'codespacerange'
  | 'bfchar'
  | 'bfrange'
  | 'cidchar'
  | 'cidrange'
  | 'notdefchar'
  | 'notdefrange'

const SECTIONS: ReadonlyMap<string, Section> = new Map(
  (
    [
      'codespacerange',
      'bfchar',
      'bfrange',
      'cidchar',
      'cidrange',
      'notdefchar',
      'notdefrange',
    ] as const
  ).map((section) => [`begin${section}`, section] as const),
)

interface CMap {
  readonly lines: [Section, string][]
  /** Name of a predefined CMap that this one extends. */
  base: string | undefined
  vertical: boolean
}

/** `ToUnicode`, ISO 32000-1, 9.10.3: what search and copy read. */
export const toUnicode: Shape = streamOf({ keys: {} }, (stream, walk) => {
  const map = readStream(
    stream,
    ['codespacerange', 'bfchar', 'bfrange', 'cidchar', 'cidrange'],
    walk,
  )
  return map && packed(writeCMap({ ...map, lines: map.lines.map(asUnicode) }, 2, undefined))
})

/** Some writers give glyph numbers where characters belong, and mean the characters: readers take them so. */
function asUnicode([section, line]: CMap['lines'][number]): CMap['lines'][number] {
  if (!section.startsWith('cid')) return [section, line]
  const [number] = /\d+$/u.exec(line) as RegExpExecArray
  const target = Number(number).toString(16).toUpperCase().padStart(4, '0')
  const characters = `${line.slice(0, -number.length)}<${target}>`
  return [section === 'cidchar' ? 'bfchar' : 'bfrange', characters]
}

const SYSTEM = form({
  keys: { Registry: anyText, Ordering: anyText, Supplement: integer(0, 65_535) },
  required: ['Registry', 'Ordering', 'Supplement'],
})

const ENCODING: Form = {
  fixed: { Type: 'CMap' },
  keys: { CMapName: anyName, CIDSystemInfo: SYSTEM, WMode: integer(0, 1), UseCMap: anyName },
  required: ['CIDSystemInfo'],
}

/** An embedded CMap that turns codes into glyph ids, 9.7.5.4. It may build on a predefined one by name, not on a stream. */
export const encodingCMap: Shape = streamOf(
  { ...ENCODING, keys: { ...ENCODING.keys } },
  (stream, walk) => {
    const allowed: Section[] = [
      'codespacerange',
      'cidchar',
      'cidrange',
      'notdefchar',
      'notdefrange',
    ]
    const map = readStream(stream, allowed, walk)
    const copy = copyForm(stream.dictionary, ENCODING, walk)
    if (!map || !copy) return undefined
    const used = copy.entries.get('UseCMap')
    if (isName(used)) map.base ??= used.value
    if (copy.entries.get('WMode') === 1) map.vertical = true
    return packed(writeCMap(map, 1, copy))
  },
)

function packed(bytes: Uint8Array): { raw: Uint8Array; entries: Record<string, Value> } {
  return { raw: deflate(bytes), entries: { Filter: name('FlateDecode') } }
}

function readStream(stream: Stream, allowed: readonly Section[], walk: Walk): CMap | undefined {
  if (!isStream(stream)) return undefined
  try {
    const bytes = streamBytes(stream, walk)
    return bytes && readCMap(bytes, new Set(allowed))
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault
    walk.removed('PDF-FONT')
    return undefined
  }
}

/** Keeps the mappings and drops every other PostScript token. */
export function readCMap(bytes: Uint8Array, allowed: ReadonlySet<Section>): CMap {
  const lexer = new Lexer(bytes, 0, { references: false })
  const map: CMap = { lines: [], base: undefined, vertical: false }
  let before: Token | undefined
  let beforeThat: Token | undefined
  for (let token = next(lexer); token !== undefined; token = next(lexer)) {
    if (isKeyword(token)) {
      const section = SECTIONS.get(token.word)
      if (section) readSection(lexer, section, map, allowed.has(section))
      else if (token.word === 'usecmap' && isNameToken(before)) map.base = before.value
      else if (token.word === 'def' && isNameToken(beforeThat) && beforeThat.value === 'WMode') {
        map.vertical = before === 1
      }
    }
    if (map.lines.length > MAX_LINES) throw new SyntaxFault('too many mappings', lexer.at)
    beforeThat = before
    before = token
  }
  return map
}

function isNameToken(token: Token | undefined): token is { kind: 'name'; value: string } {
  return token !== undefined && !isKeyword(token) && isName(token)
}

/** A broken token is skipped. */
function next(lexer: Lexer): Token | undefined {
  for (;;) {
    try {
      return lexer.token()
    } catch (fault) {
      if (!(fault instanceof SyntaxFault)) throw fault
      lexer.at = Math.max(lexer.at, fault.at) + 1
    }
  }
}

function readSection(lexer: Lexer, section: Section, map: CMap, wanted: boolean): void {
  const width = section.endsWith('char') ? 2 : section === 'codespacerange' ? 2 : 3
  for (;;) {
    const parts: Value[] = []
    for (let i = 0; i < width; i += 1) {
      const token = next(lexer)
      if (token === undefined || isKeyword(token)) return
      parts.push(token)
    }
    const line = spellLine(section, parts)
    if (wanted && line !== undefined) map.lines.push([section, line])
    if (map.lines.length > MAX_LINES) throw new SyntaxFault('too many mappings', lexer.at)
  }
}

function spellLine(section: Section, parts: readonly Value[]): string | undefined {
  const codes = section.endsWith('char') ? 1 : 2
  const out: string[] = []
  for (const [i, part] of parts.entries()) {
    const spelled = i < codes ? spellCode(part) : spellTarget(section, part)
    if (spelled === undefined) return undefined
    out.push(spelled)
  }
  return out.join(' ')
}

function spellCode(value: Value): string | undefined {
  return isText(value) && value.bytes.length >= 1 && value.bytes.length <= MAX_CODE_BYTES
    ? renderText(value, true)
    : undefined
}

function spellTarget(section: Section, value: Value): string | undefined {
  if (!section.startsWith('bf')) {
    return typeof value === 'number' && value >= 0 && value <= 65_535
      ? String(Math.trunc(value))
      : undefined
  }
  if (isText(value)) return spellUnicode(value)
  if (isName(value)) return renderName(value.value)
  if (!isList(value) || value.items.length > 256) return undefined
  return `[${value.items.map((item) => (isText(item) ? spellUnicode(item) : '<FFFD>') ?? '<FFFD>').join(' ')}]`
}

function spellUnicode(value: Text): string | undefined {
  return value.bytes.length <= MAX_TARGET_BYTES ? renderText(value, true) : undefined
}

/** What every reader knows of a character collection, so that a `ToUnicode` need only say what differs (Adobe 5411). */
const UNICODE_BASE = /^Adobe-(?:CNS1|GB1|Japan1|Korea1|KR)-UCS2$/u
const NOTHING = new Map<never, never>()
const OPENING = '/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n'
const CLOSING = 'endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n'
const UNICODE_SYSTEM = '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n'

function writeCMap(map: CMap, type: 1 | 2, copy: Dictionary | undefined): Uint8Array {
  const out = [OPENING]
  if (map.base !== undefined && (type === 1 || UNICODE_BASE.test(map.base)))
    out.push(`${renderName(map.base)} usecmap\n`)
  out.push(copy ? systemInfo(copy) : UNICODE_SYSTEM)
  out.push(`/CMapName /Sekisho def\n/CMapType ${type} def\n`)
  if (type === 1) out.push(`/WMode ${map.vertical ? 1 : 0} def\n`)
  for (let i = 0; i < map.lines.length;) i = writeBlock(map.lines, i, out)
  out.push(CLOSING)
  return fromLatin1(out.join(''))
}

/** One `begin…end` block of lines of the same section; returns the index behind it. */
function writeBlock(lines: CMap['lines'], start: number, out: string[]): number {
  const section = lines[start]?.[0] as Section
  let end = start
  while (end < lines.length && end - start < BLOCK && lines[end]?.[0] === section) end += 1
  out.push(`${end - start} begin${section}\n`)
  for (let i = start; i < end; i += 1) out.push(`${lines[i]?.[1] as string}\n`)
  out.push(`end${section}\n`)
  return end
}

function systemInfo(copy: Dictionary): string {
  const system = copy.entries.get('CIDSystemInfo')
  if (!isDictionary(system)) return UNICODE_SYSTEM
  const spelled = [...system.entries].map(
    ([key, value]) => `${renderName(key)} ${render(value, NOTHING)}`,
  )
  return `/CIDSystemInfo << ${spelled.join(' ')} >> def\n`
}
