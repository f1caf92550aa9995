import type { Filter, Rule, Unread, Unsaid } from '../../filter/filter.ts'
import { only } from '../../space/field.ts'
import { NOBODY, together } from '../reach.ts'
import type { Reach } from '../reach.ts'
import { othersThan, sessionFilter, sessionRules } from '../session.ts'
import { reachOf } from './addresses.ts'
import { readRule } from './rules.ts'
import type { Around } from './rules.ts'
import { strangeSections } from './sections.ts'
import { nodeAt, readTree, valuesAt } from './syntax.ts'
import type { Node } from './syntax.ts'

export interface PaloAltoReadOptions {
  /** The instant at which schedules are told, in seconds since 1970; the clock of the machine is taken to be in Japan time. */
  readonly at: number
}

/**
 * Set commands of PAN-OS 10 and 11 as a filter: security rules in their order, the first that speaks deciding, then what holds within a zone and between zones, and
 * the answers of what was let through. Interfaces are zones here, for rules know no others. Whatever is not understood, and whatever rewrites addresses, is in `unread`.
 *
 * Sources: PAN-OS Web Interface Help, "Policies > Security", "Objects > Services", "Objects > Applications"; PAN-OS Administrator's Guide, "Security Policy Rules",
 * "NAT Policy Rules" (a rule asks for addresses before, and for zones after translation).
 */
export function readPaloAlto(text: string, options: PaloAltoReadOptions): Filter {
  const { root, unread: odd } = readTree(text)
  const nat = readNat(root)
  const unread: Unread[] = [...odd, ...strangeSections(root), ...nat.unread]
  const around: Around = {
    root,
    at: options.at,
    zones: zonesOf(root),
    translated: nat.translated,
  }
  const security = [...(nodeAt(root, ['rulebase', 'security', 'rules'])?.kids ?? [])]
  if (security.length === 0) unread.push({ place: '', text: 'set rulebase security rules' })
  const read = security.map(([name, node]) => readRule(around, name, node))
  unread.push(...read.flatMap((one) => one.unread))
  const within = defaultOf(root, 'intrazone-default', unread)
  const between = defaultOf(root, 'interzone-default', unread)
  const rules: readonly Rule[] = [
    ...read.flatMap((one) => one.rules),
    ...around.zones.flatMap((zone) => within({ in: [only(zone)], out: [only(zone)] })),
    ...around.zones.flatMap((zone) => between({ in: [only(zone)], out: othersThan([zone]) })),
  ]
  const filter = sessionFilter('interzone-default', rules, unread)
  return {
    ...filter,
    unsaid: [
      ...filter.unsaid!,
      // What two machines of one zone say to each other is not declared, and passes unless somebody set it otherwise.
      ...around.zones.map((zone): Unsaid => ({
        about: 'WITHIN',
        box: [
          ['in', [only(zone)]],
          ['out', [only(zone)]],
        ],
      })),
      ...(read.some(({ asksApplication }) => asksApplication)
        ? ([{ about: 'APPLICATIONS', box: [['protocol', []]] }] as const)
        : []),
    ],
  }
}

/** Every zone that is defined, or that a rule names. */
function zonesOf(root: Node): readonly string[] {
  const named = [...(nodeAt(root, ['rulebase', 'security', 'rules'])?.kids.values() ?? [])].flatMap(
    (rule) => [...valuesAt(rule, 'from'), ...valuesAt(rule, 'to')],
  )
  const all = new Set([...valuesAt(root, 'zone'), ...named])
  all.delete('any')
  return [...all].toSorted()
}

type Default = 'intrazone-default' | 'interzone-default'

/** What holds at the end: within a zone everything and between zones nothing, unless somebody set it otherwise. */
function defaultOf(root: Node, name: Default, unread: Unread[]) {
  const node = nodeAt(root, ['rulebase', 'default-security-rules', 'rules', name])
  const said = node ? valuesAt(node, 'action') : []
  const [action = name === 'intrazone-default' ? 'allow' : 'deny', ...more] = said
  const kind = action === 'allow' ? 'accept' : 'deny'
  if (more.length > 0) unread.push({ place: name, text: `action ${said.join(' ')}` })
  return (way: {
    readonly in: readonly ReturnType<typeof only>[]
    readonly out: Parameters<typeof sessionRules>[0]['out'] & {}
  }) =>
    sessionRules({
      place: name,
      action: { kind },
      families: [4, 6],
      ...way,
      ...(more.length > 0 && { unsure: name }),
    })
}

/** Rules that write addresses anew are told by name; what they say about targets decides whom a security rule really lets through to. */
function readNat(root: Node): {
  readonly translated: Reach | undefined
  readonly unread: readonly Unread[]
} {
  const rules = [...(nodeAt(root, ['rulebase', 'nat', 'rules'])?.kids ?? [])].filter(
    ([, node]) => valuesAt(node, 'disabled').join() !== 'yes',
  )
  const targets = rules.filter(([, node]) =>
    [...node.kids.keys()].some((key) => key.includes('destination-translation')),
  )
  return {
    translated:
      targets.length === 0
        ? undefined
        : together([
            NOBODY,
            ...targets.map(([, node]) => reachOf(root, valuesAt(node, 'destination'))),
          ]),
    unread: rules.map(([name]) => ({ place: `nat rule ${name}`, text: 'rulebase nat' })),
  }
}
