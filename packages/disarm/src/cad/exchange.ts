import type { Context } from '../family.ts'
import { refuse } from '../family.ts'
import { readComment } from './feature.ts'
import { headerText } from './header.ts'
import { Output } from './output.ts'
import type { Parameters } from './parameter.ts'
import { readParameters, writeParameters } from './parameter.ts'
import { Scanner } from './scanner.ts'
import type { Source } from './source.ts'
import { Strings } from './strings.ts'

/** Exchange structures hold one or a few data sections. */
const MAX_SECTIONS = 100

/**
 * P21 and SFC (ISO 10303-21, "exchange structure"): header, data sections of instances, and in Japan the features of SXF in comments.
 * References and signatures of the third edition name files elsewhere and go.
 */
export function rebuildExchange(source: Source, context: Context): Uint8Array {
  const output = new Output(context.limits.outputBytes)
  new Exchange(new Scanner(source), output, context).run()
  return output.bytes()
}

class Exchange {
  readonly #scanner: Scanner
  readonly #output: Output
  readonly #context: Context
  readonly #strings: Strings
  #statements = 0

  constructor(scanner: Scanner, output: Output, context: Context) {
    this.#scanner = scanner
    this.#output = output
    this.#context = context
    this.#strings = new Strings(scanner.encoding, context)
  }

  run(): void {
    this.#expect('ISO-10303-21;')
    this.#output.put('ISO-10303-21;\r\n')
    this.#expect('HEADER;')
    this.#header()
    for (let sections = 0; ; sections++) {
      this.#skip()
      if (this.#takesWord('END-ISO-10303-21')) break
      if (sections >= MAX_SECTIONS) refuse('CAD-TOKEN')
      if (this.#takesWord('DATA')) this.#data()
      else this.#dropSection()
    }
    this.#output.put('END-ISO-10303-21;\r\n')
    this.#scanner.space()
    if (!this.#scanner.done) this.#context.removed('CAD-TOKEN', 'trailer')
  }

  /** Takes `NAME` and the white space and semicolon behind it; a data section may have parameters instead. */
  #takesWord(name: string): boolean {
    if (!this.#scanner.takes(name)) return false
    if (name === 'DATA' && this.#scanner.sees('(')) return true
    this.#scanner.expect(';')
    return true
  }

  #expect(words: string): void {
    this.#skip()
    const [word] = words.split(';')
    if (!this.#scanner.takes(word!)) refuse('CAD-TOKEN')
    this.#scanner.expect(';')
  }

  #header(): void {
    this.#output.put('HEADER;\r\n')
    for (;;) {
      this.#skip()
      if (this.#takesWord('ENDSEC')) break
      const name = this.#keyword()
      const parameters = this.#parameters()
      this.#scanner.expect(';')
      const text = headerText(name, parameters, this.#strings, this.#context)
      if (text !== undefined) this.#output.put(`${name}${text};\r\n`)
    }
    this.#output.put('ENDSEC;\r\n')
  }

  #data(): void {
    this.#output.put('DATA')
    if (this.#scanner.sees('(')) {
      this.#output.put(writeParameters(this.#parameters(), 'DATA', this.#strings))
      this.#scanner.expect(';')
    }
    this.#output.put(';\r\n')
    for (;;) {
      this.#comments()
      if (this.#takesWord('ENDSEC')) break
      this.#instance()
    }
    this.#output.put('ENDSEC;\r\n')
  }

  /** `#12=NAME(…);`, or several names in parentheses. */
  #instance(): void {
    const scanner = this.#scanner
    if ((++this.#statements & 0xff) === 0) this.#context.checkTime()
    scanner.expect('#')
    const id = scanner.while(isDigit, 18)
    scanner.expect('=')
    this.#skip()
    if (id === '') refuse('CAD-TOKEN')
    this.#output.put(`#${id}=`)
    if (scanner.takes('(')) this.#complex()
    else this.#record()
    scanner.expect(';')
    this.#output.put(';\r\n')
  }

  #complex(): void {
    this.#output.put('(')
    for (let count = 0; ; count++) {
      this.#skip()
      if (this.#scanner.takes(')')) break
      if (count > 64) refuse('CAD-TOKEN')
      this.#record()
    }
    this.#output.put(')')
  }

  #record(): void {
    const name = this.#keyword()
    this.#output.put(name + writeParameters(this.#parameters(), name, this.#strings))
  }

  #keyword(): string {
    const name = this.#scanner.while(isKeyword, 128)
    if (!/^!?[A-Za-z_][A-Za-z0-9_]*$/.test(name)) refuse('CAD-TOKEN')
    return name.toUpperCase()
  }

  #parameters(): Parameters {
    this.#skip()
    return readParameters(this.#scanner, () => this.#skip())
  }

  /** White space and comments, of which none is kept. */
  #skip(): void {
    for (;;) {
      this.#scanner.space()
      if (!this.#scanner.takes('/*')) return
      this.#scanner.until('*/')
      this.#context.removed('CAD-TOKEN', 'comment')
    }
  }

  /** White space, features, and other comments, of which none is kept. */
  #comments(): void {
    for (;;) {
      this.#scanner.space()
      if (!this.#scanner.takes('/*')) return
      if ((++this.#statements & 0xff) === 0) this.#context.checkTime()
      const text = readComment(this.#scanner, this.#strings)
      if (text === undefined) this.#context.removed('CAD-TOKEN', 'comment')
      else this.#output.put(text)
    }
  }

  /** ANCHOR, REFERENCE, SIGNATURE: up to the word that ends each. */
  #dropSection(): void {
    const name = this.#keyword()
    if (!['ANCHOR', 'REFERENCE', 'SIGNATURE'].includes(name)) refuse('CAD-TOKEN')
    this.#scanner.until('ENDSEC')
    this.#scanner.expect(';')
    this.#context.removed('CAD-TOKEN', 'section')
  }
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

function isKeyword(byte: number): boolean {
  const letter = (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)
  return letter || isDigit(byte) || byte === 0x5f || byte === 0x21
}
