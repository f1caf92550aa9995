import type { Action, Condition, Filter, Hook, Rule, Unread } from '../../filter/filter.ts'
import { only, PROTOCOLS } from '../../space/field.ts'
import type { Block } from '../cisco-blocks.ts'
import { timeRangeHolds } from '../cisco-time.ts'
import { endsOf } from '../reach.ts'
import type { Ends } from '../reach.ts'
import {
  answerRules,
  directionSpan,
  inside,
  othersThan,
  packetRule,
  stateSpan,
  STATES_UNSAID,
} from '../session.ts'
import type { Service, SessionRule } from '../session.ts'
import type { Ace } from './ace.ts'
import { icmpKind } from './icmp.ts'
import { plugsOf } from './interfaces.ts'
import type { Plugs, Used } from './interfaces.ts'
import { readBlocks } from './lines.ts'
import { listsOf } from './lists.ts'
import type { Entry, Lists } from './lists.ts'
import { bookOf } from './objects.ts'

export interface CiscoIosReadOptions {
  /** The instant at which time ranges are told, in seconds since 1970; the clock of the machine is taken to be in Japan time. */
  readonly at: number
}

/**
 * A configuration of IOS 15 or IOS XE (`show running-config`, or the part of it that is about access lists) as a filter. A packet must be let through by the list
 * of the interface where it comes in and by the one where it goes out; an interface without a list lets through whatever there is.
 *
 * Lists keep no connections. So a packet is an answer only when the lists let through the one that asked: answers are held to that first. What `reflect` writes
 * down and `evaluate` asks for is read as the answers to what the line with `reflect` lets through. Whatever is not understood is in `unread`.
 *
 * Sources: Cisco IOS Security Command Reference, `ip access-list`, `permit (IP)`, `evaluate`, `permit (reflexive)`; Security Configuration Guide: Access Control
 * Lists, "IP Access List Overview", "Object Groups for ACLs".
 */
export function readCiscoIos(text: string, options: CiscoIosReadOptions): Filter {
  const { blocks, unread: odd } = readBlocks(text)
  const plugs = plugsOf(blocks)
  const unread: Unread[] = [...odd, ...plugs.unread, ...drops(blocks)]
  const lists = listsOf(blocks, bookOf(blocks))
  if (plugs.used.length === 0) unread.push({ place: '', text: 'ip access-group' })
  const ranges = Map.groupBy(
    blocks.filter(({ words }) => words[0] === 'time-range'),
    ({ words }) => words[1] ?? '',
  )
  const reader: Reader = {
    plugs,
    lists,
    ranges,
    at: options.at,
    unread,
    chains: new Map(),
    placed: new Map(),
  }
  const [into, outOf] = (['in', 'out'] as const).map((way) =>
    plugs.used.filter((one) => one.way === way),
  )
  const goingOut = outOf!.flatMap((used) => listRules(reader, used))
  const chains = new Map<string, readonly Rule[]>([
    ['answers out', outOf!.flatMap((used) => askedRules(reader, used))],
    ['answers in', into!.flatMap((used) => askedRules(reader, used))],
    ['access-group out', goingOut],
    ['access-group in', [...into!.flatMap((used) => listRules(reader, used)), ...bare(plugs)]],
    ...reader.chains,
  ])
  return {
    hooks: HOOKS,
    chains,
    unread: once(unread),
    unsaid: [
      STATES_UNSAID,
      { about: 'PLUGS', box: [['out', othersThan(plugs.names)]] },
      { about: 'PLUGS', box: [['in', othersThan(plugs.names)]] },
    ],
  }
}

const REPLY: readonly Condition[] = [inside('direction', [directionSpan('reply')])]

/**
 * All must let a packet through, and the last that does is named. Of a first packet that is the line where it came in; of an answer, the line that let in the question:
 * without it there would be no answer, whichever line that one passes by.
 */
const HOOKS: readonly Hook[] = [
  { chain: 'access-group out', families: [4, 6], policy: 'accept' },
  { chain: 'access-group in', families: [4, 6], policy: 'deny' },
  { chain: 'answers out', families: [4, 6], policy: 'accept', conditions: REPLY },
  { chain: 'answers in', families: [4, 6], policy: 'accept', conditions: REPLY },
]

interface Reader {
  readonly plugs: Plugs
  readonly lists: Lists
  readonly ranges: ReadonlyMap<string, readonly Block[]>
  readonly at: number
  readonly unread: Unread[]
  /** What `evaluate` asks for, by name. */
  readonly chains: Map<string, readonly Rule[]>
  readonly placed: Map<Used, readonly Placed[] | undefined>
  reflectors?: ReadonlyMap<string, readonly Reflector[]>
}

