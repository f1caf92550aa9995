export { judgeDestination } from './destination/judge-destination.ts'
export type { Asks, Judgement, Seen, WebNow, WebPerson } from './destination/judge-destination.ts'
export type { SeenRequest } from './destination/seen-request.ts'
export { httpsQuery, readHttpsAnswer } from './destination/https-record.ts'
export type { EchKeys, HttpsAnswer } from './destination/https-record.ts'
export { inspectedHosts, webPolicy } from './destination/policy.ts'
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
  InsideTerms,
  Judged,
  PlainRequest,
  Refused,
  SeenCertificate,
  Shown,
  TunnelRecord,
} from './tunnel/gatekeeper.ts'
export { HEAD_MAX, INSIDE_HEAD, fieldOf, readHead } from './tunnel/head.ts'
export type { HeadFault, RequestHead } from './tunnel/head.ts'
export {
  refusalAnswer,
  refusalJson,
  refusalProblem,
  showsPage,
  refusalPage,
  refusalPageAnswer,
  TLS_ACCESS_DENIED,
  toldRefusal,
  TUNNEL_REASONS,
  tunnelWords,
  wantsJson,
} from './tunnel/refusal.ts'
export type { RefusalMore, RefusalPage, ToldRefusal, Why } from './tunnel/refusal.ts'
export { oneRefusalHtml, refusalsHtml, unknownHtml } from './tunnel/refusal-page.ts'
export { applicationAddress } from './tunnel/application.ts'
export { LatestRefusals } from './tunnel/latest-refusals.ts'
export type { LatestRefusal } from './tunnel/latest-refusals.ts'
export { gateAddress, pacFile } from './pac/pac-file.ts'
export type { PacOptions } from './pac/pac-file.ts'
export type {
  DownloadAnswer,
  Exchange,
  InsideGuard,
  ResponseHead,
  UploadAnswer,
} from './inside/guard.ts'
export {
  APPROVAL_DAYS,
  isApproved,
  mayApproveFiles,
  openFileApproval,
  signFileApproval,
} from './upload/approval.ts'
export type { ApprovalTerms, FileApproval } from './upload/approval.ts'
export { examineInBox, UPLOAD_PROGRAM } from './upload/box/box.ts'
export { KNOWN_CODINGS, codingOf } from './upload/content-coding.ts'
export { examineSent } from './upload/examine.ts'
export type { Examined, ExaminedFile, ExamineTerms } from './upload/examine.ts'
export { judgeUpload, UNREAD, uploadFacts } from './upload/judge-upload.ts'
export type { UploadSeen, UploadTerms } from './upload/judge-upload.ts'
export { SENT_BYTES } from './upload/limits.ts'
export { fieldValues } from './upload/media-type.ts'
export { WEBSOCKET_MESSAGE } from './upload/read-sent.ts'
export { refusalOf } from './tunnel/refusal-of.ts'
export { fetchedOf, fitsPage } from './download/file-or-page.ts'
export type { Fetched } from './download/file-or-page.ts'
export { downloadFacts, judgeDownload } from './download/judge-download.ts'
export type { DownloadSeen, DownloadTerms } from './download/judge-download.ts'
export { askedWhole, fileFields, pageFields } from './download/response-fields.ts'
export { readWatched } from './watch/watched-request.ts'
export type { WatchedRequest } from './watch/watched-request.ts'
export { DayTally } from './watch/day-tally.ts'
export { readDayTotals } from './watch/day-totals.ts'
export type { DayDestination, DayTotals } from './watch/day-totals.ts'
export { RangeTally } from './watch/range-totals.ts'
export { TOTAL_ORDERS, inOrder } from './watch/range-totals.ts'
export type {
  NamedTotal,
  RangeTotals,
  ReasonTotal,
  Total,
  TotalOrder,
  WatchFilter,
} from './watch/range-totals.ts'
export { ALERT_ID, mayAcknowledge, sortedAlerts } from './watch/alert.ts'
export type { Acknowledged, Alert, AlertRule, NotAcknowledged } from './watch/alert.ts'
export { DayWatch, USUAL_DAYS, watchTerms } from './watch/day-watch.ts'
export { standingAlerts } from './watch/standing-alerts.ts'
export { alertWords, departmentName, personName, serviceName } from './watch/alert-words.ts'
export type { AlertWords } from './watch/alert-words.ts'
export { WATCH_TABLES, watchTables, watchedName } from './watch/tables.ts'
export type { WatchTable, WatchTableKey } from './watch/tables.ts'
export { isPassedOn, passedOn } from './inside/passed-on.ts'
export type { Field } from './inside/passed-on.ts'
export { withTenantFields } from './tenant/tenant-fields.ts'
export { leadsToTenantRefused, tenantRefused } from './tenant/tenant-refused.ts'
export { inspectedPage } from './inside/inspected-page.ts'
export { Discoverer } from './watch/discover.ts'
export type { Discovered, Discovery, DiscoveryKind } from './watch/discover.ts'
export { discoveryTable, discoveryWords } from './watch/discovery-table.ts'
export { timeInJapan } from './watch/japan-clock.ts'
export { RecordTexts } from './watch/tenant/record-texts.ts'
export { readAuditEvent } from './watch/tenant/audit-event.ts'
export type { AuditEvent } from './watch/tenant/audit-event.ts'
export { AuditJoin } from './watch/tenant/audit-join.ts'
export type { AuditFinding, AuditKind, AuditResult } from './watch/tenant/audit-join.ts'
export { auditTable, auditWords, blindWords } from './watch/tenant/audit-table.ts'
export { declarationFor } from './rehearsal/declaration.ts'
export type { DeclarationPart, Missing } from './rehearsal/declaration.ts'
export { WATCH_DAYS, WouldRefuse } from './rehearsal/would-refuse.ts'
export type { WouldRefuseRow } from './rehearsal/would-refuse.ts'
export { rehearsalWords } from './rehearsal/words.ts'
