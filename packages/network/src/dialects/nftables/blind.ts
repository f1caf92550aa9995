import type { Field } from '../../space/field.ts'
import { single } from './json.ts'
import type { ChainObject, RuleObject, SetObject } from './json.ts'

/** Fields that a packet does not have yet, or no longer has, at a hook. What is asked about them, nobody here can tell. */
export type Blind = ReadonlySet<Field>

/** Priority at which connections are tracked before routing (`NF_IP_PRI_CONNTRACK`); who is asked earlier knows no state. */
const CONNTRACK = -200
const NOTHING: Blind = new Set()

/** Priorities at which targets and senders are written anew (`NF_IP_PRI_NAT_DST`, `NF_IP_PRI_NAT_SRC`). */
const [TARGETS, SENDERS] = [-100, 100]
const TRANSLATES = new Set(['dnat', 'snat', 'masquerade', 'redirect', 'tproxy'])

/** Of a packet as it is forwarded: who is asked before its target, or behind its sender, is written anew sees another. */
function rewrittenAt({ hook, prio }: ChainObject): readonly Field[] {
  const at = prio ?? 0
  if (hook === 'ingress' || (hook === 'prerouting' && at <= TARGETS))
    return ['target', 'targetPort']
  if (hook === 'egress' || (hook === 'postrouting' && at >= SENDERS))
    return ['source', 'sourcePort']
  return []
}

function blindAt({ hook, prio }: ChainObject): readonly Field[] {
  switch (hook) {
    case 'ingress':
      return ['out', 'state', 'direction']
    case 'prerouting':
      return (prio ?? 0) <= CONNTRACK ? ['out', 'state', 'direction'] : ['out']
    case 'input':
      return ['out']
    case 'output':
      return ['in', 'sourceMac']
    case 'postrouting':
    case 'egress':
      return ['in', 'sourceMac']
    default:
      return []
  }
}

/** What each chain cannot see: what one of the hooks cannot see from which it is reached, by itself or through other chains. */
export function blindness(
  chains: readonly ChainObject[],
  rules: readonly RuleObject[],
  sets: ReadonlyMap<string, SetObject>,
): (chain: string) => Blind {
  const rulesOf = Map.groupBy(rules, chainOf)
  const blind = new Map<string, Set<Field>>()
  const reach = (name: string, fields: readonly Field[], seen: Set<string>): void => {
    if (seen.has(name)) return
    seen.add(name)
    const known = blind.get(name) ?? new Set()
    for (const field of fields) known.add(field)
    blind.set(name, known)
    for (const rule of rulesOf.get(name) ?? []) {
      const scope = `${rule.family} ${rule.table}`
      const elements = (set: string) => sets.get(`${scope} ${set}`)?.elem
      for (const target of targetsIn(rule.expr, elements)) reach(`${scope} ${target}`, fields, seen)
    }
  }
  const translates = rules.some(({ expr }) =>
    expr.some((statement) => TRANSLATES.has(single(statement)?.[0] ?? '')),
  )
  for (const chain of chains) {
    if (chain.hook === undefined) continue
    const fields = [...blindAt(chain), ...(translates ? rewrittenAt(chain) : [])]
    reach(`${chain.family} ${chain.table} ${chain.name}`, fields, new Set())
  }
  return (chain) => blind.get(chain) ?? NOTHING
}

const chainOf = ({ family, table, chain }: RuleObject): string => `${family} ${table} ${chain}`

/** Chains named anywhere in a rule: by itself, or as a verdict of a map, with a name or without. */
function targetsIn(value: unknown, elements: (set: string) => unknown): readonly string[] {
  if (typeof value === 'string') {
    return value.startsWith('@') ? targetsIn(elements(value.slice(1)), () => undefined) : []
  }
  const [kind, inner] = single(value) ?? []
  if (kind === 'jump' || kind === 'goto') {
    const target = typeof inner === 'object' && inner !== null && 'target' in inner && inner.target
    return typeof target === 'string' ? [target] : []
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap((one) => targetsIn(one, elements))
}