const once = (unread: readonly Unread[]): readonly Unread[] => [
  ...new Map(unread.map((one) => [`${one.place}\n${one.text}`, one])).values(),
]

/** Maps that drop what a list lets through, nobody here can tell what. */
const drops = (blocks: readonly Block[]): readonly Unread[] =>
  blocks.flatMap(({ words, inner }) =>
    words[0] === 'policy-map'
      ? inner
          .filter(([word]) => word === 'drop' || word === 'inspect')
          .map((line) => ({ place: words.join(' '), text: line.join(' ') }))
      : [],
  )

/** Interfaces that are asked of no list let through, to wherever no list is asked either. */
function bare({ names, used, carries, lines }: Plugs): readonly Rule[] {
  const listed = (way: Used['way'], family: 4 | 6): ReadonlySet<string> =>
    new Set(used.filter((one) => one.way === way && one.family === family).map(({ plug }) => plug))
  return ([4, 6] as const).flatMap((family) => {
    const [into, outOf] = [listed('in', family), listed('out', family)]
    const here = names.filter((name) => carries(name, family))
    const line = (name: string) => {
      const found = lines.get(name)
      return found === undefined ? {} : { line: found, text: `interface ${name}` }
    }
    return here
      .filter((name) => !into.has(name))
      .flatMap((name) => {
        const to = (out: readonly string[], action: Action): readonly Rule[] =>
          out.length === 0
            ? []
            : [
                packetRule({
                  place: `interface ${name}`,
                  ...line(name),
                  action,
                  families: [family],
                  in: [only(name)],
                  out: out.map((other) => only(other)),
                }),
              ]
        return [
          // Where the way out asks a list, that list is what people look for.
          ...to(
            here.filter((other) => outOf.has(other)),
            { kind: 'go', chain: 'access-group out' },
          ),
          ...to(
            here.filter((other) => !outOf.has(other)),
            { kind: 'accept' },
          ),
        ]
      })
  })
}

/** An entry at a plug; `problem` when something of it is not understood. */
interface Placed {
  readonly entry: Entry
  readonly rule: Omit<SessionRule, 'families'>
  readonly problem: boolean
  readonly ace?: Ace
}

const placeOf = (list: string): string => `access-list ${list}`

/** The entries of a list where it is asked that hold at this time, in their order. */
function placed(reader: Reader, used: Used): readonly Placed[] | undefined {
  if (!reader.placed.has(used)) reader.placed.set(used, placedNow(reader, used))
  return reader.placed.get(used)
}

function placedNow(reader: Reader, used: Used): readonly Placed[] | undefined {
  const entries = reader.lists.get(`${used.family} ${used.list}`)
  if (!entries || entries.length === 0) return undefined
  return entries.flatMap((entry): readonly Placed[] => {
    const place = `${placeOf(used.list)} #${entry.number}`
    const { ace } = entry
    const range = ace?.timeRange
    const when = range === undefined ? 'yes' : timeRangeHolds(reader.ranges.get(range), reader.at)
    const problems = ace
      ? [
          ...ace.source.unread,
          ...ace.target.unread,
          ...(when === 'unread' ? [`time-range ${range}`] : []),
          ...(ace.fragments && ace.action === 'accept' ? [entry.text] : []),
        ]
      : entry.evaluate === undefined
        ? [entry.text]
        : []
    reader.unread.push(...problems.map((text) => ({ place, text })))
    if (when === 'no') return []
    // It holds nothing that is whole, nor the first part of what is cut.
    if (ace?.fragments === true && ace.action === 'deny') return []
    const unsure = [
      ...(problems.length > 0 ? [place] : []),
      ...(ace?.unsure ?? []),
      ...(when === 'maybe' ? [`time-range ${range}`] : []),
    ]
    return [
      {
        entry,
        problem: problems.length > 0,
        ...(ace && { ace }),
        rule: {
          place,
          line: entry.line,
          text: entry.text,
          action: actionOf(entry),
          [used.way]: [only(used.plug)],
          ...(entry.remark !== undefined && { comment: entry.remark }),
          ...(unsure.length > 0 && { unsure: unsure.join(', ') }),
        },
      },
    ]
  })
}

const actionOf = ({ ace, action, text }: Entry): Action => {
  const kind = ace?.action ?? action
  return kind === undefined ? { kind: 'unknown', text: text.slice(0, 200) } : { kind }
}

