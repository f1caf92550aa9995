import { formulaAllowed } from './formula.ts'
import { isAttributeOf } from './ooxml-attributes.ts'
import { Fields } from './ooxml-fields.ts'
import type { Relationship } from './ooxml-package.ts'
import {
  ATTRIBUTES,
  EVENT_ATTRIBUTE,
  EXTENSIONS,
  FORBIDDEN_ATTRIBUTES,
  FORBIDDEN_ELEMENTS,
  GRAPHICS,
  IMPLICIT,
  LINKS,
  NAMESPACES,
} from './ooxml-tables.ts'
import { isKnownElement } from './ooxml-vocabulary.ts'
import { Rejection, demand } from './rejection.ts'
import { scanXml } from './xml.ts'
import type { Attribute, Element } from './xml.ts'

const MARKUP = 'http://schemas.openxmlformats.org/markup-compatibility/2006'
const RELATIONSHIPS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const VML = new Set(['v', 'o', 'w10', 'xvml'])
/** Prefixes an older reader may skip. */
const IGNORABLE = new Set(['w14', 'wp14'])
/** Starts of values that make a program reach out (NTLM hash by UNC path) or act. */
const REACHING =
  /^[\s"']*(?:\\\\|\/\/|file:|smb:|[a-z]*script:|data:|ms-[a-z-]+:|search:|mhtml:|vnd\.sun\.star)/iu
/** What turns the value of a VML attribute into an instruction. */
const STYLE_TRAP = /[\\<>]|(?:url|expression|javascript|vbscript|behavior)\s*[:(]/iu
const JUMP =
  /^ppaction:\/\/(?:hlinkshowjump\?jump=(?:nextslide|previousslide|firstslide|lastslide|lastslideviewed|endshow)|hlinksldjump)$/u
const FORMULAS = new Set(
  (
    'x:f x:formula x:formula1 x:formula2 x:calculatedColumnFormula x:totalsRowFormula x:definedName c:f xm:f ' +
    'x14:formula1 x14:formula2'
  ).split(' '),
)
/** Attributes that hold a formula or a place of this book. */
const FORMULA_ATTRIBUTES = new Set(
  'xdr:sp textlink,cdr:sp textlink,x:cacheField formula,x:hyperlink location'.split(','),
)
/** A macro sheet gives these names a meaning when the book opens, closes, activates. */
const AUTO_NAME = /^(?:_xlnm\.)?auto_/iu

export interface Part {
  readonly name: string
  readonly content: Uint8Array | Iterable<Uint8Array>
  /** Root element, as `prefix:name`. */
  readonly root: string
  readonly relationships: ReadonlyMap<string, Relationship>
  /** Lower-case names of the sheets of the book; absent where the book itself is not in the package. */
  readonly sheets: ReadonlySet<string> | undefined
  /** A listed VBA project is there, and knows sheets by their code names. */
  readonly macros?: boolean
}

/**
 * Accepts one XML part: known elements of known namespaces, nothing that runs, fetches, embeds or binds.
 * @returns which element named which relationship
 */
export function verifyPart(part: Part): ReadonlyMap<string, string> {
  const reader = new PartReader(part)
  scanXml(part.content, part.name, reader)
  reader.end()
  return reader.named
}

class PartReader {
  readonly #part: Part
  readonly #fields: Fields
  readonly #open: string[] = []
  /** Relationships that an element named, and the element. */
  readonly named = new Map<string, string>()
  #formula: string | undefined
  readonly #formulas = new WeakSet<Element>()
  /** Formulas that may stay whatever their numbers. */
  readonly #judged = new Set<string>()

  constructor(part: Part) {
    this.#part = part
    this.#fields = new Fields(part.name)
  }

  open(element: Element, depth: number): boolean {
    const key = keyOf(element)
    this.#demand(depth > 0 || key === this.#part.root, 'TYPE', key)
    this.#element(element, key)
    for (const attribute of element.attributes) this.#attribute(element, attribute, depth)
    this.#special(element, key)
    if (FORMULAS.has(key)) this.#formulas.add(element)
    this.again(element)
    // A link must be noted each time; all else is said by the tag.
    return depth > 0 && !element.attributes.some(({ namespace }) => namespace === RELATIONSHIPS)
  }

  again(element: Element): void {
    if (element.namespace === WORD) this.#fields.open(element, this.#open.at(-1) ?? '')
    if (this.#formulas.has(element)) this.#formula = ''
    this.#open.push(element.name)
  }

  close(element: Element): void {
    this.#open.pop()
    if (element.namespace === WORD) this.#fields.close(element)
    if (this.#formula === undefined || !this.#formulas.has(element)) return
    this.#judgeCell(this.#formula)
    this.#formula = undefined
  }

  text(text: string): void {
    this.#fields.text(text)
    if (this.#formula !== undefined) this.#formula += text
  }

  get listens(): boolean {
    return this.#formula !== undefined || this.#fields.reading
  }

  /** A cell of a sheet. */
  formed(spelled: string, namespace: string): Element | undefined {
    const fits = this.#part.root === 'x:worksheet' && namespace === SHEET && CELL_TAG.test(spelled)
    return fits ? CELL : undefined
  }

  declare(prefix: string, namespace: string, depth: number): void {
    const fair = Object.hasOwn(NAMESPACES, namespace) && NAMESPACES[namespace] === prefix
    this.#demand(depth === 0 && fair, 'NAMESPACE', prefix)
  }

  /** A relationship that nothing names leads to a part that only an attacker's program looks at. */
  end(): void {
    this.#fields.end()
    const implicit = (IMPLICIT[this.#part.root] ?? '').split(' ')
    for (const { id, type } of this.#part.relationships.values()) {
      const known = this.named.has(id) || implicit.includes(kindOf(type))
      this.#demand(known, 'RELATIONSHIP', `${kindOf(type)} is not named`)
    }
  }

  #element({ name }: Element, key: string): void {
    this.#demand(!FORBIDDEN_ELEMENTS.has(name), 'ELEMENT', key)
    const colon = key.indexOf(':')
    const prefix = key.slice(0, Math.max(0, colon))
    this.#demand(isKnownElement(prefix, name), 'ELEMENT', key)
  }

  #attribute(element: Element, attribute: Attribute, depth: number): void {
    const { namespace, name, value } = attribute
    const key = keyOf(element)
    const only = Object.hasOwn(ATTRIBUTES, key) ? ATTRIBUTES[key]!.split(' ') : [name]
    this.#demand(only.includes(name), 'ATTRIBUTE', `${key} ${name}`)
    if (namespace === RELATIONSHIPS) return this.#link(key, name, value)
    if (namespace === MARKUP) {
      const skips = value.split(' ').every((prefix) => IGNORABLE.has(prefix))
      return this.#demand(depth === 0 && name === 'Ignorable' && skips, 'ATTRIBUTE', name)
    }
    if (namespace === XML)
      return this.#demand(name === 'space' || name === 'lang', 'ATTRIBUTE', name)
    const coded =
      this.#part.macros && namespace === '' && name === 'codeName' && CODE_NAME.test(value)
    const forbidden = !coded && (FORBIDDEN_ATTRIBUTES.has(name) || EVENT_ATTRIBUTE.test(name))
    this.#demand(!forbidden, 'ATTRIBUTE', `${key} ${name}`)
    this.#demand(!REACHING.test(value), 'URL', `${key} ${name}`)
    const prefix = namespace === '' ? 'plain' : (NAMESPACES[namespace] ?? '?')
    this.#demand(isAttributeOf(key, prefix, name), 'ATTRIBUTE', `${key} ${name}`)
    const drawn = VML.has(key.slice(0, Math.max(0, key.indexOf(':'))))
    this.#demand(!drawn || !STYLE_TRAP.test(value), 'ATTRIBUTE', `${key} ${name}`)
    if (FORMULA_ATTRIBUTES.has(`${key} ${name}`) && value !== '') this.#judge(value)
  }

  /** A relationship id: only where the table knows one, and leading to what the table says. */
  #link(key: string, name: string, id: string): void {
    const kinds = Object.hasOwn(LINKS, key) ? LINKS[key]![name] : undefined
    this.#demand(kinds !== undefined, 'ATTRIBUTE', `${key} ${name}`)
    // An empty id on a link of a shape means "no target, only the action".
    if (id === '' && key.startsWith('a:hlink')) return
    const kind = kindOf(this.#part.relationships.get(id)?.type ?? '')
    this.named.set(id, key)
    this.#demand(kind !== '' && kinds!.split(' ').includes(kind), 'DANGLING', `${key} ${name}`)
  }

  /** Elements of which one attribute decides what they do. */
  #special(element: Element, key: string): void {
    const of = (name: string): string | undefined => plain(element, name)
    switch (key) {
      case 'a:hlinkClick':
      case 'a:hlinkHover':
        return this.#demand(JUMP.test(of('action') ?? 'ppaction://hlinksldjump'), 'ACTION', key)
      case 'a:graphicData':
        return this.#demand(GRAPHICS.has(of('uri') ?? ''), 'ELEMENT', key)
      case 'x:c':
        // Dates are numbers: one spelling for one value.
        return this.#demand(of('t') !== 'd', 'ATTRIBUTE', 'x:c t')
      case 'x:cacheSource':
        return this.#demand(of('type') === 'worksheet', 'ELEMENT', key)
      case 'x:definedName':
        return this.#definedName(element)
      case 'x:cfvo':
        return of('type') === 'formula' ? this.#judge(of('val') ?? '') : undefined
      default: {
        const uri = element.name === 'ext' ? of('uri') : undefined
        return this.#demand(uri === undefined || EXTENSIONS.has(uri), 'ELEMENT', key)
      }
    }
  }

  #definedName(element: Element): void {
    const isSet = (name: string): boolean => /^(?:1|true)$/u.test(plain(element, name) ?? '')
    const macro =
      AUTO_NAME.test(plain(element, 'name') ?? '') || ['function', 'xlm', 'macro'].some(isSet)
    this.#demand(!macro, 'ATTRIBUTE', 'x:definedName')
  }

  /** Formulas of one column differ in their numbers alone; where no sheet is named and no function has a number, these decide nothing. */
  #judgeCell(formula: string): void {
    const skeleton = /['[!|]/u.test(formula) ? '' : formula.replaceAll(/[0-9]+/gu, '0')
    if (skeleton !== '' && this.#judged.has(skeleton)) return
    this.#judge(formula)
    if (skeleton === '' || this.#judged.size >= MAX_JUDGED) return
    if (formulaAllowed(skeleton, this.#part.sheets)) this.#judged.add(skeleton)
  }

  #judge(formula: string): void {
    demand(formulaAllowed(formula, this.#part.sheets), 'VERIFY-FORMULA', this.#part.name)
  }

  #demand(condition: boolean, what: string, detail: string): void {
    if (!condition) throw new Rejection(`VERIFY-OOXML-${what}`, `${this.#part.name} ${detail}`)
  }
}

const XML = 'http://www.w3.org/XML/1998/namespace'
const SHEET = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const EXCEL_VML = 'urn:schemas-microsoft-com:office:excel'
const WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
const CODE_NAME = /^[\p{L}_][\p{L}\p{N}_]{0,63}$/u
const MAX_JUDGED = 8192
const CELL: Element = { namespace: SHEET, name: 'c', attributes: [] }
const CELL_TAG =
  /^<c r="[A-Z]{1,3}[1-9][0-9]{0,6}"(?: s="[0-9]{1,6}")?(?: t="(?:s|n|b|e|str|inlineStr)")?\/?>$/u

/** `prefix:name` with the prefix of the tables: spreadsheet elements are `x:`, those of Excel's VML `xvml:`. */
export function keyOf({ namespace, name }: Element): string {
  if (namespace === '') return name
  if (namespace === SHEET) return `x:${name}`
  return namespace === EXCEL_VML ? `xvml:${name}` : `${NAMESPACES[namespace] ?? '?'}:${name}`
}

function kindOf(type: string): string {
  return type.slice(type.lastIndexOf('/') + 1)
}

export function plain(element: Element, name: string): string | undefined {
  return element.attributes.find((one) => one.namespace === '' && one.name === name)?.value
}
