import type { Action, Filter, Rule, Unread, Unsaid } from '../../filter/filter.ts'
import { only } from '../../space/field.ts'
import type { Block } from '../cisco-blocks.ts'
import { timeRangeHolds } from '../cisco-time.ts'
import { endsOf } from '../reach.ts'
import { directionSpan, othersThan, sessionRules, STATES_UNSAID } from '../session.ts'
import type { SessionRule } from '../session.ts'
import { readAce } from './ace.ts'
import type { Ace } from './ace.ts'
import { plugsOf } from './interfaces.ts'
import type { Plugs } from './interfaces.ts'
import { readBlocks } from './lines.ts'
import { bookOf } from './objects.ts'
import type { Book } from './objects.ts'

export interface CiscoAsaReadOptions {
  /** The instant at which time ranges are told, in seconds since 1970; the clock of the machine is taken to be in Japan time. */
  readonly at: number
}

/**
 * A configuration of ASA 9 (`show running-config`, or the part of it that is about access lists) as a filter: what the list of the interface where a packet
 * comes in says, then the global one, then the list of the interface where it goes out. Whatever is not understood is in `unread`.
 */
export function readCiscoAsa(text: string, options: CiscoAsaReadOptions): Filter {
  const { blocks, unread: odd } = readBlocks(text)
  const book = bookOf(blocks)
  const plugs = plugsOf(blocks)
  const unread: Unread[] = [...odd, ...plugs.unread, ...insideUnread(blocks)]
  const inspects = blocks.some(
    ({ words, inner }) =>
      words[0] === 'policy-map' && inner.some((line) => line.join(' ') === 'inspect icmp'),
  )
  const named = (verb: string): ReadonlyMap<string, readonly Block[]> =>
    Map.groupBy(
      blocks.filter(({ words }) => words[0] === verb),
      ({ words }) => words[1] ?? '',
    )
  const [lists, timeRanges] = [named('access-list'), named('time-range')]
  const reader: Reader = { book, lists, timeRanges, options, inspects, unread }
  const comingIn = [
    ...plugs.sameRules,
    ...plugs.lists.filter(({ way }) => way === 'in').flatMap((one) => listRules(reader, one)),
    ...plugs.global.flatMap((list) => listRules(reader, { list, way: 'global' })),
    ...plugs.endRules,
  ]
  const goingOut = plugs.lists
    .filter(({ way }) => way === 'out')
    .flatMap((one) => [...listRules(reader, one), ...denyRules(`access-list ${one.list}`, one)])
  if (plugs.lists.length === 0 && plugs.global.length === 0) {
    unread.push({ place: '', text: 'access-group' })
  }
  return {
    // Both must let a packet through. The line of what came in is the one that people look for, so it is the last to speak.
    hooks: [
      { chain: 'access-group out', families: [4, 6], policy: 'accept' },
      { chain: 'access-group in', families: [4, 6], policy: 'deny' },
    ],
    chains: new Map([
      ['access-group out', goingOut],
      ['access-group in', comingIn],
    ]),
    unread,
    unsaid: [STATES_UNSAID, ...otherPlugs(plugs)],
  }
}

interface Reader {
  readonly book: Book
  /** Lines of access lists, and time ranges, by name. */
  readonly lists: ReadonlyMap<string, readonly Block[]>
  readonly timeRanges: ReadonlyMap<string, readonly Block[]>
  readonly options: CiscoAsaReadOptions
  /** Whether echoes are kept track of; without it an answer is a packet like any other. */
  readonly inspects: boolean
  readonly unread: Unread[]
}

/** A list where it is used. */
interface Used {
  readonly list: string
  readonly way: 'in' | 'out' | 'global'
  readonly plug?: string
}

const at = ({ way, plug }: Used): Pick<SessionRule, 'in' | 'out'> =>
  plug === undefined ? {} : { [way]: [only(plug)] }

