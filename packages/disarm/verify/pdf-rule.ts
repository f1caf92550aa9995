import type { Budget } from './budget.ts'
import { inflateExactly } from './inflate.ts'
import type { PdfFile } from './pdf-file.ts'
import { PLACED_NAMES } from './pdf-names.ts'
import type { Dictionary, Value } from './pdf-value.ts'
import { Rejection, demand } from './rejection.ts'

/** What one object is looked at with. */
export interface Site {
  readonly file: PdfFile
  readonly budget: Budget
  /** Number of the object that is looked at. */
  readonly number: number
  readonly where: string
  /** Numbers of the pages. */
  readonly pages: ReadonlySet<number>
  /** Looks at another object with this rule, later; each pair once. */
  visit(number: number, rule: Rule): void
  /** Remembers which resources a content stream uses. */
  uses(uses: Uses): void
}

/** Which resources a content stream names, how often, and how many operators it has itself. */
export interface Uses {
  operators: number
  /** Category of the resource dictionary → name → times. */
  readonly names: Map<string, Map<string, number>>
}

/** Accepts a value of the grammar or throws a `Rejection`. Rules are constants: an object is visited once per rule. */
export type Rule = (value: Value, site: Site) => void

export type Stream = Extract<Value, { readonly kind: 'stream' }>

const MAX_TEXT = 1024 * 1024

export function reject(site: Site, reason = 'VERIFY-PDF-VALUE'): never {
  throw new Rejection(reason, site.where)
}

/** The object behind a reference, or the value itself. */
export function resolve(value: Value | undefined, { file }: Site): Value | undefined {
  return value?.kind === 'reference' ? file.objects[value.number - 1] : value
}

export function entriesOf(value: Value | undefined, site: Site): Dictionary {
  const found = resolve(value, site)
  return found?.kind === 'dict' || found?.kind === 'stream' ? found.entries : new Map()
}

export function nameOf(value: Value | undefined): string | undefined {
  return value?.kind === 'name' ? value.value : undefined
}

export const anyNumber: Rule = (value, site) => {
  if (value.kind !== 'number') reject(site)
}

export const anyBoolean: Rule = (value, site) => {
  if (value.kind !== 'boolean') reject(site)
}

/** What something is called; only compared. */
export const anyName: Rule = (value, site) => {
  if (value.kind !== 'name' || PLACED_NAMES.has(value.value)) reject(site)
}

export const anyText: Rule = (value, site) => {
  if (value.kind !== 'string' || value.value.length > MAX_TEXT) reject(site)
}

export function integer(low: number, high: number): Rule {
  return (value, site) => {
    if (value.kind !== 'number' || !value.integer) reject(site)
    if (value.value < low || value.value > high) reject(site)
  }
}

export const anyInteger = integer(-2_147_483_647, 2_147_483_647)

/** `words`: names separated by spaces. */
export function oneOf(words: string): Rule {
  const allowed = new Set(words.split(' '))
  return (value, site) => {
    if (value.kind !== 'name' || !allowed.has(value.value)) reject(site)
  }
}

export function list(item: Rule, least = 0, most = 1_000_000): Rule {
  return (value, site) => {
    if (value.kind !== 'array') reject(site)
    if (value.items.length < least || value.items.length > most) reject(site)
    for (const each of value.items) item(each, site)
  }
}

export function numbers(least: number, most = least): Rule {
  return list(anyNumber, least, most)
}

/** Chooses by what the value is; `undefined` rejects. */
export function choose(pick: (value: Value, site: Site) => Rule | undefined): Rule {
  return (value, site) => (pick(value, site) ?? reject(site))(value, site)
}

/** By the kind of the value itself. */
export function byKind(rules: Partial<Readonly<Record<Value['kind'], Rule>>>): Rule {
  return choose((value) => rules[value.kind])
}

/** Always an object of its own. */
export function indirect(rule: Rule): Rule {
  return (value, site) => {
    if (value.kind !== 'reference') reject(site)
    site.visit(value.number, rule)
  }
}

/** In place or an object of its own. */
export function shared(rule: Rule): Rule {
  return (value, site) => {
    if (value.kind === 'reference') site.visit(value.number, rule)
    else rule(value, site)
  }
}

/** For rules that need each other. */
export function later(rule: () => Rule): Rule {
  return (value, site) => rule()(value, site)
}

/** Key → what may stand there. A key that is not here may not stand there. */
export type Keys = Readonly<Record<string, Rule>>

export interface Form {
  readonly keys: Keys
  /** Keys that must stand, separated by spaces. */
  readonly required?: string
}

export function dict(keys: Keys, required = ''): Rule {
  return (value, site) => {
    if (value.kind !== 'dict') reject(site)
    checkEntries(value.entries, { keys, required }, site)
  }
}

export function checkEntries(entries: Dictionary, { keys, required = '' }: Form, site: Site): void {
  for (const [key, value] of entries) {
    const rule = Object.hasOwn(keys, key) ? keys[key] : undefined
    if (rule === undefined) throw new Rejection('VERIFY-PDF-KEY', `${site.where} ${key}`)
    rule(value, site)
  }
  for (const key of required.split(' '))
    demand(key === '' || entries.has(key), 'VERIFY-PDF-VALUE', `${site.where} ${key}`)
}

/** Dictionary with free keys, such as resource names. */
export function map(rule: Rule): Rule {
  return (value, site) => {
    if (value.kind !== 'dict') reject(site)
    for (const [key, each] of value.entries) {
      if (PLACED_NAMES.has(key)) reject(site, 'VERIFY-PDF-NAME')
      rule(each, site)
    }
  }
}

const FILTERED: Keys = {
  Filter: oneOf('FlateDecode DCTDecode JPXDecode'),
  // Judged by the body: what may stand there depends on the filter.
  DecodeParms: () => undefined,
  Length: anyInteger,
}

/** A stream, always an object of its own: dictionary by allow-list, bytes by `body`. */
export function stream(form: Form, body: (stream: Stream, site: Site) => void): Rule {
  const whole = {
    keys: { ...form.keys, ...FILTERED },
    required: `Filter ${form.required ?? ''}`.trim(),
  }
  return indirect((value, site) => {
    if (value.kind !== 'stream') reject(site)
    checkEntries(value.entries, whole, site)
    body(value, site)
  })
}

/** The bytes of a stream that is deflated and nothing else. */
export function inflated({ entries, raw }: Stream, site: Site): Uint8Array {
  const plain = nameOf(entries.get('Filter')) === 'FlateDecode' && !entries.has('DecodeParms')
  demand(plain, 'VERIFY-PDF-FILTER', site.where)
  return inflateExactly(raw, 'zlib', site.budget, site.where)
}

/** A page of this file. */
export const page: Rule = (value, site) => {
  if (value.kind !== 'reference' || !site.pages.has(value.number)) reject(site)
}