/** The rules of one entry, in the family of its list. */
function rulesOf({ ace, rule, problem }: Placed, family: 4 | 6): readonly SessionRule[] {
  if (!ace || problem) return [{ ...rule, families: [family] }]
  const ends: readonly Ends[] = endsOf(
    { reach: ace.source, negated: false },
    { reach: ace.target, negated: false },
    family,
  )
  return ends.map((end) => {
    const unsure = [rule.unsure, end.unsure].filter((one) => one !== undefined).join(', ')
    return {
      ...rule,
      ...end,
      services: { any: ace.services, negated: false },
      ...(unsure !== '' && { unsure }),
    }
  })
}

/** What a list does where it is asked. */
function listRules(reader: Reader, used: Used): readonly Rule[] {
  const { family, list } = used
  const here = { families: [family], [used.way]: [only(used.plug)] } as const
  const all = placed(reader, used)
  if (!all) {
    // A machine takes a list that is not there as one that lets everything through; here it may only be missing in what was handed in.
    const text = `${family === 4 ? 'ip access-group' : 'ipv6 traffic-filter'} ${list}`
    reader.unread.push({ place: `interface ${used.plug}`, text })
    return [packetRule({ place: placeOf(list), action: { kind: 'unknown', text }, ...here })]
  }
  return [
    ...all.flatMap((one) => {
      if (one.entry.evaluate !== undefined) return evaluateRules(reader, used, one)
      return rulesOf(one, family).map((rule) => packetRule(rule, statesOf(one.ace, family)))
    }),
    ...(family === 6
      ? [packetRule({ place: placeOf(list), ...NEIGHBOURS, ...here }, UNOPENED)]
      : []),
    packetRule({ place: placeOf(list), action: { kind: 'deny' }, ...here }),
  ]
}

const UNOPENED: readonly Condition[] = [
  inside('state', (['related', 'invalid', 'untracked'] as const).map(stateSpan)),
]

/**
 * What each list of IPv6 permits at its end, before it denies: `permit icmp any any nd-na`, `permit icmp any any nd-ns` (IPv6 Access Control Lists, "Access Control
 * Lists for IPv6 Traffic Filtering"). Such a packet passes whatever address it goes to.
 */
const NEIGHBOURS: Pick<SessionRule, 'action' | 'services'> = {
  action: { kind: 'accept' },
  services: {
    any: [135n, 136n].map((type) => ({
      protocol: [only(BigInt(PROTOCOLS.icmpv6))],
      sourcePort: [only(type)],
    })),
    negated: false,
  },
}

/** What a packet shows of its connection: flags that a first packet does not have, and types of ICMP that open none. */
function statesOf(ace: Ace | undefined, family: 4 | 6): readonly Condition[] {
  if (!ace) return []
  const states = (...names: readonly Parameters<typeof stateSpan>[0][]): readonly Condition[] => [
    inside('state', names.map(stateSpan)),
  ]
  if (ace.established) return states('established', 'invalid', 'untracked')
  const [service, ...more] = ace.services
  const icmp = BigInt(family === 4 ? PROTOCOLS.icmp : PROTOCOLS.icmpv6)
  const types = service?.sourcePort
  if (more.length > 0 || service?.protocol?.[0]?.from !== icmp || !types) return []
  switch (icmpKind(types, family)) {
    case 'opens':
      return [
        ...states('new', 'established', 'invalid'),
        inside('direction', [directionSpan('original')]),
      ]
    case 'answers':
      return states('established', 'invalid')
    case 'neither':
      return states('related', 'invalid', 'untracked')
    case 'any':
      return []
  }
}

/**
 * The same list, asked about the packet that an answer answers: where that was held, there is no answer. Lines for packets that are not the first, and for answers,
 * open no connection.
 */
function askedRules(reader: Reader, used: Used): readonly Rule[] {
  const { family, list, way } = used
  const all = placed(reader, used)
  if (!all) return []
  return [
    ...all.flatMap((one) => {
      if (one.entry.evaluate !== undefined) return reflectedEcho(reader, used, one)
      if (one.ace?.established === true) return []
      return rulesOf(one, family).flatMap((rule) => answerRules(rule))
    }),
    ...answerRules({
      place: placeOf(list),
      action: { kind: 'deny' },
      families: [family],
      [way]: [only(used.plug)],
    }),
  ]
}

const ECHO = {
  4: [{ protocol: [only(BigInt(PROTOCOLS.icmp))] }],
  6: [{ protocol: [only(BigInt(PROTOCOLS.icmpv6))] }],
} as const satisfies Record<4 | 6, readonly Service[]>

