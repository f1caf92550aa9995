import type { Surroundings } from './formula.ts'
import { columnName, formulaText } from './formula.ts'
import { element, escaped } from './markup.ts'
import { shortOf, text16 } from './text.ts'

/**
 * A DV record ([MS-XLS] 2.4.92) as a `dataValidation` element: which values cells take, and what is said about it. Empty when it rules
 * nothing, undefined when it is not understood.
 */
export function validationMarkup(data: Uint8Array, around: Surroundings): string | undefined {
  const flags = shortOf(data, 0) + shortOf(data, 2) * 0x10000
  const texts = new Texts(data, 4)
  const [promptTitle, errorTitle, prompt, error] = [
    texts.next(),
    texts.next(),
    texts.next(),
    texts.next(),
  ]
  const first = formulaAt(data, texts.at)
  const second = first && formulaAt(data, first.end)
  const area = second && areaAt(data, second.end)
  if (!area) return undefined
  const kind = TYPES[flags & 15]
  // Some writers fill the second place where only one has a meaning.
  const used = OPERATED.has(kind ?? '') ? [first.tokens, second.tokens] : [first.tokens]
  const formulas = used.map((tokens, index) =>
    formulaMarkup(tokens, index + 1, (flags & LIST_OF_TEXT) !== 0, around, area.origin),
  )
  if (kind === undefined || formulas.includes(undefined)) return undefined
  return element(
    'dataValidation',
    {
      ...(kind === 'none' ? {} : { type: kind }),
      ...attribute('errorStyle', ['', 'warning', 'information'][(flags >>> 4) & 7]),
      ...attribute('imeMode', IME_MODES[(flags >>> 10) & 0xff]),
      ...(OPERATED.has(kind) ? attribute('operator', OPERATORS[(flags >>> 20) & 15]) : {}),
      ...((flags & 0x100) !== 0 ? { allowBlank: 1 } : {}),
      ...((flags & 0x200) !== 0 ? { showDropDown: 1 } : {}),
      ...((flags & 0x40000) !== 0 ? { showInputMessage: 1 } : {}),
      ...((flags & 0x80000) !== 0 ? { showErrorMessage: 1 } : {}),
      ...attribute('errorTitle', errorTitle),
      ...attribute('error', error),
      ...attribute('promptTitle', promptTitle),
      ...attribute('prompt', prompt),
      sqref: area.text,
    },
    formulas.join(''),
  )
}

const LIST_OF_TEXT = 0x80
const TYPES = ['none', 'whole', 'decimal', 'list', 'date', 'time', 'textLength', 'custom']
const OPERATED: ReadonlySet<string> = new Set(['whole', 'decimal', 'date', 'time', 'textLength'])
/** The first, `between`, is what holds when nothing is said. */
const OPERATORS = [
  '',
  ...`notBetween equal notEqual greaterThan lessThan greaterThanOrEqual lessThanOrEqual`.split(' '),
]
const IME_MODES = [
  '',
  ...'on off disabled hiragana fullKatakana halfKatakana fullAlpha halfAlpha fullHangul halfHangul'.split(
    ' ',
  ),
]

function attribute(name: string, value: string | undefined): Record<string, string> {
  return value === undefined || value === '' ? {} : { [name]: value }
}

/** Strings one behind the other; an empty one is written as a single NUL. */
class Texts {
  readonly #data: Uint8Array
  at: number

  constructor(data: Uint8Array, at: number) {
    this.#data = data
    this.at = at
  }

  next(): string {
    const wide = ((this.#data[this.at + 2] ?? 0) & 1) === 1
    const text = text16(this.#data, this.at)
    this.at += 3 + shortOf(this.#data, this.at) * (wide ? 2 : 1)
    return text.replaceAll('\0', '')
  }
}

function formulaAt(
  data: Uint8Array,
  at: number,
): { readonly tokens: Uint8Array; readonly end: number } | undefined {
  const from = at + 4
  const end = from + shortOf(data, at)
  return end <= data.length ? { tokens: data.subarray(from, end), end } : undefined
}

/** The cells concerned; references count from the first of them. */
function areaAt(data: Uint8Array, at: number) {
  const count = shortOf(data, at)
  if (count === 0 || at + 2 + count * 8 > data.length) return undefined
  const parts = Array.from({ length: count }, (_, index) => {
    const from = at + 2 + index * 8
    const corner = (row: number, column: number) =>
      columnName(Math.min(255, shortOf(data, column))) + String(shortOf(data, row) + 1)
    const [first, last] = [corner(from, from + 4), corner(from + 2, from + 6)]
    return first === last ? first : `${first}:${last}`
  })
  const origin = { row: shortOf(data, at + 2), column: shortOf(data, at + 6) & 0xff }
  return { text: parts.join(' '), origin }
}

const STRING_TOKEN = 0x17

/** A list of words is one string, its words parted by NUL. */
function formulaMarkup(
  tokens: Uint8Array,
  number: number,
  words: boolean,
  around: Surroundings,
  origin: { readonly row: number; readonly column: number },
): string | undefined {
  if (tokens.length === 0) return ''
  const text = formulaText(tokens, around, origin)
  if (text === undefined) return undefined
  const list = words && tokens[0] === STRING_TOKEN ? text.replaceAll('\0', ',') : text
  return element(`formula${number}`, {}, escaped(list))
}
