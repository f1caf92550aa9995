/** Weakens a declaration at one place at a time: what is left out, switched off, opened or out of date. */

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
type Path = readonly (string | number)[]

/** One weakening, and the whole declaration with it. */
export interface Weakened {
  /** e.g. `systems.juki.hosts.juki-t1.mac なし`; entries by their id, so that it does not move when others are added. */
  readonly what: string
  readonly value: Json
}

/** What is said about a thing and protects nothing. */
const TELLS_ONLY = new Set(
  'id name title vendor departments people tests town subject reason networks'.split(' '),
)

/** The least protecting value of every word that has one. */
const WEAKEST: Readonly<Record<string, Json>> = {
  default: 'allow',
  method: 'none',
  approval: 'never',
  attachments: 'keep',
  body: 'html',
  encryption: 'WPA2-Personal',
  ports: 'any',
  kind: 'terms',
  authentication: ['knowledge'],
}

const LONG_AGO = '2020-01-01'

/** Every single weakening of a declaration. */
export function weakenings(declaration: Json): readonly Weakened[] {
  const found: Weakened[] = []
  const add = (path: Path, word: string, value: Json | undefined): void => {
    found.push({
      what: `${nameOf(declaration, path)} ${word}`,
      value: replaced(declaration, path, value),
    })
  }
  walk(declaration, [], (path, value) => {
    const key = path.at(-1)!
    add(path, 'なし', undefined)
    if (typeof value === 'boolean') add(path, String(!value), !value)
    if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/u.test(value)) {
      add(path, LONG_AGO, LONG_AGO)
    }
    const weakest = WEAKEST[key]
    const isZoneKind = path[0] === 'zones' && key === 'kind'
    if (weakest !== undefined && !isZoneKind && JSON.stringify(weakest) !== JSON.stringify(value)) {
      add(path, JSON.stringify(weakest), weakest)
    }
  })
  return found
}

function walk(value: Json, path: Path, visit: (path: Path, value: Json) => void): void {
  if (typeof value !== 'object' || value === null) return
  const entries = Array.isArray(value)
    ? value.map((one: Json, nth): [number, Json] => [nth, one])
    : Object.entries(value)
  for (const [key, one] of entries) {
    if (typeof key === 'string' && TELLS_ONLY.has(key)) continue
    const isWord = typeof key === 'number' && (typeof one !== 'object' || one === null)
    if (isWord) continue
    visit([...path, key], one)
    walk(one, [...path, key], visit)
  }
}

function replaced(value: Json, [key, ...rest]: Path, by: Json | undefined): Json {
  if (key === undefined) return by ?? null
  if (Array.isArray(value)) {
    return value.flatMap((one: Json, nth) => {
      if (nth !== key) return [one]
      return rest.length === 0 ? (by === undefined ? [] : [by]) : [replaced(one, rest, by)]
    })
  }
  const entries = Object.entries(value as Readonly<Record<string, Json>>).flatMap(([name, one]) => {
    if (name !== key) return [[name, one] as const]
    if (rest.length > 0) return [[name, replaced(one, rest, by)] as const]
    return by === undefined ? [] : [[name, by] as const]
  })
  return Object.fromEntries(entries)
}

/** A path with ids instead of positions. */
export function nameOf(declaration: Json, path: Path): string {
  const words: string[] = []
  let at: Json | undefined = declaration
  for (const key of path) {
    at = (at as Readonly<Record<string | number, Json>> | undefined)?.[key]
    words.push(typeof key === 'number' ? (idOf(at) ?? String(key)) : key)
  }
  return words.join('.')
}

function idOf(value: Json | undefined): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const { id, control, between } = value as Readonly<Record<string, Json>>
  if (typeof id === 'string') return id
  return typeof control === 'string'
    ? control
    : Array.isArray(between)
      ? between.join('+')
      : undefined
}
