import { FIELDS } from './ooxml-tables.ts'
import { demand } from './rejection.ts'
import { urlAllowed } from './url.ts'
import type { Element } from './xml.ts'

const WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
/** The keyword stands in the field's own text; one that an inner field would compute is unknowable. */
const KEYWORD = /^[ \t\n\r\u00A0]{0,64}([A-Za-z]+|=)/u
/** The one spelling of a link: the place outside, the place inside, or both. */
const LINK = /^ HYPERLINK(?: "([^"]*)")?(?: \\l "([^\\/:"\u0000-\u001F]{0,255})")? $/u
/** Fields inside fields. */
const MAX_NESTING = 32
/** What fields cannot cross: a text box, a note, a comment. */
const STORIES = new Set(['txbxContent', 'footnote', 'endnote', 'comment'])
const TEXTS = new Set(['instrText', 'delInstrText'])

interface Field {
  instruction: string
  separated: boolean
}

/**
 * Field instructions of one Word part, put together over runs, paragraphs and nesting (ECMA-376 part 1 §17.16): an instruction cut
 * into one letter per run is read as Word reads it.
 */
export class Fields {
  readonly #where: string
  /** Open fields, one list per story. */
  readonly #stories: Field[][] = [[]]
  #reading = false

  constructor(where: string) {
    this.#where = where
  }

  open(element: Element, parent: string): void {
    if (element.namespace !== WORD) return
    if (STORIES.has(element.name)) this.#stories.push([])
    if (element.name === 'fldSimple') this.#judge(attribute(element, 'instr'))
    if (element.name === 'fldChar') this.#bracket(attribute(element, 'fldCharType'), parent)
    const instruction = TEXTS.has(element.name)
    const inner = this.#fields.at(-1)
    const inside = inner !== undefined && !inner.separated
    // Instruction text outside an instruction: somebody else might still read it.
    if (instruction) this.#demand(inside && parent === 'r')
    this.#reading = instruction || (element.name === 't' && inside)
  }

  /** Whether text is part of an instruction now. */
  get reading(): boolean {
    return this.#reading
  }

  text(text: string): void {
    const field = this.#fields.at(-1)
    if (this.#reading && field) field.instruction += text
  }

  close(element: Element): void {
    if (element.namespace !== WORD) return
    this.#reading = false
    if (!STORIES.has(element.name)) return
    this.#demand(this.#fields.length === 0)
    this.#stories.pop()
  }

  /** A field that never ends is never evaluated as it is read here. */
  end(): void {
    this.#demand(this.#fields.length === 0)
  }

  get #fields(): Field[] {
    return this.#stories.at(-1)!
  }

  #bracket(kind: string, parent: string): void {
    this.#demand(parent === 'r')
    const field = this.#fields.at(-1)
    if (kind === 'begin') {
      this.#demand(this.#fields.length < MAX_NESTING)
      this.#fields.push({ instruction: '', separated: false })
      return
    }
    demand(field !== undefined, 'VERIFY-FIELD', this.#where)
    if (kind === 'separate') {
      this.#demand(!field.separated)
      field.separated = true
      return
    }
    this.#demand(kind === 'end')
    this.#judge(field.instruction)
    this.#fields.pop()
  }

  #judge(instruction: string): void {
    const keyword = KEYWORD.exec(instruction)?.[1]?.toUpperCase()
    this.#demand(keyword !== undefined && FIELDS.has(keyword))
    if (keyword !== 'HYPERLINK') return
    const [whole, url, place] = LINK.exec(instruction) ?? []
    this.#demand(whole !== undefined && (url !== undefined || place !== undefined))
    this.#demand(url === undefined || urlAllowed(url))
  }

  #demand(condition: boolean): void {
    demand(condition, 'VERIFY-FIELD', this.#where)
  }
}

function attribute(element: Element, name: string): string {
  return element.attributes.find((one) => one.name === name && one.namespace === WORD)?.value ?? ''
}
