import { createHash } from 'node:crypto'
import { refuse } from '../family.ts'
import type { Context } from '../family.ts'
import { joinedAndGivenBack } from '../give-back.ts'
import { isGone } from './gone.ts'
import { fromLatin1, isLink, latin1, list, text } from './objects.ts'
import type { Dictionary, List, Slot, Stream, Text, Value } from './objects.ts'

/** What the file is entered by; both are links. */
export interface Roots {
  readonly root: Slot
  readonly info: Slot | undefined
}

const HEADER = fromLatin1('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n')
/** The xref table has ten digits for an offset; our ceiling is far below. */
const ID_BYTES = 16

/**
 * Writes the canonical file of docs/design/disarm-grammar.md: objects numbered in the order in which the trailer reaches them, one
 * table, nothing unreachable. The same graph gives the same bytes; the ID is a hash of them. Takes the memory of the graph's streams over.
 */
export function writeFile(roots: Roots, context: Context): Uint8Array {
  const order = numberSlots(roots)
  const chunks: Uint8Array[] = [HEADER]
  const offsets: number[] = []
  const hash = createHash('sha256')
  let length = HEADER.length
  for (const [slot, number] of order) {
    offsets.push(length)
    for (const chunk of objectChunks(slot.value as Value, number, order)) {
      chunks.push(chunk)
      hash.update(chunk)
      length += chunk.length
    }
    if (length > context.limits.outputBytes) refuse('LIMIT-SIZE')
  }
  chunks.push(tail(roots, order, offsets, length, hash.digest().subarray(0, ID_BYTES)))
  return joinedAndGivenBack(chunks)
}

type Order = ReadonlyMap<Slot, number>

/** Depth first from the trailer, without recursion. */
function numberSlots({ root, info }: Roots): Order {
  const order = new Map<Slot, number>()
  const waiting: Value[] = [{ kind: 'link', slot: root }]
  if (info?.value !== undefined) waiting.unshift({ kind: 'link', slot: info })
  while (waiting.length > 0) {
    const value = waiting.pop() as Value
    if (!isLink(value)) {
      pushAll(waiting, value)
    } else if (value.slot.value !== undefined && !order.has(value.slot)) {
      order.set(value.slot, order.size + 1)
      pushAll(waiting, value.slot.value)
    }
  }
  return order
}

function pushAll(waiting: Value[], value: Value): void {
  const before = waiting.length
  for (const child of children(value)) {
    if (typeof child === 'object' && child !== null && holdsLinks(child)) waiting.push(child)
  }
  // The last one pushed is taken first.
  for (let low = before, high = waiting.length - 1; low < high; low += 1, high -= 1) {
    const first = waiting[low] as Value
    waiting[low] = waiting[high] as Value
    waiting[high] = first
  }
}

function holdsLinks(value: Exclude<Value, null | boolean | number>): boolean {
  return value.kind !== 'name' && value.kind !== 'string' && !isGone(value)
}

function children(value: Value): Iterable<Value> {
  if (typeof value !== 'object' || value === null) return []
  if (value.kind === 'link') return [value]
  if (value.kind === 'list') return value.items
  if (value.kind === 'dictionary') return value.entries.values()
  return value.kind === 'stream' ? value.dictionary.entries.values() : []
}

function objectChunks(value: Value, number: number, order: Order): Uint8Array[] {
  const head = `${number} 0 obj\n`
  if (typeof value !== 'object' || value === null || value.kind !== 'stream') {
    return [fromLatin1(`${head}${render(value, order)}\nendobj\n`)]
  }
  const dictionary = render(withLength(value), order)
  return [
    fromLatin1(`${head}${dictionary}\nstream\n`),
    value.raw,
    fromLatin1('\nendstream\nendobj\n'),
  ]
}

function withLength({ dictionary, raw }: Stream): Dictionary {
  return { kind: 'dictionary', entries: new Map([...dictionary.entries, ['Length', raw.length]]) }
}

