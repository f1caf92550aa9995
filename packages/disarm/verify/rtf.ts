import type { Budget } from './budget.ts'
import { FIELDS } from './ooxml-tables.ts'
import { isPicture, verifyPicture } from './picture.ts'
import { demand } from './rejection.ts'
import {
  ARRAY_PROPERTIES,
  FORMULA_GROUPS,
  FORM_NUMBERS,
  FORM_TEXTS,
  FRAME_FLAGS,
  FRAME_NUMBERS,
  NAMES,
  NUMBER_PROPERTIES,
  OPEN_GROUPS,
  PICTURE_PROPERTIES,
  STARRED_GROUPS,
  TEXT_PROPERTIES,
} from './rtf-groups.ts'
import { pictureFile } from './rtf-picture.ts'
import { RtfReader } from './rtf-reader.ts'
import { TABLES, text } from './rtf-tables.ts'
import { wordAllowed } from './rtf-words.ts'
import { urlAllowed } from './url.ts'

/** Groups inside groups. */
const MAX_DEPTH = 100
const HEADER: readonly (readonly [word: string, parameter: number | undefined])[] = [
  ['rtf', 1],
  ['ansi', undefined],
  ['ansicpg', 1252],
  ['uc', 1],
]
/** UTF-16 units of one field instruction. */
const MAX_INSTRUCTION = 32_768

/** Accepts RTF in the form the disarmer writes (grammar, "RTF"): one spelling, and no group or word that is not on a list. */
export function verifyRtf(bytes: Uint8Array, budget: Budget, where: string): void {
  budget.spend(bytes.length, where)
  const reader: RtfReader = new RtfReader(bytes, where)
  reader.must(reader.next().kind === 'open')
  for (const [word, parameter] of HEADER) {
    const part = reader.next()
    reader.must(part.kind === 'word' && part.word === word && part.parameter === parameter)
  }
  new Grammar(reader, budget, where).flow('document', 1)
  demand(reader.next().kind === 'end', 'VERIFY-TRAILING', where)
}

type Story = 'document' | 'text' | 'style'

class Grammar {
  readonly #reader: RtfReader
  readonly #budget: Budget
  readonly #where: string

  constructor(reader: RtfReader, budget: Budget, where: string) {
    this.#reader = reader
    this.#budget = budget
    this.#where = where
  }

  /**
   * Text, words and groups up to and with the closing brace.
   * @returns how many parts there were
   */
  flow(story: Story, depth: number): number {
    const reader: RtfReader = this.#reader
    for (let count = 0; ; count++) {
      const part = reader.peek()
      if (part.kind === 'text') {
        text(reader, '')
        continue
      }
      reader.next()
      if (part.kind === 'close') return count
      if (part.kind === 'open') this.#group(story, depth + 1)
      else if (part.kind === 'word') this.#rule(wordAllowed(part.word, part.parameter), 'WORD')
      else reader.must(part.kind === 'symbol')
    }
  }

  /** A group whose brace was read: by its first word, or a plain one. */
  #group(story: Story, depth: number): void {
    const reader: RtfReader = this.#reader
    this.#rule(depth <= MAX_DEPTH, 'DEPTH')
    const first = reader.peek()
    const star = first.kind === 'star'
    if (star) reader.next()
    const part = reader.peek()
    const word = part.kind === 'word' ? part.word : ''
    if (story === 'style') this.#plain('style', depth, star)
    else if (story === 'document' && depth === 2 && this.#table(word, star)) return
    else if (!this.#known(word, star, depth)) this.#plain('text', depth, star)
  }

  /** @returns whether `word` is a destination; if so it has been read */
  #known(word: string, star: boolean, depth: number): boolean {
    const rich = star ? STARRED_GROUPS.has(word) : OPEN_GROUPS.has(word)
    if (rich || FORMULA_GROUPS.has(word)) this.#rich(word, depth)
    else if (star && NAMES.has(word)) this.#name()
    else if (!star && word === 'field') this.#field(depth)
    else if (!star && word === 'pict') this.#picture(depth)
    else if (star && word === 'shppict') this.#pictures(depth)
    else if (!star && (word === 'shp' || word === 'shpgrp')) this.#shape(depth)
    else return false
    return true
  }

