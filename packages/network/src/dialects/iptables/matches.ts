/** Match extensions (iptables-extensions(8)): what each option asks for. */
import type { Field } from '../../space/field.ts'
import { hold, holdBoth, NEVER, unknown } from './draft.ts'
import type { Draft, Match, Option, ReadOption } from './draft.ts'
import { MOVING } from './moving.ts'
import { setCondition } from './sets.ts'
import { icmpSpans, instantOf, macSpans, portListSpans, portSpans, rangeSpans } from './value.ts'

const PORTED = [6, 17, 33, 132, 136]

const port =
  (field: Field): ReadOption =>
  (draft, [value], negated) =>
    hold(draft, field, portSpans(value!), negated)

const ports =
  (field: Field): ReadOption =>
  (draft, [value], negated) =>
    hold(draft, field, portListSpans(value!), negated)

const eitherPorts: ReadOption = (draft, [value], negated) => {
  const spans = portListSpans(value!)
  if (!spans) return false
  const boxes = [[spans, []] as const, [[], spans] as const]
  return holdBoth(draft, ['sourcePort', 'targetPort'], boxes, negated)
}

const PORT_OPTIONS: Readonly<Record<string, Option>> = {
  '--sport': { values: 1, read: port('sourcePort') },
  '--source-port': { values: 1, read: port('sourcePort') },
  '--dport': { values: 1, read: port('targetPort') },
  '--destination-port': { values: 1, read: port('targetPort') },
}

/** Something a packet has and nothing here tells apart: some that are alike here have it, some have not. */
const maybe =
  (name: string): ReadOption =>
  (draft, values) => {
    draft.conditions.push(unknown([name, ...values].join(' ')))
    return true
  }

/** The same, asked of the connection. */
const ofFirst =
  (name: string): ReadOption =>
  (draft, values, negated) => {
    draft.tracked.at(-1)!.aside = true
    return maybe(name)(draft, values, negated)
  }

const ported = (protocols: readonly number[], more: Match['options'] = {}): Match => ({
  options: { ...PORT_OPTIONS, ...more },
  begin: (draft) => void draft.needs.push(protocols),
})

const icmp: ReadOption = (draft, [value], negated) => {
  const spans = icmpSpans(value!, draft.book.family)
  if (!spans) return false
  const { type, code } = spans
  if (type.length > 0) {
    return holdBoth(draft, ['sourcePort', 'targetPort'], [[type, code]], negated)
  }
  if (negated) draft.conditions.push(NEVER)
  return true
}

const icmpMatch = (option: string, number: number): Match => ({
  options: { [option]: { values: 1, read: icmp } },
  begin: (draft) => void draft.needs.push([number]),
})

const states: ReadOption = (draft, [value], negated) => {
  const tracking = draft.tracked.at(-1)!
  if (tracking.states !== undefined) return false
  tracking.states = { names: value!.split(','), negated }
  return true
}

const direction: ReadOption = (draft, [value], negated) => {
  const tracking = draft.tracked.at(-1)!
  if (negated || tracking.direction !== undefined) return false
  tracking.direction = value!
  return true
}

const track = (draft: Draft): void => void draft.tracked.push({})

const range =
  (field: Field): ReadOption =>
  (draft, [value], negated) =>
    hold(draft, field, rangeSpans(value!, draft.book.family), negated)

const day =
  (holds: (at: number, limit: number) => boolean): ReadOption =>
  (draft, [value], negated) => {
    const limit = instantOf(value!)
    if (limit === undefined || negated) return false
    // It turns at a first second, and behind a last one.
    draft.book.turns.add(holds(limit + 1, limit) ? limit : limit + 1)
    if (!holds(draft.book.at, limit)) draft.conditions.push(NEVER)
    return true
  }

const set: ReadOption = (draft, [name, ends], negated) => {
  const condition = setCondition(draft.book.sets, name!, ends!, draft.book.family)
  if (!condition) return false
  draft.conditions.push(negated ? { ...condition, negated } : condition)
  return true
}

/** Whose program it is of the machine itself: no kernel takes that in a chain of forwarded packets. */
const ofProgram: ReadOption = ({ book }) => book.ofBox === true

