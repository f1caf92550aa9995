import type { Preview } from './preview.ts'
import { PREVIEW_PARAGRAPHS_MAX, shorten } from './preview-text.ts'

/** Bytes of a file that are looked at: pictures stand between the words. */
const READ_MAX = 32 * 1024 * 1024
/** Groups whose words are not on the page. Those that begin with `\*` are passed over too. */
const UNSEEN = new Set(
  'fonttbl colortbl stylesheet info pict header headerl headerr headerf footer footerl footerr footerf'.split(
    ' ',
  ),
)
const LETTERS: Readonly<Record<string, string>> = {
  tab: '\t',
  cell: '\t',
  line: '\n',
  emdash: '—',
  endash: '–',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  bullet: '•',
}
const ENDS = new Set(['par', 'row', 'sect', 'page'])
/** One step: a brace, a control word with its number, a control symbol, or plain letters. */
const STEP =
  /([{}])|\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\(.)|([^\\{}\r\n]+)|[\r\n]+/guy

/** The first paragraphs of a text in the one spelling that the disarmer writes. */
export function previewRtf(bytes: Uint8Array): Preview {
  const text = Buffer.from(bytes.subarray(0, READ_MAX)).toString('latin1')
  const reader = new Reader()
  STEP.lastIndex = 0
  for (let step = STEP.exec(text); step !== null && !reader.full; step = STEP.exec(text))
    reader.take(step)
  return reader.end(bytes.length > READ_MAX)
}

class Reader {
  readonly #paragraphs: string[] = []
  #line = ''
  #depth = 0
  /** Depth of the group that is passed over. */
  #unseen: number | undefined
  /** True right behind a brace: the next word names the group. */
  #first = false
  /** Letters that stand in for a character just written, for readers that do not know it. */
  #skip = 0

  get full(): boolean {
    return this.#paragraphs.length >= PREVIEW_PARAGRAPHS_MAX
  }

  take([, brace, word, parameter, hex, symbol, letters]: RegExpExecArray): void {
    if (brace === '{') {
      this.#depth += 1
      this.#first = true
      return
    }
    if (brace === '}') {
      if (this.#unseen === this.#depth) this.#unseen = undefined
      this.#depth -= 1
    } else if (this.#unseen === undefined) this.#piece({ word, parameter, hex, symbol, letters })
    this.#first = false
  }

  #piece(piece: {
    readonly word: string | undefined
    readonly parameter: string | undefined
    readonly hex: string | undefined
    readonly symbol: string | undefined
    readonly letters: string | undefined
  }): void {
    const { word, symbol, letters } = piece
    if (this.#first && (symbol === '*' || UNSEEN.has(word ?? ''))) this.#unseen = this.#depth
    else if (word === 'u') {
      this.#line += String.fromCharCode(Number(piece.parameter ?? 0) & 0xffff)
      this.#skip = 1
    } else if (word !== undefined) this.#word(word)
    else if (piece.hex !== undefined) this.#plain('\u{FFFD}')
    else if (symbol !== undefined) this.#plain(SYMBOLS[symbol] ?? '')
    else if (letters !== undefined) this.#plain(letters)
  }

  #word(word: string): void {
    if (ENDS.has(word)) this.#end()
    else this.#line += LETTERS[word] ?? ''
  }

  #plain(letters: string): void {
    this.#line += letters.slice(this.#skip)
    this.#skip = Math.max(0, this.#skip - letters.length)
  }

  #end(): void {
    if (this.#line.trim() !== '') this.#paragraphs.push(shorten(this.#line))
    this.#line = ''
  }

  end(cut: boolean): Preview {
    this.#end()
    const paragraphs = this.#paragraphs.slice(0, PREVIEW_PARAGRAPHS_MAX)
    return { kind: 'text', paragraphs, more: cut || this.full }
  }
}

const SYMBOLS: Readonly<Record<string, string>> = {
  '\\': '\\',
  '{': '{',
  '}': '}',
  '~': '\u00A0',
  _: '\u2011',
}
