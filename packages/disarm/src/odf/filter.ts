import type { Profile } from '../profile.ts'
import type { XmlAttribute, XmlElement } from '../xml/read.ts'
import { ATTRIBUTE_DANGERS, DANGERS } from './dangers.ts'
import type { FormulaRules } from './formula.ts'
import { Lane } from './lane.ts'
import { LaneTags } from './lane-tags.ts'
import type { ElementName } from './names.ts'
import { attributeName, elementName } from './names.ts'
import { NAMESPACES, PREFIXES } from './namespaces.ts'
import { SPECIALS } from './specials.ts'
import type { Tokens } from './tokens.ts'
import { harmlessValue } from './values.ts'
import type { Sink } from './writer.ts'
import { XmlWriter } from './writer.ts'

/** What a filter asks of the document around it. */
export interface Surroundings {
  readonly profile: Profile
  readonly rules: FormulaRules
  /** Flat XML: pictures and objects are inside. */
  readonly flat: boolean
  /** The address of a picture of this document, rebuilt; `undefined` when there is none that can be written. */
  picture(href: string): string | undefined
  /** The address of a grey picture that stands where another cannot be written. */
  placeholder(): string
  /** A picture out of the XML itself, rebuilt or grey. */
  inlinePicture(base64: string): string
  /** The address of a document inside this one, rebuilt. */
  object(href: string): string | undefined
  /** The address of the picture that stands for such a document until it is opened. */
  replacement(href: string, object: string): string | undefined
  removed(rule: string, count: number): void
  kept(rule: string, count: number): void
}

/** An element that is open and is written. */
export interface Frame {
  readonly key: string
  readonly textual: boolean
  /** `draw:frame`: what it shows could not be written, or was; and the document that it holds. */
  lost?: boolean
  filled?: boolean
  object?: string
  /** `table:table-row`: its repeat, and whether what it holds is hidden and goes. */
  repeat?: number
  blank?: boolean
}

/** What to do with an element: a frame is written or unwrapped; its text alone is collected; or it goes. */
export type Decision =
  | {
      readonly do: 'keep'
      readonly attributes: readonly XmlAttribute[]
      readonly frame?: Partial<Frame>
    }
  | { readonly do: 'unwrap' }
  | { readonly do: 'drop' }
  /** Reports only when the element holds something. */
  | { readonly do: 'drop-content'; readonly rule: string }
  | {
      readonly do: 'collect'
      readonly attributes: readonly XmlAttribute[]
      /** The text to write, or `undefined` for no element. */
      readonly done: (text: string) => string | undefined
    }

/** Elements that hold one kind of element and nothing else. */
const ONLY_CHILD: ReadonlyMap<string, string> = new Map([
  ['office:document-meta', 'office:meta'],
  ['office:meta', 'dc:title'],
  ['office:document-settings', 'office:settings'],
  ['office:settings', 'config:config-item-set'],
])

/** Vocabularies that only act or reach out. */
const DROPPED_PREFIXES: ReadonlySet<string> = new Set(['script', 'db', 'xforms'])

/**
 * One pass over one XML entity. What is known is written, what is dangerous goes, what is unknown leaves its children; nothing
 * is held but the path from the root.
 */
export class Filter<Output = unknown> {
  readonly around: Surroundings
  readonly #writer: XmlWriter<Output>
  /** Elements of the input that are open; of those that are unwrapped nothing is known. */
  readonly #stack: (Frame | undefined)[] = []
  /** Those that are written. */
  readonly #path: Frame[] = []
  readonly #removed = new Map<string, number>()
  readonly #kept = new Map<string, number>()
  #skipping = 0
  #skipRule = ''
  #collecting:
    | { readonly element: XmlElement; readonly decision: Decision; text: string }
    | undefined

  constructor(around: Surroundings, sink: Sink<Output>) {
    this.around = around
    this.#writer = new XmlWriter(sink)
  }

