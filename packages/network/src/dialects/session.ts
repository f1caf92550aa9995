/**
 * Firewalls that decide by the first packet of a connection and let its answers follow: one rule of theirs is two of ours, the way there and the way back. In
 * order this is exact: an answer passes by the first rule that speaks about the connection, as its first packet did.
 */
import type { Action, Condition, Filter, Rule, Unread, Unsaid } from '../filter/filter.ts'
import { between, DIRECTIONS, only, PROTOCOLS, STATES } from '../space/field.ts'
import type { Field, Key, Span } from '../space/field.ts'

/** What is asked of protocol and ports, all together; what is not named may be anything. For ICMP the ports are type and code. */
export interface Service {
  readonly protocol?: readonly Span[]
  readonly sourcePort?: readonly Span[]
  readonly targetPort?: readonly Span[]
}

/** Values of one field, or all but these. */
export interface Values {
  readonly spans: readonly Span[]
  readonly negated: boolean
}

/** One rule of such a firewall; what is not named may be anything. */
export interface SessionRule {
  readonly place: string
  readonly comment?: string
  /** As the text says it, and the line of the text. */
  readonly text?: string
  readonly line?: number
  readonly action: Action
  readonly families: readonly (4 | 6)[]
  readonly in?: readonly Span[]
  readonly out?: readonly Span[]
  readonly source?: Values
  readonly target?: Values
  readonly sourceMac?: readonly Span[]
  readonly services?: { readonly any: readonly Service[]; readonly negated: boolean }
  /** A further condition that nobody here can tell. */
  readonly unsure?: string
}

export const stateSpan = (name: (typeof STATES)[number]): Span => only(BigInt(STATES.indexOf(name)))
export const directionSpan = (name: (typeof DIRECTIONS)[number]): Span =>
  only(BigInt(DIRECTIONS.indexOf(name)))

/** What these texts say nothing about: the machine knows of itself what is the report of a fault, and what belongs to no connection. */
export const STATES_UNSAID: Unsaid = {
  about: 'STATES',
  box: [['state', [stateSpan('related'), stateSpan('invalid'), stateSpan('untracked')]]],
}

/**
 * The filter that rules of one list make, the first that speaks deciding and none meaning no.
 *
 * @param chain what people call the denial at the end
 */
export const sessionFilter = (
  chain: string,
  rules: readonly Rule[],
  unread: readonly Unread[],
): Filter => ({
  hooks: [{ chain, families: [4, 6], policy: 'deny' }],
  chains: new Map([[chain, rules]]),
  unread,
  unsaid: [STATES_UNSAID],
})

/**
 * The way there and the way back of one rule.
 *
 * @param tracksEcho false where the machine keeps no track of ICMP: then nobody can tell whether an answer to an echo passes
 */
export const sessionRules = (rule: SessionRule, tracksEcho = true): readonly Rule[] => [
  thereOf(rule),
  ...backOf(rule, tracksEcho),
]

/** The way back of one rule: the answers to what it speaks about. */
export const answerRules = (rule: SessionRule): readonly Rule[] => backOf(rule, true)

/**
 * A rule that looks at each packet by itself and keeps no connections.
 *
 * @param states conditions about the connection, for a machine that sees something of it in the packet
 */
export const packetRule = (rule: SessionRule, states: readonly Condition[] = []): Rule =>
  ruled(rule, [...states, ...askedThere(rule)])

function thereOf(rule: SessionRule): Rule {
  return ruled(rule, [
    inside('state', [stateSpan('new'), stateSpan('established')]),
    inside('direction', [directionSpan('original')]),
    ...askedThere(rule),
  ])
}

function askedThere(rule: SessionRule): readonly Condition[] {
  return [
    ...optional('in', rule.in),
    ...optional('out', rule.out),
    ...values('source', rule.source),
    ...values('target', rule.target),
    ...optional('sourceMac', rule.sourceMac),
    ...(rule.services ? [servicesIn(rule.services.any, rule.services.negated)] : []),
  ]
}

// Of the one who opened the connection a firewall sees no MAC address in an answer: it may have had the right one or not.
function backOf(rule: SessionRule, tracksEcho: boolean): readonly Rule[] {
  const { any, negated } = rule.services ?? { any: [{}], negated: false }
  const asked = [
    inside('state', [stateSpan('established')]),
    inside('direction', [directionSpan('reply')]),
    ...optional('in', rule.out),
    ...optional('out', rule.in),
    ...values('source', rule.target),
    ...values('target', rule.source),
    ...(rule.sourceMac ? [{ kind: 'unknown' as const, text: 'MAC' }] : []),
  ]
  const answers = any.flatMap(answered)
  if (tracksEcho) {
    const possible = negated ? [servicesIn(answered({}), false)] : []
    return [ruled(rule, [...asked, servicesIn(answers, negated), ...possible])]
  }
  const echoes = answers.filter(isEcho)
  const others = answers.filter((one) => !isEcho(one))
  const unsure = { kind: 'unknown', text: 'inspect icmp' } as const
  return [
    ruled(rule, [...asked, servicesIn(others, false)]),
    ...(echoes.length > 0 ? [ruled(rule, [...asked, servicesIn(echoes, false), unsure])] : []),
  ]
}