  #plain(story: Story, depth: number, star: boolean): void {
    this.#rule(!star, 'DESTINATION')
    const first = this.#reader.peek()
    this.#reader.must(first.kind !== 'close')
    this.flow(story, depth)
  }

  #rich(word: string, depth: number): void {
    const part = this.#reader.next()
    this.#reader.must(part.kind === 'word')
    const { parameter } = part
    const level = parameter !== undefined && parameter >= 1 && parameter <= 9
    this.#reader.must(word === 'pnseclvl' ? level : parameter === undefined)
    this.#filled()
    this.flow('text', depth)
  }

  #filled(): void {
    this.#reader.must(this.#reader.peek().kind !== 'close')
  }

  #rule(condition: boolean, name: string): asserts condition {
    demand(condition, `VERIFY-RTF-${name}`, this.#where)
  }

  #table(word: string, star: boolean): boolean {
    if (!star && word === 'stylesheet') {
      this.#flag('stylesheet')
      this.#styles()
      return true
    }
    const table = TABLES.get(word)
    if (table?.star !== star) return false
    this.#flag(word)
    table.read(this.#reader, () => this.#bullet())
    return true
  }

  #flag(word: string): void {
    const part = this.#reader.next()
    this.#reader.must(part.kind === 'word' && part.word === word && part.parameter === undefined)
  }

  #styles(): void {
    const reader: RtfReader = this.#reader
    let count = 0
    for (let part = reader.next(); part.kind !== 'close'; part = reader.next(), count++) {
      reader.must(part.kind === 'open')
      if (reader.peek().kind === 'star') {
        reader.next()
        const word = reader.peek()
        this.#rule(word.kind === 'word' && /^(?:s|cs|ts|ds)$/u.test(word.word), 'DESTINATION')
      }
      this.#filled()
      this.flow('style', 3)
    }
    reader.must(count > 0)
  }

  #name(): void {
    this.#reader.next()
    this.#reader.must(text(this.#reader, '') !== '')
    this.#reader.must(this.#reader.next().kind === 'close')
  }

  /** `{\field{\*\fldinst …}{\fldrslt …}}` */
  #field(depth: number): void {
    const reader: RtfReader = this.#reader
    this.#flag('field')
    this.#rule(depth + 2 <= MAX_DEPTH, 'DEPTH')
    reader.must(reader.next().kind === 'open' && reader.next().kind === 'star')
    this.#flag('fldinst')
    this.#instruction(depth + 1)
    const part = reader.next()
    if (part.kind === 'close') return
    reader.must(part.kind === 'open')
    this.#flag('fldrslt')
    this.#filled()
    this.flow('text', depth + 1)
    reader.must(reader.next().kind === 'close')
  }

  /** Text, inner fields, and the box of a form at the end. */
  #instruction(depth: number): void {
    const reader: RtfReader = this.#reader
    let instruction = ''
    for (;;) {
      instruction += text(reader, '')
      const part = reader.next()
      if (part.kind === 'close') break
      reader.must(part.kind === 'open')
      if (reader.peek().kind === 'star') {
        this.#formField()
        reader.must(reader.next().kind === 'close')
        break
      }
      instruction += '\u0001'
      this.#field(depth + 1)
    }
    demand(instructionAllowed(instruction), 'VERIFY-FIELD', this.#where)
  }

  #formField(): void {
    const reader: RtfReader = this.#reader
    reader.next()
    this.#flag('formfield')
    this.#filled()
    for (let part = reader.next(); part.kind !== 'close'; part = reader.next()) {
      if (part.kind === 'word') {
        const { word, parameter } = part
        this.#rule(FORM_NUMBERS.has(word) && parameter !== undefined, 'WORD')
        reader.must(parameter >= 0 && parameter <= 0x7fff)
        continue
      }
      reader.must(part.kind === 'open' && reader.next().kind === 'star')
      const word = reader.peek()
      this.#rule(word.kind === 'word' && FORM_TEXTS.has(word.word), 'DESTINATION')
      reader.must(word.parameter === undefined)
      this.#name()
    }
  }

  /** A picture without properties. */
  #bullet(): void {
    this.#picture(MAX_DEPTH)
  }

  /** `{\pict … data}`: the data is a picture of exactly the form that the last word names. */
  #picture(depth: number): void {
    const reader: RtfReader = this.#reader
    this.#flag('pict')
    if (reader.peek().kind === 'open') {
      reader.next()
      reader.must(reader.next().kind === 'star')
      this.#flag('picprop')
      this.#filled()
      this.#shapeBody(depth + 1, false)
    }
    let last = -1
    for (;;) {
      const part = reader.next()
      reader.must(part.kind === 'word')
      const place = PICTURE_NUMBERS.findIndex(([word]) => word === part.word)
      if (place < 0) {
        const { type, file } = pictureFile(part.word, part.parameter, reader.data(), reader)
        reader.must(isPicture(type))
        verifyPicture(file, type, this.#budget, this.#where)
        break
      }
      const [, low, high] = PICTURE_NUMBERS[place]!
      reader.must(place > last && part.parameter !== undefined)
      reader.must(part.parameter >= low && part.parameter <= high)
      last = place
    }
    reader.must(reader.next().kind === 'close')
  }

  #pictures(depth: number): void {
    const reader: RtfReader = this.#reader
    this.#flag('shppict')
    this.#filled()
    for (let part = reader.next(); part.kind !== 'close'; part = reader.next()) {
      reader.must(part.kind === 'open')
      this.#picture(depth + 1)
    }
  }

  #shape(depth: number): void {
    const reader: RtfReader = this.#reader
    reader.next()
    this.#filled()
    for (let part = reader.next(); part.kind !== 'close'; part = reader.next()) {
      reader.must(part.kind === 'open' && reader.next().kind === 'star')
      this.#flag('shpinst')
      this.#filled()
      this.#shapeBody(depth + 1, true)
    }
  }

  #shapeBody(depth: number, drawing: boolean): void {
    const reader: RtfReader = this.#reader
    this.#rule(depth + 2 <= MAX_DEPTH, 'DEPTH')
    for (let part = reader.next(); part.kind !== 'close'; part = reader.next()) {
      if (part.kind === 'word') {
        const { word, parameter } = part
        this.#rule(FRAME_FLAGS.has(word) || FRAME_NUMBERS.has(word), 'WORD')
        reader.must(FRAME_FLAGS.has(word) === (parameter === undefined))
        continue
      }
      reader.must(part.kind === 'open')
      const inner = reader.peek()
      const word = inner.kind === 'word' ? inner.word : ''
      if (word === 'sp') this.#property(depth + 1)
      else if (drawing && (word === 'shp' || word === 'shpgrp')) this.#shape(depth + 1)
      else {
        this.#rule(drawing && word === 'shptxt', 'DESTINATION')
        this.#rich(word, depth + 1)
      }
    }
  }

  /** `{\sp{\sn name}{\sv value}}` */
  #property(depth: number): void {
    const reader: RtfReader = this.#reader
    this.#flag('sp')
    reader.must(reader.next().kind === 'open')
    this.#flag('sn')
    const name = text(reader, '')
    reader.must(reader.next().kind === 'close' && reader.next().kind === 'open')
    this.#flag('sv')
    if (PICTURE_PROPERTIES.has(name)) {
      reader.must(reader.next().kind === 'open')
      this.#picture(depth + 2)
    } else {
      const value = text(reader, '')
      this.#rule(value !== '' && valueAllowed(name, value), 'PROPERTY')
    }
    reader.must(reader.next().kind === 'close' && reader.next().kind === 'close')
  }
}

