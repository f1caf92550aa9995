import type { XmlReader } from '../xml/read.ts'
import { XML_NAMESPACE } from '../xml/read.ts'
import { plainText } from '../xml/decode.ts'
import { normalValue } from '../xml/reference.ts'
import type { FormulaRules } from './formula.ts'
import { attributeName, elementName } from './names.ts'
import { NAMESPACES } from './namespaces.ts'
import { harmlessValue, isChecked } from './values.ts'

/** What is known about a start tag up to here: `<table:table-cell`, or that and some of its attributes. */
export interface TagPath {
  /** What the tag goes on with: ` office:value="`, up to the quote. */
  readonly spelled: string
  /** Whether a value, in binary text as it is spelled, is written as it is meant. Absent when any is. */
  readonly judge: ((raw: string) => boolean) | undefined
  /** Attributes by their spelling; `undefined` for one that the filter must see. */
  readonly next: Map<string, TagPath | undefined>
  /** The attribute that came last time. */
  likely: TagPath | undefined
  readonly length: number
  readonly names: ReadonlySet<string>
}

/** An element that nothing but its attributes decides about. */
export interface PlainElement extends TagPath {
  /** End tag. */
  readonly close: string
  readonly textual: boolean
}

/** Elements that are looked at by the filter and yet decided by the attributes that the lane sees. */
const QUIET: ReadonlySet<string> = new Set(
  'table:table-row table:table-cell table:covered-table-cell text:p text:h text:span'.split(' '),
)

/** Attributes that say more than themselves: links, folded rows, rows that stand for many. */
const NEVER_PLAIN: ReadonlySet<string> = new Set(
  'xlink:href table:visibility table:number-rows-repeated'.split(' '),
)

const ELEMENT = /<([a-z0-9]{1,16}):([A-Za-z0-9-]{1,64})(?=[ />])/y
const ATTRIBUTE = / ([a-z0-9]{1,16}):([A-Za-z0-9-]{1,64})="/y
/** Attributes of one tag, tags and values that are remembered. */
const MAX_ATTRIBUTES = 32
const MAX_PATHS = 8192
const MAX_VALUES = 4096

/**
 * What the tables say about tags, remembered along their spelling. Only the prefixes that are written are understood, and only where
 * they mean what they mean there.
 */
export class LaneTags {
  readonly #reader: XmlReader
  readonly #rules: FormulaRules
  readonly #use: (prefix: string) => void
  readonly #isSpecial: (key: string) => boolean
  readonly #elements = new Map<string, PlainElement | undefined>()
  readonly #values = new Map<string, Set<string>>()
  #paths = 0

  constructor(
    reader: XmlReader,
    rules: FormulaRules,
    use: (prefix: string) => void,
    isSpecial: (key: string) => boolean,
  ) {
    this.#reader = reader
    this.#rules = rules
    this.#use = use
    this.#isSpecial = isSpecial
  }

  /** Prefixes may mean something else from here on. */
  forget(): void {
    this.#elements.clear()
    this.#paths = 0
  }

  /** The element whose tag begins at `at`, when it may pass. */
  element(text: string, at: number): PlainElement | undefined {
    ELEMENT.lastIndex = at
    const match = ELEMENT.exec(text)
    if (!match) return undefined
    const [spelled, prefix = '', local = ''] = match
    if (this.#elements.has(spelled)) return this.#elements.get(spelled)
    const element = this.#learnElement(spelled, prefix, local)
    if (this.#paths++ < MAX_PATHS) this.#elements.set(spelled, element)
    return element
  }

  /** The attribute that begins at `at` behind what `behind` says. */
  attribute(behind: TagPath, text: string, at: number): TagPath | undefined {
    ATTRIBUTE.lastIndex = at
    const match = ATTRIBUTE.exec(text)
    if (!match) return undefined
    const [spelled, prefix = '', local = ''] = match
    if (behind.next.has(spelled)) return behind.next.get(spelled)
    const attribute = this.#learnAttribute(behind, spelled, prefix, local)
    if (this.#paths++ < MAX_PATHS) behind.next.set(spelled, attribute)
    return attribute
  }

  #learnElement(spelled: string, prefix: string, local: string): PlainElement | undefined {
    const uri = NAMESPACES.get(prefix) ?? ''
    if (!this.#reader.resolves(prefix, uri) || prefix === 'math') return undefined
    const { key, known, textual } = elementName(uri, local)
    if (!known || (this.#isSpecial(key) && !QUIET.has(key))) return undefined
    this.#use(prefix)
    return { ...path(spelled), close: `</${key}>`, textual }
  }

  #learnAttribute(
    before: TagPath,
    spelled: string,
    prefix: string,
    local: string,
  ): TagPath | undefined {
    const uri = prefix === 'xml' ? XML_NAMESPACE : (NAMESPACES.get(prefix) ?? '')
    // The same attribute twice is two truths, and for the filter to refuse.
    const twice = before.names.has(spelled) || before.length >= MAX_ATTRIBUTES
    if (twice || !this.#reader.resolves(prefix, uri)) return undefined
    const { key, known } = attributeName(uri, local)
    if (!known || NEVER_PLAIN.has(key)) return undefined
    if (prefix !== 'xml') this.#use(prefix)
    const judge = isChecked(key) ? this.#judge(key) : undefined
    return path(spelled, before, judge)
  }

  #judge(key: string): (raw: string) => boolean {
    const known = this.#values.get(key) ?? new Set<string>()
    this.#values.set(key, known)
    return (raw) => {
      const form = this.#rules.lostSheets.size === 0 ? skeleton(raw) : raw
      if (known.has(form)) return true
      if (!this.#stays(key, raw)) return false
      // With other numbers another function could be called: LOG10 is one, LOG11 is none.
      const free = form === raw || this.#stays(key, form)
      if (free && known.size < MAX_VALUES && form.length < MAX_REMEMBERED) known.add(form)
      return true
    }
  }

  #stays(key: string, raw: string): boolean {
    const value = normalValue(plainText(raw))
    const judged = harmlessValue(key, value, this.#rules)
    if (!('value' in judged) || judged.value !== value) return false
    if (judged.uses) this.#use(judged.uses)
    return true
  }
}

const MAX_REMEMBERED = 512

function path(spelled: string, before?: TagPath, judge?: TagPath['judge']): TagPath {
  return {
    spelled,
    judge,
    next: new Map(),
    likely: undefined,
    length: (before?.length ?? 0) + 1,
    names: new Set([...(before?.names ?? []), spelled]),
  }
}

/** Formulas that differ in their numbers alone are judged once, as long as they name no sheet, no error and no address. */
function skeleton(raw: string): string {
  return FORMULA.test(raw) && !REACHING.test(raw) ? raw.replace(/[0-9]+/g, '0') : raw
}

const FORMULA = /^of:=[^'#|]*$/
const REACHING = /hyperlink|indirect|err:|&apos;/i
