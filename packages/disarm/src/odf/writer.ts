import type { XmlAttribute } from '../xml/read.ts'
import { XML_NAMESPACE } from '../xml/read.ts'
import { XML_HEADER, escapeText, escapeValue } from '../xml/write.ts'
import { NAMESPACES, PREFIXES } from './namespaces.ts'

/** Takes the text from the first child of the root on, in order; then what stands before it. */
export interface Sink<Output> {
  text(piece: string): void
  /** The same in binary text: one character per byte of UTF-8. */
  binary(piece: string): void
  end(head: string): Output
}

/** Keeps everything as bytes, in one place. A member of a package is packed on the way instead, by `Deflater`. */
export class PlainSink implements Sink<Uint8Array> {
  #bytes: Buffer
  #end = ROOM

  /** @param expected how much there may be; more is taken, too */
  constructor(expected: number) {
    this.#bytes = Buffer.allocUnsafe(ROOM + expected + (expected >> 4))
  }

  text(piece: string): void {
    this.#reserve(Buffer.byteLength(piece))
    this.#end += this.#bytes.write(piece, this.#end)
  }

  binary(piece: string): void {
    this.#reserve(piece.length)
    this.#end += this.#bytes.write(piece, this.#end, 'latin1')
  }

  end(head: string): Uint8Array {
    const first = Buffer.from(head)
    if (first.length > ROOM) return Buffer.concat([first, this.#bytes.subarray(ROOM, this.#end)])
    first.copy(this.#bytes, ROOM - first.length)
    return this.#bytes.subarray(ROOM - first.length, this.#end)
  }

  #reserve(more: number): void {
    if (this.#end + more <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.ceil((this.#end + more) * 1.25))
    this.#bytes.copy(larger, 0, 0, this.#end)
    this.#bytes = larger
  }
}

/** Bytes for what stands before everything else and is known last. */
const ROOM = 16 * 1024

/**
 * Writes one XML entity as a stream, so that a table of a million cells is never a tree. Start tags wait for what follows,
 * because an element without content is one tag; the root waits to the end, because it declares the namespaces that were used.
 */
export class XmlWriter<Output> {
  readonly #sink: Sink<Output>
  readonly #open: string[] = []
  readonly #used = new Set<string>()
  #root: { readonly name: string; readonly attributes: string } | undefined
  #body = ''
  #pending = false
  #sent = false

  constructor(sink: Sink<Output>) {
    this.#sink = sink
  }

  /** @param prefix one of `NAMESPACES` */
  open(prefix: string, local: string, attributes: readonly XmlAttribute[]): void {
    this.#fill()
    this.use(prefix)
    const name = `${prefix}:${local}`
    let written = ''
    for (const { uri, local: own, value } of attributes)
      written += ` ${this.#qualified(uri, own)}="${escapeValue(value)}"`
    if (this.#open.length === 0) this.#root = { name, attributes: written }
    else {
      this.#emit(`<${name}${written}`)
      this.#pending = true
    }
    this.#open.push(name)
  }

  close(): void {
    const name = this.#open.pop()
    if (this.#open.length === 0) return
    this.#emit(this.#pending ? '/>' : `</${name}>`)
    this.#pending = false
  }

  text(text: string): void {
    if (text === '') return
    this.#fill()
    this.#emit(escapeText(text))
  }

  /** Children of the element that is open, as they are written, in binary text. */
  passed(binary: string): void {
    this.#fill()
    if (this.#body !== '') this.#sink.text(this.#body)
    this.#body = ''
    this.#sink.binary(binary)
    this.#sent = true
  }

  /** A prefix that only a value uses, e.g. that of a formula. */
  use(prefix: string): void {
    this.#used.add(prefix)
  }

  /** Tells the sink what stands before everything; `undefined` when there was no root. */
  finish(): Output | undefined {
    if (!this.#root) return undefined
    const { name, attributes } = this.#root
    let declared = ''
    for (const [prefix, uri] of NAMESPACES) {
      if (this.#used.has(prefix)) declared += ` xmlns:${prefix}="${escapeValue(uri)}"`
    }
    const empty = !this.#sent && this.#body === ''
    if (!empty) this.#sink.text(`${this.#body}</${name}>`)
    return this.#sink.end(`${XML_HEADER}<${name}${declared}${attributes}${empty ? '/>' : '>'}`)
  }

  #qualified(uri: string, local: string): string {
    if (uri === '') return local
    if (uri === XML_NAMESPACE) return `xml:${local}`
    const prefix = PREFIXES.get(uri)
    if (prefix === undefined) throw new Error('attribute of a namespace without a prefix')
    this.use(prefix)
    return `${prefix}:${local}`
  }

  #fill(): void {
    if (!this.#pending) return
    this.#emit('>')
    this.#pending = false
  }

  /** One long string of small appends stays cheap in pieces. */
  #emit(text: string): void {
    this.#body += text
    if (this.#body.length < PIECE) return
    this.#sink.text(this.#body)
    this.#sent = true
    this.#body = ''
  }
}

const PIECE = 1 << 16