/** While somebody's echo is written down, ICMP of any kind passes the other way: it may open what it likes. */
const reflectedEcho = (reader: Reader, { family }: Used, { rule, entry }: Placed) =>
  reflectors(reader, entry.evaluate!, family).some(({ one }) => mayBeIcmp(one.ace, family))
    ? answerRules({
        ...rule,
        action: { kind: 'accept' },
        families: [family],
        services: { any: ECHO[family], negated: false },
        unsure: rule.text ?? '',
      })
    : []

const mayBeIcmp = (ace: Ace | undefined, family: 4 | 6): boolean =>
  ace?.services.some(
    ({ protocol }) => !protocol || protocol[0]?.from === ECHO[family][0].protocol[0].from,
  ) === true

/** An entry that writes down, where its list is asked. */
interface Reflector {
  readonly used: Used
  readonly one: Placed
}

/** Names under which is written down, at most: each is a way of its own through its lists, and a hostile text has as many as it likes. */
const MOST_NAMES = 256

/** The entries that write down under a name. */
function reflectors(reader: Reader, name: string, family: 4 | 6): readonly Reflector[] {
  reader.reflectors ??= Map.groupBy(
    reader.plugs.used.flatMap((used) =>
      (placed(reader, used) ?? [])
        .filter(({ ace }) => ace?.reflect !== undefined)
        .map((one): Reflector => ({ used, one })),
    ),
    ({ used, one }) => `${used.family} ${one.ace!.reflect}`,
  )
  if (reader.reflectors.size > MOST_NAMES) return []
  return reader.reflectors.get(`${family} ${name}`) ?? []
}

/** `evaluate NAME`: the answers to what a line with `reflect NAME` let through, and what else such a line lets through. */
function evaluateRules(reader: Reader, used: Used, { rule, entry }: Placed): readonly Rule[] {
  const name = entry.evaluate!
  const { family } = used
  const here = { ...rule, families: [family] } as const
  const found = reflectors(reader, name, family)
  if (found.length === 0) {
    reader.unread.push({ place: rule.place, text: entry.text })
    return [packetRule({ ...here, unsure: entry.text })]
  }
  const [answers, echoes] = [`evaluate ${family} ${name}`, `evaluate icmp ${family} ${name}`]
  if (!reader.chains.has(answers)) {
    reader.chains.set(answers, answersTo(reader, found, name))
    reader.chains.set(
      echoes,
      found.flatMap(({ one }) => echoRules(one, family)),
    )
  }
  return [
    packetRule({ ...here, action: { kind: 'call', chain: answers } }, [
      inside('state', [stateSpan('established')]),
      ...REPLY,
    ]),
    packetRule({ ...here, action: { kind: 'call', chain: echoes } }),
  ]
}

/** Each list that writes down under the name is gone through in its order, for a line that speaks before writes nothing down under it. */
function answersTo(reader: Reader, found: readonly Reflector[], name: string): readonly Rule[] {
  const lists = new Set(found.map(({ used }) => used))
  return [...lists].map((from): Rule => {
    const { family, way, plug } = from
    const chain = `evaluate ${family} ${name} ${way} ${plug}`
    reader.chains.set(chain, writtenDown(reader, from, name))
    return packetRule({ place: name, action: { kind: 'call', chain }, families: [family] })
  })
}

/** The list at a plug, turned round: what its lines write down under a name comes back. */
const writtenDown = (reader: Reader, from: Used, name: string): readonly Rule[] =>
  (placed(reader, from) ?? []).flatMap((one) => {
    if (one.entry.evaluate !== undefined || one.ace?.established === true) return []
    const action: Action = one.ace?.reflect === name ? { kind: 'accept' } : { kind: 'back' }
    return rulesOf(one, from.family).flatMap((rule) => answerRules({ ...rule, action }))
  })

/** What is written down for an echo lets through all of ICMP between the two, also what nobody asked for. */
function echoRules(reflector: Placed, family: 4 | 6): readonly Rule[] {
  const { place, text, line, unsure = '' } = reflector.rule
  if (!mayBeIcmp(reflector.ace, family)) return []
  return rulesOf(reflector, family).map(({ source, target }) =>
    packetRule({
      place,
      action: { kind: 'accept' },
      families: [family],
      ...(text !== undefined && { text }),
      ...(line !== undefined && { line }),
      ...(target && { source: target }),
      ...(source && { target: source }),
      services: { any: ECHO[family], negated: false },
      unsure: `${unsure} reflect`.trim(),
    }),
  )
}