/** What is not permitted by the list of an interface is denied there, unless a global list is asked next. */
const denyRules = (place: string, used: Used): readonly Rule[] =>
  sessionRules({ place, action: { kind: 'deny' }, families: [4, 6], ...at(used) })

function listRules(reader: Reader, used: Used): readonly Rule[] {
  const lines = reader.lists.get(used.list) ?? []
  if (lines.length === 0) {
    const text = `access-list ${used.list}`
    reader.unread.push({ place: '', text })
    const action = { kind: 'unknown', text } as const
    return sessionRules({ place: text, action, families: [4, 6], ...at(used) })
  }
  let remark: string | undefined
  return lines.flatMap(({ words, line }, number): readonly Rule[] => {
    const place = `access-list ${used.list} #${number + 1}`
    const told = { place, line, text: words.join(' ') }
    if (words[2] === 'remark') {
      remark = words.slice(3).join(' ')
      return []
    }
    const said = entryOf(words)
    const ace = said && readAce(reader.book, said)
    const problems = ace ? [...ace.source.unread, ...ace.target.unread] : [words.join(' ')]
    const when =
      ace?.timeRange === undefined
        ? 'yes'
        : timeRangeHolds(reader.timeRanges.get(ace.timeRange), reader.options.at)
    if (when === 'unread') problems.push(`time-range ${ace?.timeRange}`)
    reader.unread.push(...problems.map((text) => ({ place, text })))
    if (ace?.inactive) return []
    // A line of which something is not understood may decide about whatever comes by here.
    if (!ace || problems.length > 0) {
      const action = actionOf(words)
      return sessionRules({ ...told, action, families: [4, 6], ...at(used), unsure: place })
    }
    if (when === 'no') return []
    return aceRules(reader, ace, {
      ...told,
      action: { kind: ace.action },
      ...at(used),
      ...(when === 'maybe' && { unsure: `time-range ${ace.timeRange}` }),
      ...(remark !== undefined && { comment: remark }),
    })
  })
}

/** The machine prints `extended`, and takes an entry without it for the same. */
function entryOf(words: readonly string[]): readonly string[] | undefined {
  if (words[2] === 'extended') return words.slice(3)
  return words[2] === 'permit' || words[2] === 'deny' ? words.slice(2) : undefined
}

const actionOf = (words: readonly string[]): Action => {
  const said = entryOf(words)?.[0]
  if (said === 'permit') return { kind: 'accept' }
  return said === 'deny'
    ? { kind: 'deny' }
    : { kind: 'unknown', text: words.join(' ').slice(0, 200) }
}

function aceRules(
  reader: Reader,
  { source, target, services }: Ace,
  rule: Omit<SessionRule, 'families'>,
): readonly Rule[] {
  const families = [4, 6] as const
  const ends = families.flatMap((family) =>
    endsOf({ reach: source, negated: false }, { reach: target, negated: false }, family),
  )
  return ends.flatMap((end) => {
    const unsure = [rule.unsure, end.unsure].filter((one) => one !== undefined).join(', ')
    return sessionRules(
      {
        ...rule,
        ...end,
        services: { any: services, negated: false },
        ...(unsure !== '' && { unsure }),
      },
      reader.inspects,
    )
  })
}

/** Lines inside maps that let connections through unseen. */
function insideUnread(blocks: readonly Block[]): readonly Unread[] {
  return blocks.flatMap(({ words, inner }) =>
    inner
      .filter((line) => line.includes('tcp-state-bypass'))
      .map((line) => ({ place: words.join(' '), text: line.join(' ') })),
  )
}

/** Of an interface that no line names the text knows neither the level nor a list. A global list speaks about whatever comes in, but for answers. */
function otherPlugs({ names, global }: Plugs): readonly Unsaid[] {
  const spans = othersThan(names)
  const answers = global.length > 0 ? [['direction', [directionSpan('reply')]] as const] : []
  return [
    { about: 'PLUGS', box: [['out', spans]] },
    { about: 'PLUGS', box: [['in', spans], ...answers] },
  ]
}