const PICTURE_NUMBERS: readonly (readonly [word: string, low: number, high: number])[] = [
  ['picscalex', 0, 65_535],
  ['picscaley', 0, 65_535],
  ['piccropl', -1_048_575, 1_048_575],
  ['piccropr', -1_048_575, 1_048_575],
  ['piccropt', -1_048_575, 1_048_575],
  ['piccropb', -1_048_575, 1_048_575],
  ['picw', 0, 1_048_575],
  ['pich', 0, 1_048_575],
  ['picwgoal', 0, 1_048_575],
  ['pichgoal', 0, 1_048_575],
]

/** As in Word documents: the keyword in the field's own text, and one spelling of a link. */
function instructionAllowed(instruction: string): boolean {
  const keyword = /^[ \u00A0]{0,64}([A-Za-z]+|=)/u.exec(instruction)?.[1]?.toUpperCase()
  if (keyword === undefined || !FIELDS.has(keyword)) return false
  if (instruction.length > MAX_INSTRUCTION) return false
  if (keyword !== 'HYPERLINK') return true
  const [whole, url, place] =
    /^ HYPERLINK(?: "([^"]*)")?(?: \\l "([^\\/:"\u0000-\u001F]{0,255})")? $/u.exec(instruction) ??
    []
  if (whole === undefined || (url === undefined && place === undefined)) return false
  return url === undefined || urlAllowed(url)
}

function valueAllowed(name: string, value: string): boolean {
  if (TEXT_PROPERTIES.has(name)) return true
  if (NUMBER_PROPERTIES.has(name))
    return /^(?:0|-?[1-9][0-9]{0,9})$/u.test(value) && Math.abs(Number(value)) <= 0xffffffff
  if (!ARRAY_PROPERTIES.has(name)) return false
  const [size, count, ...elements] = value.split(';')
  // A reader takes memory by the count and fills it from the elements (CVE-2010-3333).
  if (count !== String(elements.length) || elements.length > 65_535) return false
  if (!['2', '4', '8', '16', '65520'].includes(size ?? '')) return false
  return elements.every((one) => /^(?:-?[0-9]{1,10}|\(-?[0-9]{1,10},-?[0-9]{1,10}\))$/u.test(one))
}
