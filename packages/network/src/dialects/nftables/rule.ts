import type { Action, Condition, Rule, Unread } from '../../filter/filter.ts'
import type { Blind } from './blind.ts'
import { readMatch, unknown } from './match.ts'
import { single } from './json.ts'
import type { RuleObject, SetObject } from './json.ts'
import { ruleText } from './told.ts'
import { elementsOf, keyCondition } from './elements.ts'

/** What rules of one listing refer to. */
export interface Book {
  readonly sets: ReadonlyMap<string, SetObject>
  /** Seconds since 1970. */
  readonly at: number
  /** Where a condition about time that is met puts the instant at which it turns. */
  readonly turns: Set<number>
}

/** What one rule became: none when it only counts or logs, several when it looks its verdict up in a map. */
export interface RuleReading {
  readonly rules: readonly Rule[]
  readonly unread: readonly Unread[]
}

/**
 * Statements that leave the packet and its fate as they are. A helper only lets conntrack call more packets `related`; whether those pass, other rules say.
 */
const HARMLESS = new Set([
  'counter',
  'log',
  'comment',
  'xt_comment',
  'last',
  'ct helper',
  'ct timeout',
  'ct expectation',
])
/** Statements after which the rest of the rule may or may not happen. */
const MAYBE = new Set(['limit', 'quota', 'ct count', 'set', 'map', 'meter', 'connlimit'])

/** Statements that are known to end no way, and are told because of what they do beside it. */
const BESIDE = new Set(['masquerade', 'snat', 'dnat', 'redirect', 'notrack', 'flow'])

/** @param blind fields that a packet does not have yet, or no longer has, where the rule's chain is asked */
export function readRule(rule: RuleObject, place: string, book: Book, blind: Blind): RuleReading {
  const scope = `${rule.family} ${rule.table}`
  const conditions: Condition[] = []
  const rules: Rule[] = []
  const unread: Unread[] = []
  const told = {
    text: ruleText(rule.expr),
    ...(rule.comment !== undefined && { comment: rule.comment }),
  }
  /** Who does not know a statement does not know whether the way of a packet ends there. */
  const mayEnd = (statement: unknown): readonly Unread[] => {
    const text = short(statement)
    rules.push({ place, conditions: [...conditions], action: { kind: 'unknown', text }, ...told })
    return [{ place, text }]
  }
  for (const statement of rule.expr) {
    const [kind, inner] = single(statement) ?? ['', statement]
    const action = actionOf(kind, inner, scope)
    if (HARMLESS.has(kind)) continue
    if (kind === 'match') conditions.push(...readMatch(inner, scope, book, blind))
    else if (MAYBE.has(kind)) conditions.push(unknown(statement))
    else if (action) rules.push({ place, conditions: [...conditions], action, ...told })
    else if (kind === 'vmap') {
      const entries = vmapEntries(inner, scope, book, blind)
      if (!entries) unread.push(...mayEnd(statement))
      for (const one of entries ?? []) {
        const all = [...conditions, ...one.conditions]
        rules.push({ place, conditions: all, action: one.action, ...told })
      }
    } else if (BESIDE.has(kind)) unread.push({ place, text: short(statement) })
    else if (!(kind === 'mangle' && marksOnly(inner))) unread.push(...mayEnd(statement))
  }
  return { rules, unread }
}

function actionOf(kind: string, inner: unknown, scope: string): Action | undefined {
  switch (kind) {
    case 'accept':
      return { kind: 'accept' }
    case 'drop':
    case 'reject':
      return { kind: 'deny' }
    case 'return':
      return { kind: 'back' }
    case 'jump':
    case 'goto': {
      const target =
        typeof inner === 'object' && inner !== null && 'target' in inner && inner.target
      if (typeof target !== 'string') return undefined
      return { kind: kind === 'jump' ? 'call' : 'go', chain: `${scope} ${target}` }
    }
    case 'queue':
      return { kind: 'unknown', text: 'queue' }
    default:
      return undefined
  }
}

interface Entry {
  readonly conditions: readonly Condition[]
  readonly action: Action
}

/** One rule per entry of a map: keys of a map lie apart, so their order says nothing. */
function vmapEntries(
  inner: unknown,
  scope: string,
  book: Book,
  blind: Blind,
): readonly Entry[] | undefined {
  if (typeof inner !== 'object' || inner === null || !('key' in inner) || !('data' in inner)) {
    return undefined
  }
  const elements = elementsOf(inner.data, scope, book)
  if (!elements) return undefined
  const entries = elements.map((element): Entry | undefined => {
    if (!Array.isArray(element) || element.length !== 2) return undefined
    const [kind, target] = single(element[1]) ?? []
    const action = kind === undefined ? undefined : actionOf(kind, target, scope)
    const conditions = keyCondition(inner.key, [element[0]], false, blind)
    return action && conditions && { conditions, action }
  })
  return entries.every((entry) => entry !== undefined) ? entries : undefined
}

/** Marks, priorities and parts of a packet that no field here has: who asks for them is not told anyway. */
function marksOnly(inner: unknown): boolean {
  if (typeof inner !== 'object' || inner === null || !('key' in inner)) return false
  const [kind, subject] = single(inner.key) ?? []
  if (kind === undefined || !Object.hasOwn(WRITTEN, kind)) return false
  const named = (subject ?? {}) as Readonly<Record<string, unknown>>
  const key = [named['key'], named['protocol'], named['name'], named['field']]
  return WRITTEN[kind]!.includes(key.filter((part) => typeof part === 'string').join(' '))
}

const WRITTEN: Readonly<Record<string, readonly string[]>> = {
  meta: ['mark', 'priority', 'nftrace'],
  ct: ['mark', 'label'],
  payload: ['ip dscp', 'ip ecn', 'ip ttl', 'ip6 dscp', 'ip6 ecn', 'ip6 hoplimit'],
  'tcp option': ['maxseg size'],
}

const short = (value: unknown): string => JSON.stringify(value).slice(0, 200)