function tail(
  { root, info }: Roots,
  order: Order,
  offsets: readonly number[],
  start: number,
  digest: Uint8Array,
): Uint8Array {
  const lines = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`)
  const trailer = new Map<string, Value>([
    ['Size', order.size + 1],
    ['Root', { kind: 'link', slot: root }],
  ])
  if (info?.value !== undefined) trailer.set('Info', { kind: 'link', slot: info })
  trailer.set('ID', list([text(digest), text(digest)]))
  const dictionary = render({ kind: 'dictionary', entries: trailer }, order, true)
  return fromLatin1(
    `xref\n0 ${order.size + 1}\n0000000000 65535 f \n${lines.join('')}` +
      `trailer\n${dictionary}\nstartxref\n${start}\n%%EOF\n`,
  )
}

/** The text of a value. A link to something that was not written: the key goes, an array item becomes null. */
export function render(value: Value, order: Order, hexadecimal = false): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return renderNumber(value)
  switch (value.kind) {
    case 'name':
      return renderName(value.value)
    case 'string':
      return renderText(value, hexadecimal)
    case 'list':
      return renderList(value, order, hexadecimal)
    case 'dictionary':
      return renderDictionary(value, order, hexadecimal)
    case 'link': {
      const number = order.get(value.slot)
      return number === undefined ? 'null' : `${number} 0 R`
    }
    case 'stream':
    case 'reference':
      throw new TypeError('only copies are written')
  }
}

function renderList(value: List, order: Order, hexadecimal: boolean): string {
  const items =
    value.gaps === 'left out' ? value.items.filter((item) => !isGone(item)) : value.items
  return `[${items.map((item) => render(item, order, hexadecimal)).join(' ')}]`
}

function renderDictionary(value: Dictionary, order: Order, hexadecimal: boolean): string {
  let out = '<<'
  for (const [key, each] of value.entries) {
    if (each === null || isGone(each)) continue
    out += ` ${renderName(key)} ${render(each, order, hexadecimal)}`
  }
  return `${out} >>`
}

const MAX_PLACES = 12

/** Decimal, never an exponent, at most twelve places, no `-0`. */
export function renderNumber(value: number): string {
  if (Number.isInteger(value)) return value === 0 ? '0' : String(value)
  const shortest = String(value)
  const point = shortest.indexOf('.')
  if (point >= 0 && shortest.length - point <= MAX_PLACES && !shortest.includes('e'))
    return shortest
  const fixed = value.toFixed(MAX_PLACES)
  let end = fixed.length
  while (fixed[end - 1] === '0') end -= 1
  if (fixed[end - 1] === '.') end -= 1
  const short = fixed.slice(0, end)
  return short === '-0' ? '0' : short
}

const PLAIN_NAME = /^[!-~]*$/u
const PLAIN_WORD = /^[!"$&'*-.0-;=?-Z\\^-z|~]*$/
const NAME_DELIMITERS = new Set('()<>[]{}/%#')

export function renderName(value: string): string {
  if (PLAIN_WORD.test(value)) return `/${value}`
  let out = '/'
  for (const char of value) {
    const plain = PLAIN_NAME.test(char) && !NAME_DELIMITERS.has(char)
    out += plain ? char : `#${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  }
  return out
}

/** Literal when every byte is printable ASCII, hexadecimal otherwise. */
export function renderText({ bytes }: Text, hexadecimal = false): string {
  if (hexadecimal || !isPrintable(bytes)) return renderHexadecimal(bytes)
  return `(${latin1(bytes).replace(/[()\\]/gu, '\\$&')})`
}

function isPrintable(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i] as number
    if (byte < 0x20 || byte > 0x7e) return false
  }
  return true
}

/** Codes of glyphs are two bytes; a call for so little costs more than the work. */
const SHORT_TEXT = 16
const PAIRS = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).toUpperCase().padStart(2, '0'),
)

function renderHexadecimal(bytes: Uint8Array): string {
  if (bytes.length > SHORT_TEXT) {
    const digits = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
    return `<${digits.toUpperCase()}>`
  }
  let out = '<'
  for (let i = 0; i < bytes.length; i += 1) out += PAIRS[bytes[i] as number]
  return `${out}>`
}
