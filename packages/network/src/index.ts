export { declare } from './declared/declare.ts'
export type { DeclareOptions } from './declared/declare.ts'
export type { Declared, LeftOut, LeftOutReason, Permit, Plug, Side } from './declared/permit.ts'
export { writeNftables } from './dialects/nftables/write.ts'
export { readNftables } from './dialects/nftables/read.ts'
export { loadNftables } from './dialects/nftables/load.ts'
export type { Loaded } from './dialects/nftables/load.ts'
export type { ReadOptions } from './dialects/nftables/read.ts'
export type { Action, Condition, Filter, Hook, Rule, Unread } from './filter/filter.ts'
export { prove } from './prove/prove.ts'
export type { Difference, Proof, ProveOptions } from './prove/prove.ts'
export { differenceFindings, leftOutFindings, unreadFindings } from './prove/findings.ts'
export { trace } from './filter/trace.ts'
export type { Trace } from './filter/trace.ts'
export { noon } from './declared/day.ts'
export type { Packet } from './space/space.ts'
export { declaredFilter, heldFilter } from './reach/held-filter.ts'
export type { Held } from './reach/held-filter.ts'
export { reachability } from './reach/reach.ts'
export type { Reachability } from './reach/reach.ts'
export type { ReachLine, ReachProtocol } from './reach/lines.ts'
export { placesOf } from './reach/place.ts'
export type { PlaceId, ReachPlace } from './reach/place.ts'
export { reachFrom } from './reach/from.ts'
export type { GateAt, ReachFrom, ReachStart, Relay } from './reach/from.ts'
export { createReachTeller, endName, REACH_WORDS, whatOf } from './reach/words.ts'
export type { ReachTable, ReachTeller } from './reach/words.ts'
export { startOf } from './reach/start.ts'
export type { NamedStart } from './reach/start.ts'
export { drawTown } from './picture/draw.ts'
export type { DrawOptions } from './picture/draw.ts'
export { groupNames } from './picture/columns.ts'
export type {
  Area,
  Arrow,
  ArrowKind,
  Box,
  Drawing,
  Frame,
  GateMark,
  Label,
  LegendEntry,
  Stroke,
} from './picture/drawing.ts'
export { svgOf } from './picture/svg.ts'
