/**
 * What moving from one model to another does to the flows a town has. Only where the main terminals and the business systems sit is taken from the ministry's
 * drawings; which flow that touches is computed from the declaration.
 */
import type { Flow, Model, Town } from '@sekisho/core'
import models from '../data/models.json' with { type: 'json' }
import words from '../words/ja.json' with { type: 'json' }
import { placesOf, type EndPlace } from './places.ts'

/** `break`: as declared it no longer works after the move. `touch`: to be looked at again. `keep`: both ends stay. */
export type MoveEffect = 'break' | 'touch' | 'keep'
export type MoveReason = keyof typeof words.delta.why

/** One declared flow and what the move does to it. */
export interface MovedFlow {
  readonly flow: string
  readonly name: string
  /** `asp`: the far end is on the LGWAN. `boundary`: it joins the LGWAN zone and an Internet zone. */
  readonly kind: 'asp' | 'boundary'
  /** Id and name of the service on the LGWAN, for `asp`. */
  readonly peer?: { readonly id: string; readonly name: string }
  /** Id of our system at the flow, when it is one. */
  readonly system?: string
  readonly effect: MoveEffect
  readonly reason: MoveReason
  readonly why: string
  /** Place in the declaration, e.g. `flows[3]`. */
  readonly path: string
}

interface Layout {
  readonly terminals: string
  readonly systems: string
  readonly source: string
}
const LAYOUTS: Readonly<Record<Model, Layout>> = models

/** Where the ministry draws the main terminals and business systems of a model (MIC26 s10, s15, s16). */
export const layoutOf = (model: Model): Layout => LAYOUTS[model]

/** Every flow to a service on the LGWAN, and every flow over the boundary between LGWAN and Internet zones. */
export function movedFlows(town: Town, from: Model, to: Model): readonly MovedFlow[] {
  const places = placesOf(town)
  return town.flows.flatMap((flow, index) => {
    const ends = [places.get(flow.from), places.get(flow.to)]
    const moved = moveOf(flow, ends, from, to)
    return moved === undefined ? [] : [{ ...moved, path: `flows[${index}]` }]
  })
}

type Ends = readonly (EndPlace | undefined)[]

function moveOf(
  { id, name }: Flow,
  ends: Ends,
  from: Model,
  to: Model,
): Omit<MovedFlow, 'path'> | undefined {
  const peer = ends.find((end) => end?.peer?.network === 'lgwan')?.peer
  const kinds = ends.map((end) => end?.zoneKind)
  const crosses = kinds.includes('lgwan') && (kinds.includes('internet') || hasInternetPeer(ends))
  if (peer === undefined && !crosses) return undefined
  const own = ends.find((end) => end !== undefined && end.peer === undefined)
  const reason = reasonOf(own, peer !== undefined, from, to)
  return {
    flow: id,
    name,
    kind: peer === undefined ? 'boundary' : 'asp',
    ...(peer && { peer: { id: peer.id, name: peer.name } }),
    ...(own?.system && { system: own.system.id }),
    effect: EFFECTS[reason],
    reason,
    why: words.delta.why[reason],
  }
}

const hasInternetPeer = (ends: Ends): boolean =>
  ends.some((end) => end?.peer?.network === 'internet')

const EFFECTS: Readonly<Record<MoveReason, MoveEffect>> = {
  'terminal-moves': 'break',
  'zone-end-splits': 'break',
  'terminal-returns': 'break',
  'system-may-move': 'touch',
  'boundary-crossed': 'touch',
  unchanged: 'keep',
}

function reasonOf(own: EndPlace | undefined, isAsp: boolean, from: Model, to: Model): MoveReason {
  if (from === to) return 'unchanged'
  if (!isAsp) return 'boundary-crossed'
  const [before, after] = [layoutOf(from), layoutOf(to)]
  if (own === undefined || own.zoneKind === 'mynumber') return 'unchanged'
  if (before.terminals !== after.terminals && own.terminals !== 'none') {
    const leaves = before.terminals === 'lgwan' ? 'lgwan' : 'internet'
    if (own.zoneKind !== leaves) return 'unchanged'
    if (leaves === 'internet') return 'terminal-returns'
    return own.kind === 'zone' ? 'zone-end-splits' : 'terminal-moves'
  }
  return before.systems !== after.systems && own.terminals !== 'all'
    ? 'system-may-move'
    : 'unchanged'
}