/**
 * By name behind `-m`. What is known only by its form may hold or not, whatever it asks for: a line with it counts as one that decides and as one that does not.
 * What is not here is not understood, for nobody can say where its options end.
 */
export const MATCHES: Readonly<Record<string, Match>> = {
  tcp: ported([6], {
    '--tcp-flags': { values: 2, read: maybe('--tcp-flags') },
    '--syn': { values: 0, read: maybe('--syn') },
    '--tcp-option': { values: 1, read: maybe('--tcp-option') },
  }),
  udp: ported([17]),
  udplite: ported([136]),
  sctp: ported([132], { '--chunk-types': { values: 2, read: maybe('--chunk-types') } }),
  dccp: ported([33], {
    '--dccp-types': { values: 1, read: maybe('--dccp-types') },
    '--dccp-option': { values: 1, read: maybe('--dccp-option') },
  }),
  icmp: icmpMatch('--icmp-type', 1),
  icmp6: icmpMatch('--icmpv6-type', 58),
  multiport: {
    options: {
      '--sports': { values: 1, read: ports('sourcePort') },
      '--source-ports': { values: 1, read: ports('sourcePort') },
      '--dports': { values: 1, read: ports('targetPort') },
      '--destination-ports': { values: 1, read: ports('targetPort') },
      '--ports': { values: 1, read: eitherPorts },
    },
    begin: (draft) => void draft.needs.push(PORTED),
  },
  iprange: {
    options: {
      '--src-range': { values: 1, read: range('source') },
      '--dst-range': { values: 1, read: range('target') },
    },
  },
  mac: {
    options: {
      '--mac-source': {
        values: 1,
        read: (draft, [value], negated) => hold(draft, 'sourceMac', macSpans(value!), negated),
      },
    },
  },
  conntrack: {
    options: {
      '--ctstate': { values: 1, read: states },
      '--ctdir': { values: 1, read: direction },
      // Of the first packet of the connection as it came, before its addresses were written anew.
      '--ctproto': { values: 1, read: ofFirst('--ctproto') },
      '--ctorigsrc': { values: 1, read: ofFirst('--ctorigsrc') },
      '--ctorigdst': { values: 1, read: ofFirst('--ctorigdst') },
      '--ctreplsrc': { values: 1, read: ofFirst('--ctreplsrc') },
      '--ctrepldst': { values: 1, read: ofFirst('--ctrepldst') },
      '--ctorigsrcport': { values: 1, read: ofFirst('--ctorigsrcport') },
      '--ctorigdstport': { values: 1, read: ofFirst('--ctorigdstport') },
      '--ctreplsrcport': { values: 1, read: ofFirst('--ctreplsrcport') },
      '--ctrepldstport': { values: 1, read: ofFirst('--ctrepldstport') },
      '--ctstatus': { values: 1, read: ofFirst('--ctstatus') },
      '--ctexpire': { values: 1, read: ofFirst('--ctexpire') },
    },
    begin: track,
  },
  state: { options: { '--state': { values: 1, read: states } }, begin: track },
  time: {
    options: {
      '--datestart': { values: 1, read: day((at, limit) => at >= limit) },
      '--datestop': { values: 1, read: day((at, limit) => at <= limit) },
      '--timestart': { values: 1, read: maybe('--timestart') },
      '--timestop': { values: 1, read: maybe('--timestop') },
      '--weekdays': { values: 1, read: maybe('--weekdays') },
      '--monthdays': { values: 1, read: maybe('--monthdays') },
      '--utc': { values: 0, read: () => true },
    },
  },
  comment: {
    options: {
      '--comment': {
        values: 1,
        read: (draft, [value]) => {
          draft.comment ??= value!
          return true
        },
      },
    },
  },
  set: {
    options: {
      '--match-set': { values: 2, read: set },
      // As it was called until 2011.
      '--set': { values: 2, read: set },
    },
  },
  owner: {
    options: {
      '--uid-owner': { values: 1, read: ofProgram },
      '--gid-owner': { values: 1, read: ofProgram },
      '--socket-exists': { values: 0, read: ofProgram },
      '--suppl-groups': { values: 0, read: ofProgram },
    },
    begin: (draft) => void draft.conditions.push(unknown('owner')),
  },
  ...MOVING,
}
