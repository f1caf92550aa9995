import { single } from './json.ts'

/** Characters of a rule that are shown. */
const LONGEST = 300

/** A rule of a listing as a person writes it for nft; what has no such form stands as JSON. It is for people to find the rule, and never read back. */
export function ruleText(statements: readonly unknown[]): string {
  const text = statements
    .map(statementText)
    .filter((part) => part !== '')
    .join(' ')
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

function statementText(statement: unknown): string {
  const [kind, inner] = single(statement) ?? ['', statement]
  if (kind === 'counter') return 'counter'
  if (kind === 'match' && has(inner, 'left', 'right', 'op')) {
    const op = inner['op'] === '==' || inner['op'] === 'in' ? '' : `${String(inner['op'])} `
    return `${valueText(inner['left'])} ${op}${valueText(inner['right'])}`
  }
  if (kind === 'vmap' && has(inner, 'key', 'data')) {
    return `${valueText(inner['key'])} vmap ${valueText(inner['data'])}`
  }
  if (kind === 'log')
    return has(inner, 'prefix') ? `log prefix ${JSON.stringify(inner['prefix'])}` : 'log'
  if (kind === 'limit' && has(inner, 'rate', 'per')) {
    return `limit rate ${valueText(inner['rate'])}/${valueText(inner['per'])}`
  }
  if (kind === 'jump' || kind === 'goto') {
    return has(inner, 'target') ? `${kind} ${valueText(inner['target'])}` : kind
  }
  return inner === null || inner === undefined ? kind : short(statement)
}

/** Keys of `meta` that nft writes without the word. */
const BARE = new Set(['iifname', 'oifname', 'iif', 'oif', 'mark', 'skuid', 'skgid'])

function valueText(value: unknown, depth = 0): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  if (depth > 8) return short(value)
  const inside = (one: unknown): string => valueText(one, depth + 1)
  if (Array.isArray(value)) return value.map(inside).join(depth === 0 ? ',' : ' : ')
  const [kind, inner] = single(value) ?? ['', value]
  switch (kind) {
    case 'payload':
      return has(inner, 'protocol', 'field')
        ? `${inside(inner['protocol'])} ${inside(inner['field'])}`
        : short(value)
    case 'meta':
      if (!has(inner, 'key')) return short(value)
      return BARE.has(String(inner['key'])) ? String(inner['key']) : `meta ${inside(inner['key'])}`
    case 'ct':
      return has(inner, 'key') ? `ct ${inside(inner['key'])}` : short(value)
    case 'prefix':
      return has(inner, 'addr', 'len')
        ? `${inside(inner['addr'])}/${inside(inner['len'])}`
        : short(value)
    case 'range':
      return Array.isArray(inner) ? inner.map(inside).join('-') : short(value)
    case 'concat':
      return Array.isArray(inner) ? inner.map(inside).join(' . ') : short(value)
    case 'set':
      return Array.isArray(inner) ? `{ ${inner.map(inside).join(', ')} }` : inside(inner)
    case 'elem':
      return has(inner, 'val') ? inside(inner['val']) : short(value)
    case 'jump':
    case 'goto':
      return has(inner, 'target') ? `${kind} ${inside(inner['target'])}` : kind
    default:
      return inner === null ? kind : short(value)
  }
}

const has = <Key extends string>(
  value: unknown,
  ...keys: readonly Key[]
): value is Readonly<Record<Key, unknown>> =>
  typeof value === 'object' && value !== null && keys.every((key) => Object.hasOwn(value, key))

const short = (value: unknown): string => (JSON.stringify(value) ?? '').slice(0, LONGEST)
