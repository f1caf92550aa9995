import type { Context } from '../family.ts'
import type { RtfBody } from './rtf-body.ts'
import { charsetOf } from './codepage.ts'

/** Destinations whose text is not shown. */
const UNSEEN: ReadonlySet<string> = new Set(
  'fonttbl colortbl stylesheet info pict object header footer headerl headerr footerl footerr footnote generator themedata datastore listtable listoverridetable rsidtbl xmlnstbl'.split(
    ' ',
  ),
)

interface Group {
  readonly unseen: boolean
  /** Inside of `{\*\htmltag …}`: a piece of the page. */
  readonly tag: boolean
  /** Between `\htmlrtf` and `\htmlrtf0`: only for readers of RTF. */
  readonly rtfOnly: boolean
  readonly charset: string
  readonly skip: number
}

const MAX_GROUPS = 200
const TOKEN =
  /\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9A-Fa-f]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)/gy

/**
 * Text of an RTF body, and the page that Outlook wrapped into it (`\fromhtml1`, [MS-OXRTFEX] 3.1.3). Only for reading: nothing of the RTF
 * goes into the output.
 */
export function decodeRtf(rtf: string, context: Context): RtfBody | undefined {
  if (!rtf.startsWith('{\\rtf')) return undefined
  const decoder = new RtfDecoder(context)
  decoder.run(rtf)
  return decoder.body()
}

class RtfDecoder {
  readonly #context: Context
  readonly #groups: Group[] = []
  readonly #parts: string[] = []
  readonly #bytes: number[] = []
  readonly #fonts = new Map<number, string>()
  #font = -1
  #group: Group = { unseen: false, tag: false, rtfOnly: false, charset: 'windows-1252', skip: 1 }
  #fromHtml = false
  #star = false
  #toSkip = 0

  constructor(context: Context) {
    this.#context = context
  }

  body(): RtfBody {
    this.#flush()
    const text = this.#parts.join('')
    return this.#fromHtml ? { html: text, text: '' } : { html: undefined, text }
  }

  run(rtf: string): void {
    TOKEN.lastIndex = 0
    let count = 0
    for (let token = TOKEN.exec(rtf); token; token = TOKEN.exec(rtf)) {
      if ((++count & 0xfff) === 0) this.#context.checkTime()
      const [, word, number, hex, symbol, brace, text] = token
      if (brace !== undefined) this.#brace(brace)
      else if (word !== undefined)
        this.#word(word, number === undefined ? undefined : Number(number))
      else if (hex !== undefined) this.#byte(Number.parseInt(hex, 16))
      else if (symbol !== undefined) this.#symbol(symbol)
      else if (text !== undefined) this.#plain(text)
    }
  }

  #brace(brace: string): void {
    this.#flush()
    this.#toSkip = 0
    this.#star = false
    if (brace === '{' && this.#groups.length < MAX_GROUPS) this.#groups.push(this.#group)
    if (brace === '}') this.#group = this.#groups.pop() ?? this.#group
  }

  #set(change: Partial<Group>): void {
    this.#flush()
    this.#group = { ...this.#group, ...change }
  }

  #word(word: string, number: number | undefined): void {
    if (this.#star || UNSEEN.has(word)) return this.#destination(word)
    switch (word) {
      case 'fromhtml':
        this.#fromHtml = true
        return
      case 'htmlrtf':
        return this.#set({ rtfOnly: number !== 0 })
      case 'ansicpg':
        return this.#set({ charset: charsetOf(number ?? 1252) })
      case 'f':
        this.#font = number ?? 0
        return this.#set({ charset: this.#fonts.get(this.#font) ?? this.#group.charset })
      case 'fcharset':
        this.#fonts.set(this.#font, fontCharset(number ?? 0))
        return
      case 'uc':
        return this.#set({ skip: Math.min(10, Math.max(0, number ?? 1)) })
      case 'u':
        this.#flush()
        this.#put(String.fromCharCode((number ?? 0) & 0xffff))
        this.#toSkip = this.#group.skip
        return
      default: {
        const text = CHARACTERS[word]
        if (text !== undefined) this.#plain(text)
      }
    }
  }

  /** `{\*\htmltag64 <p>}` is a piece of the page; any other unknown destination is not shown. */
  #destination(word: string): void {
    this.#star = false
    if (word === 'htmltag') this.#set({ tag: true, unseen: false })
    else this.#set({ unseen: true })
  }

  #symbol(symbol: string): void {
    if (symbol === '*') this.#star = true
    else if (symbol === '~') this.#plain('\u00A0')
    else if (symbol === '\r' || symbol === '\n') this.#plain('\n')
    else if ('\\{}'.includes(symbol)) this.#plain(symbol)
  }

  #byte(byte: number): void {
    if (this.#toSkip > 0) this.#toSkip--
    else if (this.#isShown()) this.#bytes.push(byte)
  }

  #plain(text: string): void {
    const rest = text.slice(this.#toSkip)
    this.#toSkip = Math.max(0, this.#toSkip - text.length)
    if (rest === '' || !this.#isShown()) return
    // The second byte of a Shift_JIS letter may be a plain letter.
    const joined =
      this.#bytes.length > 0 && this.#group.charset === 'shift_jis' && isLead(this.#bytes)
    if (joined && rest.charCodeAt(0) < 0x80) {
      this.#bytes.push(rest.charCodeAt(0))
      this.#flush()
      this.#put(rest.slice(1))
    } else {
      this.#flush()
      this.#put(rest)
    }
  }

  #isShown(): boolean {
    const { unseen, rtfOnly, tag } = this.#group
    return !unseen && (!this.#fromHtml || tag || !rtfOnly)
  }

  #put(text: string): void {
    if (this.#isShown()) this.#parts.push(text)
  }

  #flush(): void {
    if (this.#bytes.length === 0) return
    const bytes = Uint8Array.from(this.#bytes)
    this.#bytes.length = 0
    this.#put(new TextDecoder(this.#group.charset).decode(bytes))
  }
}

const CHARACTERS: Readonly<Record<string, string>> = {
  par: '\n',
  line: '\n',
  tab: '\t',
  lquote: '\u2018',
  rquote: '\u2019',
  ldblquote: '\u201C',
  rdblquote: '\u201D',
  bullet: '\u2022',
  endash: '\u2013',
  emdash: '\u2014',
}

function fontCharset(charset: number): string {
  const codepages: Readonly<Record<number, number>> = { 128: 932, 129: 949, 134: 936, 136: 950 }
  return charsetOf(codepages[charset] ?? 1252)
}

/** Whether the run ends with the first byte of a two-byte letter. */
function isLead(bytes: readonly number[]): boolean {
  let lead = false
  for (const byte of bytes)
    lead = !lead && ((byte >= 0x81 && byte <= 0x9f) || (byte >= 0xe0 && byte <= 0xfc))
  return lead
}