  /** @returns the entity as it is written; nothing when its root may not be. */
  run(tokens: Tokens): Output | undefined {
    const lane = this.#lane(tokens)
    for (;;) {
      if (this.#mayPass) lane.run(this.parent?.textual === false, () => tokens.look())
      const token = tokens.next()
      if (!token) break
      if (token.kind === 'open') this.#open(token.element)
      else if (token.kind === 'close') this.#close()
      else if (token.kind === 'text') this.#text(token.text)
    }
    for (const [rule, count] of this.#removed) this.around.removed(rule, count)
    for (const [rule, count] of this.#kept) this.around.kept(rule, count)
    return this.#writer.finish()
  }

  #lane({ reader }: Tokens): Lane {
    const tags = new LaneTags(
      reader,
      this.around.rules,
      (prefix) => this.#writer.use(prefix),
      (key) => SPECIALS.has(key) || ONLY_CHILD.has(key),
    )
    return new Lane(reader, tags, (binary) => this.#writer.passed(binary))
  }

  /** Whether nothing that is open, and no style, decides about what may come now. */
  get #mayPass(): boolean {
    const { parent } = this
    if (!parent || this.#skipping > 0 || this.#collecting || this.#hidesText) return false
    return !ONLY_CHILD.has(parent.key)
  }

  // What the special elements ask.

  drop(rule: string): Decision {
    this.report(rule)
    return { do: 'drop' }
  }

  report(rule: string, count = 1): void {
    if (rule !== '') this.#removed.set(rule, (this.#removed.get(rule) ?? 0) + count)
  }

  note(rule: string): void {
    this.#kept.set(rule, (this.#kept.get(rule) ?? 0) + 1)
  }

  /** Root of what is written, as `prefix:local`; and the element in its body, without prefix. */
  root = ''
  body = ''
  /** What a flat root says it is. */
  mimetype = ''
  /** `office:version` of the root. */
  version = ''
  hasTitle = false

  /** How many elements around are written. */
  get depth(): number {
    return this.#path.length
  }

  /** The nearest element around that is written. */
  get parent(): Frame | undefined {
    return this.#path[this.#path.length - 1]
  }

  /** Styles that hide what uses them, as far as they stand before it: `family name`. */
  readonly hidden = new Set<string>()
  #hidesText = false
  /** The style that is being read. */
  style = ''
  /** Remembers that the style at hand hides. */
  hide(): void {
    this.hidden.add(this.style)
    this.#hidesText ||= /^(?:text|paragraph) /.test(this.style)
  }

  /** Form fields out of Word: whether each one that is open is written. */
  readonly marks: boolean[] = []

  keep(element: XmlElement, frame?: Partial<Frame>): Decision {
    return { do: 'keep', attributes: this.attributes(element), ...(frame ? { frame } : {}) }
  }

  /** The attributes that may be written; links are judged where they mean something, and go otherwise. */
  attributes(element: XmlElement, href?: string): XmlAttribute[] {
    const kept: XmlAttribute[] = []
    for (const attribute of element.attributes) {
      const name = attributeName(attribute.uri, attribute.local)
      const placed = name.prefix !== '' || PREFIXES.get(element.uri) === 'math'
      if (name.key === 'xlink:href') {
        if (href === undefined) this.report('ODF-LINK')
        else kept.push({ ...attribute, value: href })
      } else if (!name.known || !placed) {
        this.report(name.rule)
      } else {
        const value = this.#value(name.key, attribute.value)
        if (value === attribute.value) kept.push(attribute)
        else if (value !== undefined) kept.push({ ...attribute, value })
      }
    }
    return kept
  }

  #value(key: string, value: string): string | undefined {
    const judged = harmlessValue(key, value, this.around.rules)
    if ('rule' in judged) {
      this.report(judged.rule)
      return undefined
    }
    if (judged.uses) this.#writer.use(judged.uses)
    return judged.value
  }

  #open(element: XmlElement): void {
    if (this.#skipping > 0) {
      this.#skipping++
      if (!isEmptyShell(element)) this.#reportSkipped()
      return
    }
    if (this.#collecting) {
      this.#skipping = 1
      return
    }
    const name = elementName(element.uri, element.local)
    const decision = this.#decide(element, name)
    if (decision.do === 'drop' || decision.do === 'drop-content') {
      this.#skipping = 1
      this.#skipRule = decision.do === 'drop' ? '' : decision.rule
    } else if (decision.do === 'collect') this.#collecting = { element, decision, text: '' }
    else if (decision.do === 'unwrap') this.#stack.push(undefined)
    else {
      if (this.#path.length === 0) this.root = name.key
      this.#writer.open(name.prefix, element.local, decision.attributes)
      const frame = { key: name.key, textual: name.textual, ...decision.frame }
      this.#stack.push(frame)
      this.#path.push(frame)
    }
  }

  #decide(element: XmlElement, name: ElementName): Decision {
    const { key } = name
    const only = ONLY_CHILD.get(this.parent?.key ?? '')
    if (only !== undefined && key !== only) return this.drop('ODF-META')
    const special = SPECIALS.get(key)?.(element, this, key)
    if (special) return special
    if (name.known) return this.keep(element)
    const danger = DANGERS.get(key)
    if (danger) {
      this.report(danger.rule)
      return { do: danger.unwrap ? 'unwrap' : 'drop' }
    }
    // A whole vocabulary that acts, and a root of something else.
    if (DROPPED_PREFIXES.has(name.prefix))
      return this.drop(ATTRIBUTE_DANGERS.get(name.prefix) ?? 'ODF-PKG')
    if (this.#path.length === 0) return this.drop('ODF-PKG')
    this.report('ODF-PKG')
    return { do: 'unwrap' }
  }

  #close(): void {
    if (this.#skipping > 0) {
      this.#skipping--
      return
    }
    if (this.#collecting) return this.#collected()
    const frame = this.#stack.pop()
    if (!frame) return
    if (frame.key === 'draw:frame' && frame.lost && !frame.filled) this.#writePlaceholder()
    this.#path.pop()
    this.#writer.close()
  }

  #collected(): void {
    const { element, decision, text } = this.#collecting ?? {}
    this.#collecting = undefined
    if (!element || decision?.do !== 'collect') return
    const written = decision.done(text ?? '')
    if (written === undefined) return
    const { prefix } = elementName(element.uri, element.local)
    this.#writer.open(prefix, element.local, decision.attributes)
    this.#writer.text(written)
    this.#writer.close()
  }

  /** A frame whose object could not be written shows a grey box, so that the page stays as it was laid out. */
  #writePlaceholder(): void {
    const xlink = NAMESPACES.get('xlink') ?? ''
    if (this.around.flat) {
      this.#writer.open('draw', 'image', [])
      this.#writer.open('office', 'binary-data', [])
      this.#writer.text(this.around.inlinePicture(''))
      this.#writer.close()
      this.#writer.close()
      return
    }
    const attribute = (local: string, value: string): XmlAttribute => ({ uri: xlink, local, value })
    this.#writer.open('draw', 'image', [
      attribute('href', this.around.placeholder()),
      attribute('type', 'simple'),
      attribute('show', 'embed'),
      attribute('actuate', 'onLoad'),
    ])
    this.#writer.close()
  }

  #reportSkipped(): void {
    this.report(this.#skipRule)
    this.#skipRule = ''
  }

  #text(text: string): void {
    if (this.#skipping > 0) {
      if (this.#skipRule !== '' && /[^ \t\r\n]/.test(text)) this.#reportSkipped()
      return
    }
    if (this.#collecting) {
      this.#collecting.text += text
      return
    }
    if (this.parent?.textual) this.#writer.text(text)
    else if (/[^ \t\r\n]/.test(text)) this.report('ODF-PKG')
  }
}

/** LibreOffice writes these into every flat file, without a macro in them. */
function isEmptyShell({ uri, local }: XmlElement): boolean {
  return (
    (local === 'script' && PREFIXES.get(uri) === 'office') ||
    (local === 'libraries' && PREFIXES.get(uri) === 'ooo')
  )
}
