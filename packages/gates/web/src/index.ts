export { judgeDestination } from './destination/judge-destination.ts'
export type { Judgement, Seen, WebNow, WebPerson } from './destination/judge-destination.ts'
export type { SeenRequest } from './destination/seen-request.ts'
export { httpsQuery, readHttpsAnswer } from './destination/https-record.ts'
export type { EchKeys, HttpsAnswer } from './destination/https-record.ts'
export { webPolicy } from './destination/policy.ts'
export type { Place, WebPolicy } from './destination/policy.ts'
export { readHost, readTarget } from './destination/host.ts'
export type { HostProblem, ReadHost, ReadTarget } from './destination/host.ts'
export { SPECIAL_RANGES, specialKind } from './destination/special-ranges.ts'
export type { SpecialKind } from './destination/special-ranges.ts'
export { createHelloReader, MAX_HELLO_BYTES } from './hello/hello-reader.ts'
export type { HelloReader, HelloState } from './hello/hello-reader.ts'
export type { ClientHello, HelloProblem } from './hello/client-hello.ts'
export { listDigest, versionDay } from './lists/destination-list.ts'
export type {
  ComingChange,
  Destination,
  DestinationList,
  LeftOut,
} from './lists/destination-list.ts'
export { diffLists, isSame, NOTICE_DAYS } from './lists/diff.ts'
export type { ListDiff, ListLine } from './lists/diff.ts'
export { meaningOf } from './lists/meaning.ts'
export type { ListMeaning } from './lists/meaning.ts'
export { listProblem } from './lists/list-problem.ts'
export type { ListProblem, ListReason } from './lists/list-problem.ts'
export { keepApproval, keepImport, readLists } from './lists/list-folder.ts'
export { openListRecord, signList } from './lists/list-record.ts'
export type { ListRecord } from './lists/list-record.ts'
export { readMicrosoft365 } from './lists/microsoft-365.ts'
export type { Microsoft365Files, ReadList } from './lists/microsoft-365.ts'
export { ownListSchema, readOwnList } from './lists/own-list.ts'
export { mayApprove, mayImport, standingOf } from './lists/standing.ts'
export type { HeldList, ListStanding, ListTerms } from './lists/standing.ts'
export { listWords } from './lists/words.ts'
export { townGatekeeper } from './gatekeeper/town-gatekeeper.ts'
export type { TownGatekeeperOptions } from './gatekeeper/town-gatekeeper.ts'
export { remembering } from './gatekeeper/remembering.ts'
export { SendBudget } from './gatekeeper/send-budget.ts'
export type { Sent } from './gatekeeper/send-budget.ts'
export { ServiceCuts } from './gatekeeper/service-cuts.ts'
export type {
  Admitted,
  Asked,
  Client,
  FirstBytes,
  Gatekeeper,
  PlainRequest,
  Refused,
  Shown,
  TunnelRecord,
} from './tunnel/gatekeeper.ts'
export { HEAD_MAX, fieldOf, readHead } from './tunnel/head.ts'
export type { RequestHead } from './tunnel/head.ts'
export {
  refusalAnswer,
  refusalJson,
  refusalPage,
  TLS_ACCESS_DENIED,
  toldRefusal,
  TUNNEL_REASONS,
  wantsJson,
} from './tunnel/refusal.ts'
export type { RefusalMore, RefusalPage, ToldRefusal, Why } from './tunnel/refusal.ts'
export { oneRefusalHtml, refusalsHtml, unknownHtml } from './tunnel/refusal-page.ts'
export { applicationAddress } from './tunnel/application.ts'
export { LatestRefusals } from './tunnel/latest-refusals.ts'
export type { LatestRefusal } from './tunnel/latest-refusals.ts'
export { gateAddress, pacFile } from './pac/pac-file.ts'
export type { PacOptions } from './pac/pac-file.ts'
export { declarationFor } from './rehearsal/declaration.ts'
export type { DeclarationPart, Missing } from './rehearsal/declaration.ts'
export { WATCH_DAYS, WouldRefuse } from './rehearsal/would-refuse.ts'
export type { WouldRefuseRow } from './rehearsal/would-refuse.ts'
export { rehearsalWords } from './rehearsal/words.ts'
