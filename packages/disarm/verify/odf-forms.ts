import { isOdfAttribute, isOdfElement } from './odf-vocabulary.ts'
import { prefixInValue, valueFault, valueMatters } from './odf-values.ts'
import type { Element } from './xml.ts'
import { valueOf } from './xml-text.ts'

/** Elements of which nothing but their own tag decides, and of which a sheet or a letter has many. */
const ORDINARY = new Set(
  (
    'table:table-row table:table-cell table:covered-table-cell text:p text:h text:span text:s text:tab ' +
    'text:line-break text:list text:list-item text:soft-page-break'
  ).split(' '),
)
/** Attributes for which it matters where the element stands. */
const TELLING = new Set(['xlink:href', 'table:number-rows-repeated'])
const MAX_TAG = 65_536
const MAX_ATTRIBUTES = 32
/** Beginnings of tags, and values of one attribute, that are remembered. */
const MAX_KNOWN = 8192

/** A tag as far as it was read. */
interface Beginning {
  /** The last attribute with its `="`, or the name of the tag. */
  readonly spelled: string
  /** `prefix:name` where the value matters. */
  readonly asks: string | undefined
  readonly seen: readonly string[]
  readonly more: Map<string, Beginning | undefined>
  last: Beginning | undefined
}

interface Named extends Beginning {
  readonly element: Element
}

/** Judges tags along their letters: what is asked of names is asked once, and values alone are looked at again. */
export class OdfForms {
  readonly #where: string
  readonly #declared: (prefix: string) => boolean
  readonly #use: (prefix: string) => void
  readonly #names = new Map<string, Named | undefined>()
  readonly #values = new Map<string, Set<string>>()
  #known = 0

  /** @param use is told of each prefix that a tag uses */
  constructor(where: string, declared: (prefix: string) => boolean, use: (prefix: string) => void) {
    this.#where = where
    this.#declared = declared
    this.#use = use
  }

  /**
   * The element of an ordinary tag that may be; `undefined` for all others, which must be looked at. Throws where a value is not spelled
   * as values are.
   */
  find(spelled: string): Element | undefined {
    if (spelled.length > MAX_TAG) return undefined
    const space = spelled.indexOf(' ')
    const end = spelled.length - (spelled.endsWith('/>') ? 2 : 1)
    const name = this.#named(spelled.slice(0, space < 0 ? end : space))
    if (!name) return undefined
    let at = name.spelled.length
    for (let path: Beginning | undefined = name; at < end;) {
      path = this.#next(path, spelled, at)
      if (!path) return undefined
      const from = at + path.spelled.length
      const to = spelled.indexOf('"', from)
      if (to < 0 || !this.#mayBe(path, spelled, from, to)) return undefined
      at = to + 1
    }
    return at === end ? name.element : undefined
  }

  #named(spelled: string): Named | undefined {
    const known = this.#names.get(spelled)
    if (known || this.#names.has(spelled)) return known
    const key = spelled.slice(1)
    const [prefix = '', local = ''] = key.split(':')
    const fair = ORDINARY.has(key) && this.#declared(prefix) && isOdfElement(prefix, local)
    if (fair) this.#use(prefix)
    const element = { namespace: prefix, name: key, attributes: [] }
    const named = fair ? { ...beginning(spelled, undefined, []), element } : undefined
    if (this.#names.size < MAX_KNOWN) this.#names.set(spelled, named)
    return named
  }

  #next(path: Beginning, spelled: string, at: number): Beginning | undefined {
    if (path.last && spelled.startsWith(path.last.spelled, at)) return path.last
    const equals = spelled.indexOf('="', at)
    if (equals < 0) return undefined
    const attribute = spelled.slice(at, equals + 2)
    let next = path.more.get(attribute)
    if (!next && !path.more.has(attribute)) {
      next = this.#attribute(path, attribute)
      if (this.#known++ < MAX_KNOWN) path.more.set(attribute, next)
    }
    path.last = next
    return next
  }

  #attribute(path: Beginning, spelled: string): Beginning | undefined {
    const [, prefix = '', local = ''] = / ([a-z0-9]+):([A-Za-z0-9-]+)="$/uy.exec(spelled) ?? []
    const key = `${prefix}:${local}`
    const once = !path.seen.includes(key) && path.seen.length < MAX_ATTRIBUTES
    const fair = once && !TELLING.has(key) && isOdfAttribute(prefix, local)
    if (!fair || (prefix !== 'xml' && !this.#declared(prefix))) return undefined
    if (prefix !== 'xml') this.#use(prefix)
    return beginning(spelled, valueMatters(key) ? key : undefined, [...path.seen, key])
  }

  #mayBe({ asks }: Beginning, spelled: string, from: number, to: number): boolean {
    const plain = isPlainValue(spelled, from, to)
    if (plain && asks === undefined) return true
    const raw = spelled.slice(from, to)
    if (asks === undefined) {
      valueOf(raw, this.#where)
      return true
    }
    const known = this.#values.get(asks) ?? new Set<string>()
    this.#values.set(asks, known)
    const shape = shapeOf(raw)
    if (known.has(shape)) return true
    if (!this.#fits(asks, raw)) return false
    if (shape.length < 512 && known.size < MAX_KNOWN && (shape === raw || this.#fits(asks, shape)))
      known.add(shape)
    return true
  }

  #fits(key: string, raw: string): boolean {
    const value = valueOf(raw, this.#where)
    if (valueFault(key, value) !== undefined) return false
    const prefix = prefixInValue(key, value)
    if (prefix !== '') this.#use(prefix)
    return true
  }
}

function beginning(spelled: string, asks: string | undefined, seen: readonly string[]): Beginning {
  return { spelled, asks, seen, more: new Map(), last: undefined }
}

/**
 * A formula with all numbers alike. Where it calls, names and quotes nothing that numbers could change, it is as harmless as any with
 * other numbers; a function with a number in its name has another name then, and is not in the list.
 */
function shapeOf(raw: string): string {
  const free = raw.startsWith('of:=') && !/['#|]|&apos|hyperlink|indirect|err:/iu.test(raw)
  return free ? raw.replaceAll(/[0-9]+/gu, '0') : raw
}

function isPlainValue(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x20 || code === 0x26 || code === 0x3c || code === 0x3e || code === 0xef)
      return false
  }
  return true
}
