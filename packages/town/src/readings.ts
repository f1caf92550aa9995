import type { Flow, IsoDate, Peer, Readings, Town } from '@sekisho/core'
import { openPointOf } from '@sekisho/guideline'
import { isInForce } from './subjects/subject.ts'

/**
 * The readings of open points in force on a day. A reading that is written down with a paper begins with its paper; until then, as where a town
 * chose none, the default is in force.
 */
export function readingsOf(town: Town, at: IsoDate): Readings {
  const chosen = Object.entries(town.readings ?? {}).filter(
    ([, { date }]) => date === undefined || date <= at,
  )
  return Object.fromEntries(chosen.map(([point, { reading }]) => [point, reading]))
}

/** What a peer shows of the conditions under which others than those of the closed list may be peers of 特定通信 (O1). */
export interface PeerConditions {
  readonly peerReading: 'list' | 'conditions'
  readonly peerPublic: boolean
  readonly peerReceivedChecked: boolean
  readonly peerAssessed: boolean
}

/** The conditions of a peer, for one flow: an assessment dated after the flow was registered came too late. */
export function peerConditions(
  peer: Peer | undefined,
  flow: Pick<Flow, 'fixed'>,
  readings: Readings,
  at: IsoDate,
): PeerConditions {
  const { operator, receivedChecked = false, assessment } = peer?.conditions ?? {}
  const from = flow.fixed === undefined || flow.fixed.date > at ? at : flow.fixed.date
  return {
    peerReading: isConditional(readings) ? 'conditions' : 'list',
    peerPublic: operator === 'public',
    peerReceivedChecked: receivedChecked,
    peerAssessed: isInForce(assessment, from),
  }
}

/** The reading under which conditions count is in force. */
function isConditional(readings: Readings): boolean {
  const point = openPointOf('O1')
  return (readings.O1 ?? point?.default) === 'conditions'
}

/**
 * Whether a peer counts as kept safe by the state although the Internet reaches it: it is on the closed list (MIC26 s11), or the town reads O1
 * conditionally and it meets every condition.
 */
export function isSafePeer(town: Town, peer: Peer, at: IsoDate): boolean {
  if (peer.closedList !== undefined) return true
  const flows = town.flows.filter(({ from, to }) => [from, to].includes(`peer:${peer.id}`))
  const readings = readingsOf(town, at)
  return (
    isConditional(readings) &&
    flows.length > 0 &&
    flows.every((flow) => {
      const met = peerConditions(peer, flow, readings, at)
      return met.peerPublic && met.peerReceivedChecked && met.peerAssessed
    })
  )
}
