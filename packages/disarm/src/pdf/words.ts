import type { Context } from '../family.ts'
import { openFile } from './file.ts'
import type { PdfFile } from './file.ts'
import { skipInlineImage } from './inline-image.ts'
import { isKeyword, Lexer, SyntaxFault } from './lexer.ts'
import type { Token } from './lexer.ts'
import { isDictionary, isList, isName, isStream, isText } from './objects.ts'
import type { Stream, Value } from './objects.ts'
import { readPages } from './page-tree.ts'
import { readFont } from './word-font.ts'
import type { WordFont } from './word-font.ts'

/** Forms in forms. */
const MAX_DEPTH = 16

/**
 * What the pages of a PDF say, in the order of painting and without layout: for comparing a file with its rebuilt copy. Codes without a known
 * meaning stand for themselves, so that they compare, too. Each form is read once, however often it is painted.
 *
 * @returns `undefined` when there are no pages. May throw `Refusal`.
 */
export function wordsOfPdf(bytes: Uint8Array, context: Context): string | undefined {
  const file = openFile(bytes, context)
  const catalog = file.resolve(file.trailer.entries.get('Root'))
  const pages = isDictionary(catalog) ? readPages(file, catalog) : []
  if (pages.length === 0) return undefined
  const reader = new WordReader(file, context)
  for (const { dictionary } of pages) {
    const content = file.resolve(dictionary.entries.get('Contents'))
    const parts = isList(content) ? content.items.map((item) => file.resolve(item)) : [content]
    reader.read(reader.bytesOf(parts), dictionary.entries.get('Resources') ?? null, 0)
    reader.words.push('\n')
  }
  return reader.words.join('')
}

type Entries = ReadonlyMap<string, Value>

class WordReader {
  readonly words: string[] = []
  readonly #file: PdfFile
  readonly #context: Context
  readonly #fonts = new Map<Value, WordFont>()
  readonly #forms = new Set<Stream>()

  constructor(file: PdfFile, context: Context) {
    this.#file = file
    this.#context = context
  }

  bytesOf(parts: readonly Value[]): Uint8Array {
    const pieces = parts.flatMap((part) => [this.#decode(part), Uint8Array.of(10)])
    return Buffer.concat(pieces)
  }

  read(content: Uint8Array, resources: Value, depth: number): void {
    const lexer = new Lexer(content, 0, { references: false })
    let operands: Value[] = []
    let font: WordFont | undefined
    for (let count = 1; ; count += 1) {
      const token = next(lexer)
      if (token === undefined) return
      if (count % 4096 === 0) this.#context.checkTime()
      if (!isKeyword(token)) {
        if (operands.length < 40) operands.push(token)
        continue
      }
      if (token.word === 'BI') skipInlineImage(lexer)
      if (token.word === 'Tf') font = this.#font(operands.at(-2), resources)
      if (token.word === 'Do') this.#form(operands.at(-1), resources, depth)
      if (SHOWS.has(token.word)) this.#show(operands.at(-1), font)
      operands = []
    }
  }

  #show(value: Value | undefined, font: WordFont | undefined): void {
    const texts = isList(value) ? value.items.filter(isText) : isText(value) ? [value] : []
    for (const { bytes } of texts) this.words.push(font ? font.words(bytes) : '')
    this.words.push(' ')
  }

  #font(called: Value | undefined, resources: Value): WordFont | undefined {
    const dictionary = this.#resource('Font', called, resources)
    const known = this.#fonts.get(dictionary)
    if (known || !isDictionary(dictionary)) return known
    const font = readFont(dictionary, this.#file.resolve, (value) => this.#decode(value))
    this.#fonts.set(dictionary, font)
    return font
  }

  #form(called: Value | undefined, resources: Value, depth: number): void {
    const form = this.#resource('XObject', called, resources)
    if (!isStream(form) || depth > MAX_DEPTH || this.#forms.has(form)) return
    const { entries } = form.dictionary
    if (!isName(this.#file.resolve(entries.get('Subtype')), 'Form')) return
    this.#forms.add(form)
    this.read(this.#decode(form), entries.get('Resources') ?? resources, depth + 1)
  }

  #resource(category: string, called: Value | undefined, resources: Value): Value {
    const map = this.#entries(this.#entries(resources).get(category))
    return isName(called) ? this.#file.resolve(map.get(called.value)) : null
  }

  #entries(value: Value | undefined): Entries {
    const found = this.#file.resolve(value)
    return isDictionary(found) ? found.entries : NOTHING
  }

  /** What cannot be decoded says nothing. */
  #decode(value: Value): Uint8Array {
    try {
      const decoded = isStream(value) ? this.#file.decode(value) : undefined
      return decoded && decoded.filter === undefined ? decoded.bytes : new Uint8Array()
    } catch (fault) {
      if (fault instanceof SyntaxFault) return new Uint8Array()
      throw fault
    }
  }
}

const NOTHING: Entries = new Map()
const SHOWS: ReadonlySet<string> = new Set(['Tj', 'TJ', "'", '"'])

/** The next token; a broken one costs one byte. */
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
