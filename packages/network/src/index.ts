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
export { SETTINGS, writeSettings } from './kernel/settings.ts'
export { neighboursOf, writeNeighbours } from './kernel/neighbours.ts'
export { placesOf } from './probe/place.ts'
export type { Place } from './probe/place.ts'
export { questionsOf, liarsOf } from './probe/question.ts'
export type { Question } from './probe/question.ts'
export type { Sighting } from './probe/sighting.ts'
export { judge } from './probe/outcome.ts'
export type { Outcome, OutcomeReason } from './probe/outcome.ts'
export { openLab } from './probe/lab/lab.ts'
export type { Lab } from './probe/lab/lab.ts'
export { prepareProbe, probed, probeLab, RULES_ALONE } from './probe/probe-lab.ts'
export type { LabProbe, LabProbed, PreparedProbe } from './probe/probe-lab.ts'
export { counterFindings, outcomeFindings } from './probe/findings.ts'
export { AGENT_LIMITS, paceOf } from './probe/agent/limits.ts'
export type { Pace } from './probe/agent/limits.ts'
export {
  answerBytes,
  answerTo,
  KEY_BYTES,
  PROBE_BYTES,
  probeBytes,
  proofOf,
  readKey,
  same,
  sealOf,
} from './probe/agent/seal.ts'
export type { Greeting, Seal } from './probe/agent/seal.ts'
export {
  askReply,
  command,
  greetMessage,
  helloMessage,
  openReply,
  readMessage,
  welcomeMessage,
} from './probe/agent/messages.ts'
export type { AgentCommand, WireQuestion, WireSighting } from './probe/agent/messages.ts'
export { agentAddresses } from './probe/agent/targets.ts'
export { agentOutcomes, agentPlan, portOf } from './probe/agent/plan.ts'
export type { AgentPlan, PortState } from './probe/agent/plan.ts'
export { addressText } from './declared/text.ts'
