import type { CadText } from './cad-text.ts'
import { leavesFolder } from './cad-text.ts'

/** Lists in lists. */
const MAX_DEPTH = 32
const MAX_SECTIONS = 100
const FILE_NAME =
  /^FILE_NAME\('(.*)','1980-01-01T00:00:00',\(''\),\(''\),'((?:[A-Za-z0-9_ .$-]{1,64})?)','',''\);$/u
const NUMBER = /-?[0-9]+(?:\.[0-9]*)?(?:E[+-]?[0-9]{1,4})?/uy
const REFERENCE = /#[0-9]{1,18}/uy
const ENUMERATION = /\.[A-Z_][A-Z0-9_]*\./uy
const BINARY = /"[0-3][0-9A-F]*"/uy
const KEYWORD = /!?[A-Z_][A-Z0-9_]{0,127}/uy
/** What a string spells otherwise than it is read: escapes, and quotes and backslashes, which stand twice. */
const SPELLED = /''|\\\\|\\X\\[0-9A-Fa-f]{2}|\\X[24]\\[0-9A-Fa-f]{0,8000}\\X0\\/gu
const ESCAPE = /\\X\\[0-9A-Fa-f]{2}|\\X[24]\\[0-9A-Fa-f]{0,8000}\\X0\\/gu
const UNSHOWN = /[\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/u
/** Instances whose texts are drawn, and those that only name people. */
const DRAWN = /^(?:TEXT_LITERAL|ANNOTATION_TEXT|DRAUGHTING_TITLE|COMPOSITE_TEXT)/u
const DRAWN_FEATURES = /^(?:text_string|label|balloon|[a-z]+_dim|drawing_attribute)_feature$/u
const PEOPLE = new Set(
  'PERSON ORGANIZATION PERSONAL_ADDRESS ORGANIZATIONAL_ADDRESS ADDRESS'.split(' '),
)

/** Accepts an exchange structure in which each statement is one line without white space, and each comment a feature of SXF. */
export function verifyExchange(text: CadText): void {
  const longest = Number.MAX_SAFE_INTEGER
  text.must(text.line() === 'ISO-10303-21;' && text.line() === 'HEADER;')
  for (let line = text.line(longest); line !== 'ENDSEC;'; line = text.line(longest)) {
    if (line.startsWith('FILE_NAME(')) verifyFileName(text, line)
    else {
      text.must(/^FILE_(?:DESCRIPTION|SCHEMA)\(/u.test(line))
      new Statement(text, line).header()
    }
  }
  for (let sections = 0; ; sections++) {
    const line = text.line(longest)
    if (line === 'END-ISO-10303-21;') break
    text.must(sections < MAX_SECTIONS && /^DATA[(;]/u.test(line))
    if (line !== 'DATA;') new Statement(text, line).header()
    for (let next = text.line(longest); next !== 'ENDSEC;'; next = text.line(longest)) {
      if (next.startsWith('/*')) verifyFeature(text, next)
      else new Statement(text, next).instance()
    }
  }
  text.must(text.done, 'TRAILING')
}

function verifyFileName(text: CadText, line: string): void {
  const [, name] = FILE_NAME.exec(line) ?? []
  text.must(name !== undefined)
  new Statement(text, `'${name}'`).whole()
  text.must(!/[\\/:]/u.test(meaning(text.letters(name))), 'CAD-PATH')
}

/** `/*SXF`, the feature, `SXF*\/`: three lines. */
function verifyFeature(text: CadText, first: string): void {
  const [, tag] = /^\/\*(SXF[0-9.]{0,8})$/u.exec(first) ?? []
  text.must(tag !== undefined)
  const line = text.line(Number.MAX_SAFE_INTEGER)
  text.must(!line.includes('*/') && !line.includes('/*'))
  const [head, name] = /^#[0-9]{1,18} = ([a-z][a-z_]{0,60}_feature)\(/u.exec(line) ?? []
  text.must(head !== undefined && name !== undefined)
  new Statement(text, line, head.length).feature(name)
  text.must(text.line() === `${tag}*/`)
}

/** One line, read from its beginning to its end. */
class Statement {
  readonly #text: CadText
  readonly #line: string
  #at: number

  constructor(text: CadText, line: string, at = 0) {
    this.#text = text
    this.#line = line
    this.#at = at
  }

  header(): void {
    const name = this.#match(KEYWORD)
    this.#list(name, 1)
    this.#end()
  }

  instance(): void {
    this.#match(REFERENCE)
    this.#take('=')
    if (this.#line[this.#at] === '(') {
      this.#at++
      for (let count = 0; this.#line[this.#at] !== ')'; count++) {
        this.#must(count <= 64)
        this.#list(this.#match(KEYWORD), 1)
      }
      this.#at++
    } else this.#list(this.#match(KEYWORD), 1)
    this.#end()
  }

  /** A single string. */
  whole(): void {
    this.#string('FILE_NAME')
    this.#must(this.#at === this.#line.length)
  }

  feature(name: string): void {
    if (this.#line[this.#at] === ')') this.#at++
    else {
      for (let count = 0; ; count++) {
        this.#must(count < 10_000)
        this.#value(name)
        const next = this.#line[this.#at++]
        if (next === ')') break
        this.#must(next === ',')
      }
    }
    this.#must(this.#at === this.#line.length)
  }

  /** Numbers in plain quotes without white space; a text in either quotes, and in the second where it ends in a backslash. */
  #value(name: string): void {
    const long = this.#line.startsWith("\\'", this.#at)
    this.#take(long ? "\\'" : "'")
    const raw = this.#quoted(long ? "\\'" : "'")
    if (!long && /^[-+0-9.eE,()\s]*$/u.test(raw)) {
      this.#must(!/\s/u.test(raw))
      return
    }
    this.#must(long ? !raw.includes("\\'") : !raw.endsWith('\\'))
    if (!DRAWN_FEATURES.test(name))
      this.#text.must(!leavesFolder(this.#text.letters(raw)), 'CAD-PATH')
  }

  #must(condition: boolean): asserts condition {
    this.#text.must(condition)
  }

  #take(characters: string): void {
    this.#must(this.#line.startsWith(characters, this.#at))
    this.#at += characters.length
  }

  #end(): void {
    this.#take(';')
    this.#must(this.#at === this.#line.length)
  }

  #match(form: RegExp): string {
    form.lastIndex = this.#at
    const [found] = form.exec(this.#line) ?? []
    this.#must(found !== undefined)
    this.#at += found.length
    return found
  }

  #list(name: string, depth: number): void {
    this.#must(depth <= MAX_DEPTH)
    this.#take('(')
    if (this.#line[this.#at] === ')') {
      this.#at++
      return
    }
    for (;;) {
      this.#parameter(name, depth)
      const next = this.#line[this.#at++]
      if (next === ')') return
      this.#must(next === ',')
    }
  }

  #parameter(name: string, depth: number): void {
    const first = this.#line[this.#at] ?? ''
    if (first === '(') this.#list(name, depth + 1)
    else if (first === "'") this.#string(name)
    else if (first === '$' || first === '*') this.#at++
    else if (first === '#') this.#match(REFERENCE)
    else if (first === '.') this.#match(ENUMERATION)
    else if (first === '"') this.#match(BINARY)
    else if (/[-0-9]/u.test(first)) this.#match(NUMBER)
    else {
      this.#match(KEYWORD)
      this.#list(name, depth + 1)
    }
  }

  #string(name: string): void {
    this.#take("'")
    let raw = this.#quoted("'")
    while (this.#line[this.#at] === "'") {
      this.#at++
      raw += `''${this.#quoted("'")}`
    }
    this.#must(!PEOPLE.has(name) || raw === '')
    for (const [escape] of raw.matchAll(ESCAPE)) {
      const shown = character(escape)
      this.#must(shown !== '' && !UNSHOWN.test(shown))
    }
    if (DRAWN.test(name) || name === 'FILE_NAME') return
    const letters = this.#text.letters(raw)
    this.#text.must(!leavesFolder(letters) && !leavesFolder(meaning(letters)), 'CAD-PATH')
  }

  /** Up to the quote; in CP932 a quote is never a part of a letter, a backslash may be. */
  #quoted(end: string): string {
    const from = this.#at
    while (this.#at < this.#line.length) {
      if (this.#text.doubleByte && isLead(this.#line, this.#at)) this.#at += 2
      else if (this.#line.startsWith(end, this.#at)) {
        this.#at += end.length
        return this.#line.slice(from, this.#at - end.length)
      } else this.#at++
    }
    this.#must(false)
    return ''
  }
}

function isLead(line: string, at: number): boolean {
  const first = line.charCodeAt(at)
  const lead = (first >= 0x81 && first <= 0x9f) || (first >= 0xe0 && first <= 0xfc)
  return lead && line.charCodeAt(at + 1) >= 0x40
}

/** What a string says: escapes, double backslashes and double quotes read. */
function meaning(letters: string): string {
  return letters.replaceAll(SPELLED, character)
}

function character(escape: string): string {
  if (escape.length === 2) return escape.slice(1)
  if (escape.startsWith('\\X\\')) return String.fromCodePoint(Number.parseInt(escape.slice(3), 16))
  const width = escape.startsWith('\\X2') ? 4 : 8
  const digits = escape.slice(4, -4)
  const codes = digits.match(width === 4 ? /[0-9A-Fa-f]{4}/gu : /[0-9A-Fa-f]{8}/gu) ?? []
  const numbers = codes.map((code) => Number.parseInt(code, 16))
  if (digits.length % width !== 0 || numbers.some((one) => one > 0x10ffff)) return ''
  return numbers.map((one) => String.fromCodePoint(one)).join('')
}