const isEcho = ({ protocol }: Service): boolean =>
  protocol?.length === 1 && ICMP_ANSWERS.has(Number(protocol[0]!.from))

function ruled(rule: SessionRule, conditions: readonly Condition[]): Rule {
  const families = rule.families.map((family) => only(BigInt(family)))
  const unsure: readonly Condition[] =
    rule.unsure === undefined ? [] : [{ kind: 'unknown', text: rule.unsure }]
  return {
    place: rule.place,
    conditions: [inside('family', families), ...conditions, ...unsure],
    action: rule.action,
    ...(rule.comment !== undefined && { comment: rule.comment }),
    ...(rule.text !== undefined && { text: rule.text }),
    ...(rule.line !== undefined && { line: rule.line }),
  }
}

export const inside = (field: Field, spans: readonly Span[], negated = false): Condition => ({
  kind: 'in',
  fields: [field],
  boxes: [[spans]],
  negated,
})

const optional = (field: Field, spans: readonly Span[] | undefined): readonly Condition[] =>
  spans ? [inside(field, spans)] : []

const values = (field: Field, asked: Values | undefined): readonly Condition[] =>
  asked ? [inside(field, asked.spans, asked.negated)] : []

const BYTE: readonly Span[] = [between(0n, 255n)]
const PORT: readonly Span[] = [between(0n, 65_535n)]

const servicesIn = (services: readonly Service[], negated: boolean): Condition => ({
  kind: 'in',
  fields: ['protocol', 'sourcePort', 'targetPort'],
  boxes: services.map((one) => [
    one.protocol ?? BYTE,
    one.sourcePort ?? PORT,
    one.targetPort ?? PORT,
  ]),
  negated,
})

/** Which type of ICMP answers which (RFC 792, RFC 4443); reports of faults are no answers. */
const ICMP_ANSWERS: ReadonlyMap<number, ReadonlyMap<bigint, bigint>> = new Map([
  [
    PROTOCOLS.icmp,
    new Map([
      [8n, 0n],
      [13n, 14n],
      [15n, 16n],
      [17n, 18n],
    ]),
  ],
  [PROTOCOLS.icmpv6, new Map([[128n, 129n]])],
])

/** Every protocol but those two, whose ports are no ports. */
const WITH_PORTS: readonly Span[] = [between(0n, 0n), between(2n, 57n), between(59n, 255n)]

/** The answers to what is asked. */
function answered(service: Service): readonly Service[] {
  const protocols = service.protocol ?? BYTE
  const withPorts = protocols.flatMap((span) => WITH_PORTS.flatMap((other) => meet(span, other)))
  const swapped: Service = {
    protocol: withPorts,
    ...(service.targetPort && { sourcePort: service.targetPort }),
    ...(service.sourcePort && { targetPort: service.sourcePort }),
  }
  const echoes = [...ICMP_ANSWERS]
    .filter(([protocol]) => protocols.some((span) => holds(span, BigInt(protocol))))
    .map(([protocol, answers]) => ({
      protocol: [only(BigInt(protocol))],
      sourcePort: [...answers]
        .filter(([asked]) => (service.sourcePort ?? PORT).some((span) => holds(span, asked)))
        .map(([, answer]) => only(answer)),
    }))
  return [swapped, ...echoes].filter(
    (one) => one.protocol?.length !== 0 && one.sourcePort?.length !== 0,
  )
}

const holds = ({ from, until }: Span, key: Key): boolean =>
  from <= key && (until === undefined || key < until)

function meet(a: Span, b: Span): readonly Span[] {
  const from = a.from > b.from ? a.from : b.from
  const until = a.until! < b.until! ? a.until! : b.until!
  return from < until ? [{ from, until }] : []
}

/** All names of interfaces but these. */
export function othersThan(names: readonly string[]): readonly Span[] {
  const cuts = names.toSorted().map((name) => only(name))
  return [...cuts, undefined].map((next, index) => {
    const from = index === 0 ? '' : cuts[index - 1]!.until!
    return { from, ...(next && { until: next.from }) }
  })
}
