import { refuse } from '../family.ts'
import type { Scanner } from './scanner.ts'
import type { Strings } from './strings.ts'

/** A list of parameters (ISO 10303-21 §6.4), or one of them. */
export type Parameter =
  /** A number, name, reference, enumeration or placeholder, as it is written. */
  | { readonly kind: 'plain'; readonly text: string }
  /** Bytes between quotes, as they stand. */
  | { readonly kind: 'string'; readonly raw: string }
  | { readonly kind: 'list'; readonly items: Parameters }
  | { readonly kind: 'typed'; readonly name: string; readonly items: Parameters }
export type Parameters = readonly Parameter[]

/** Lists in lists. Real schemas have four. */
const MAX_DEPTH = 32
/** Parameters of one instance. */
const MAX_PARAMETERS = 5_000_000

/** Reads `(…)`; `skip` takes white space and comments. */
export function readParameters(scanner: Scanner, skip: () => void): Parameters {
  return new ParameterReader(scanner, skip).list(1)
}

class ParameterReader {
  readonly #scanner: Scanner
  readonly #skip: () => void
  #count = 0

  constructor(scanner: Scanner, skip: () => void) {
    this.#scanner = scanner
    this.#skip = skip
  }

  list(depth: number): Parameters {
    if (depth > MAX_DEPTH || !this.#scanner.takes('(')) refuse('CAD-TOKEN')
    const items: Parameter[] = []
    this.#skip()
    if (this.#scanner.takes(')')) return items
    for (;;) {
      if (++this.#count > MAX_PARAMETERS) refuse('CAD-TOKEN')
      this.#skip()
      items.push(this.#parameter(depth))
      this.#skip()
      if (this.#scanner.takes(')')) return items
      if (!this.#scanner.takes(',')) refuse('CAD-TOKEN')
    }
  }

  #parameter(depth: number): Parameter {
    const scanner = this.#scanner
    if (scanner.sees('(')) return { kind: 'list', items: this.list(depth + 1) }
    if (scanner.takes("'")) return { kind: 'string', raw: this.#string() }
    if (scanner.takes('"')) return { kind: 'plain', text: this.#binary() }
    const text = scanner.while(isPlain, 128)
    this.#skip()
    if (/^!?[A-Za-z_][A-Za-z0-9_]*$/.test(text) && scanner.sees('(')) {
      return { kind: 'typed', name: text.toUpperCase(), items: this.list(depth + 1) }
    }
    return { kind: 'plain', text: canonical(text) }
  }

  /** Two quotes are one; a string may go on in the next line. */
  #string(): string {
    let raw = this.#scanner.quoted("'")
    while (this.#scanner.takes("'")) raw += `''${this.#scanner.quoted("'")}`
    return raw.replace(/[\r\n]/g, '')
  }

  #binary(): string {
    const digits = this.#scanner.quoted('"').replace(/\s/g, '').toUpperCase()
    if (!/^[0-3][0-9A-F]*$/.test(digits)) refuse('CAD-TOKEN')
    return `"${digits}"`
  }
}

function isPlain(byte: number): boolean {
  return byte > 0x20 && byte < 0x7f && !PUNCTUATION.has(byte)
}

/** `" ' ( ) , / ;` */
const PUNCTUATION: ReadonlySet<number> = new Set([0x22, 0x27, 0x28, 0x29, 0x2c, 0x2f, 0x3b])

function canonical(text: string): string {
  const upper = text.toUpperCase().replace(/^\+/, '')
  if (text === '$' || text === '*' || /^#[0-9]{1,18}$/.test(text)) return text
  if (/^\.[A-Z_][A-Z0-9_]*\.$/.test(upper)) return upper
  if (/^-?[0-9]+(?:\.[0-9]*)?(?:E[+-]?[0-9]{1,4})?$/.test(upper)) return upper
  // Some writers leave the digit before the point out.
  if (/^-?\.[0-9]+(?:E[+-]?[0-9]{1,4})?$/.test(upper)) return upper.replace('.', '0.')
  return refuse('CAD-TOKEN')
}

export function writeParameters(parameters: Parameters, name: string, strings: Strings): string {
  return `(${parameters.map((one) => writeParameter(one, name, strings)).join(',')})`
}

function writeParameter(parameter: Parameter, name: string, strings: Strings): string {
  if (parameter.kind === 'plain') return parameter.text
  if (parameter.kind === 'string') return `'${strings.instance(parameter.raw, name)}'`
  const list = writeParameters(parameter.items, name, strings)
  return parameter.kind === 'typed' ? parameter.name + list : list
}
