export { declare } from './declared/declare.ts'
export type { DeclareOptions } from './declared/declare.ts'
export type { Declared, LeftOut, LeftOutReason, Permit, Plug, Side } from './declared/permit.ts'
export { writeNftables } from './dialects/nftables/write.ts'
export { readNftables } from './dialects/nftables/read.ts'
export { loadNftables, nftProgram } from './dialects/nftables/load.ts'
export type { Loaded } from './dialects/nftables/load.ts'
export type { ReadOptions } from './dialects/nftables/read.ts'
export { writeIptables } from './dialects/iptables/write.ts'
export type { IptablesTexts } from './dialects/iptables/write.ts'
export { loadIptables } from './dialects/iptables/load.ts'
export type { LoadedIptables } from './dialects/iptables/load.ts'
export { readIptables } from './dialects/iptables/read.ts'
export type { ReadIptablesOptions } from './dialects/iptables/read.ts'
export type { SavedText } from './dialects/iptables/saved.ts'
export type { Action, Condition, Filter, Hook, Rule, Unread } from './filter/filter.ts'
export { prove } from './prove/prove.ts'
export type { Difference, Proof, ProveOptions } from './prove/prove.ts'
export { lastingFindings, proveLasting } from './prove/lasting.ts'
export type { LastingProof } from './prove/lasting.ts'
export { differenceFindings, leftOutFindings, unreadFindings } from './prove/findings.ts'
export { trace } from './filter/trace.ts'
export type { Trace } from './filter/trace.ts'
export { untie } from './filter/untie.ts'
export { permittedBy } from './present/permitted.ts'
export type { Permitted, PermittedList } from './present/permitted.ts'
export type { Limits } from './present/spans.ts'
export { against } from './present/against.ts'
export type { Against, PresentFinding } from './present/against.ts'
export { behindPlugs, matrixOf } from './matrix/matrix.ts'
export type { Matrix, MatrixClass, MatrixOptions, MatrixPlace, Opens } from './matrix/matrix.ts'
export { serviceOf } from './matrix/service.ts'
export type { Service } from './matrix/service.ts'
export { MATRIX_WORDS, matrixJson, matrixRows, matrixText } from './matrix/tell.ts'
export { presentJson, presentText, unreadLines } from './present/tell.ts'
export type { Present } from './present/tell.ts'
export { unknownPlugs } from './present/plugs.ts'
export { collectDestinations, declaredFlow, readLogLine } from './logs/destinations.ts'
export type { Use } from './logs/use.ts'
export type { Collector, Destination, Destinations } from './logs/destinations.ts'
export { destinationsText } from './logs/tell.ts'
export { noon } from './declared/day.ts'
export type { Packet } from './space/space.ts'
export { boxBreaches, invariants } from './prove/invariants.ts'
export type { Breach, InvariantReason } from './prove/invariants.ts'
export { wiringOf } from './prove/wiring.ts'
export type { Wiring } from './prove/wiring.ts'
export { breachFindings } from './prove/breach-findings.ts'
export { VENDORS } from './dialects/dialect.ts'
export type { Lack, NotSupported, Vendor, Withheld, Written } from './dialects/dialect.ts'
export { readVendor, vendorOf, withheldFor, writeVendor } from './dialects/vendors.ts'
export { notSupportedFindings, unsaidSentences, vendorLimits } from './prove/not-supported.ts'
export { makePlan, changesNothing, refusePlan } from './apply/plan.ts'
export type { Plan, PlanFrom, Made, Source } from './apply/plan.ts'
export type { Told } from './apply/tell.ts'
export { planDigest, planId, readPlan, writePlan } from './apply/plan-file.ts'
export { loadKernel, readKernel, readListing } from './apply/kernel.ts'
export type { Held, ReadKernel } from './apply/kernel.ts'
export { rulesetDigest, townInForce } from './apply/ruleset.ts'
export { afterwards, scopeDigest, transactionOf, wayBack } from './apply/transaction.ts'
export type { Scope } from './apply/transaction.ts'
export { refusal as applyRefusal } from './apply/refusal.ts'
export type { RefusalReason } from './apply/refusal.ts'
export { driftOf } from './apply/drift.ts'
export type { Drift } from './apply/drift.ts'
export { isApplied, prepareApply } from './apply/apply.ts'
export type { Ready } from './apply/apply.ts'
export { declaredFilter, heldFilter } from './reach/held-filter.ts'
export type { HeldFilter } from './reach/held-filter.ts'
export { reachability } from './reach/reach.ts'
export type { Reachability } from './reach/reach.ts'
export type { ReachLine, ReachProtocol } from './reach/lines.ts'
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
export { SETTINGS, writeForwarding, writeSettings } from './kernel/settings.ts'
export { WATCH_PATHS, writeWatch } from './kernel/watch-unit.ts'
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
export { countersOf } from './probe/counters.ts'
export type { Counters } from './probe/counters.ts'
export { noteUse, readUse, writeUse } from './use/flow-use.ts'
export type { FlowUse } from './use/flow-use.ts'
export { standings, useRows, useText } from './use/unused.ts'
export type { FlowStanding, Standing } from './use/unused.ts'
export { ownFindings } from './probe/own.ts'
export type { OwnOutcome } from './probe/own.ts'
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
