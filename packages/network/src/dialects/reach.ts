import { joined } from '../declared/ranges.ts'
import type { AddressRange } from '../declared/ranges.ts'
import { addressKey, between } from '../space/field.ts'
import type { Span } from '../space/field.ts'
import type { SessionRule, Values } from './session.ts'

/** Who is meant by names of addresses: any of these ranges, any of these senders of frames, or, where `unsure`, somebody nobody here can tell. */
export interface Reach {
  readonly ranges: readonly AddressRange[]
  readonly macs: readonly Span[]
  /** Names that stand for somebody else tomorrow: host names, countries, what another machine reports. */
  readonly unsure: readonly string[]
  /** What is not understood, or rewrites the packet. */
  readonly unread: readonly string[]
}

export const NOBODY: Reach = { ranges: [], macs: [], unsure: [], unread: [] }

/** Everybody of them, each once: groups of groups would else grow beyond what any memory holds. */
export function together(reaches: readonly Reach[]): Reach {
  const once = <One>(of: (reach: Reach) => readonly One[]): readonly One[] => [
    ...new Set(reaches.flatMap(of)),
  ]
  return {
    ranges: joined(reaches.flatMap(({ ranges }) => ranges)),
    macs: once(({ macs }) => macs),
    unsure: once(({ unsure }) => unsure),
    unread: once(({ unread }) => unread),
  }
}

/** Senders and targets of one family, as far as they are one rule. */
export type Ends = Pick<SessionRule, 'families' | 'source' | 'target' | 'sourceMac' | 'unsure'>

/** Everybody or everybody else. */
export interface Asked {
  readonly reach: Reach
  readonly negated: boolean
}

/** Who to whom in one family. A list of known and unknown addresses is one rule for the known and one that may hold or not. */
export function endsOf(source: Asked, target: Asked, family: 4 | 6): readonly Ends[] {
  const targets = choices(target, family).filter(({ macs }) => macs === undefined)
  return choices(source, family).flatMap((from) =>
    targets.map((to) => {
      const unsure = [from.unsure, to.unsure].filter((one) => one !== undefined).join(', ')
      return {
        families: [family],
        ...(from.values && { source: from.values }),
        ...(to.values && { target: to.values }),
        ...(from.macs && { sourceMac: from.macs }),
        ...(unsure !== '' && { unsure }),
      }
    }),
  )
}

interface Choice {
  readonly values?: Values
  readonly macs?: readonly Span[]
  readonly unsure?: string
}

function choices({ reach, negated }: Asked, family: 4 | 6): readonly Choice[] {
  const ranges = reach.ranges.filter((range) => range.family === family)
  const values = { spans: ranges.map(spanOf), negated }
  const unsure = reach.unsure.join(', ')
  if (negated) {
    const doubt = [unsure, reach.macs.length > 0 ? 'mac' : ''].filter((one) => one !== '')
    return [{ values, ...(doubt.length > 0 && { unsure: doubt.join(', ') }) }]
  }
  return [
    ...(ranges.length > 0 ? [{ values }] : []),
    ...(reach.macs.length > 0 ? [{ macs: reach.macs }] : []),
    ...(unsure === '' ? [] : [{ unsure }]),
  ]
}

const spanOf = ({ family, first, last }: AddressRange): Span =>
  between(addressKey(family, first), addressKey(family, last))
