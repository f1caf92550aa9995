export { judgeDestination } from './destination/judge-destination.ts'
export type { Asks, Judgement, Seen, WebNow, WebPerson } from './destination/judge-destination.ts'
export type { SeenRequest } from './destination/seen-request.ts'
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
export { refusalAnswer, refusalPage, TLS_ACCESS_DENIED, TUNNEL_REASONS } from './tunnel/refusal.ts'
export { pacFile } from './pac/pac-file.ts'
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
export { refusalOf } from './tunnel/refusal-of.ts'
export { fetchedOf, fitsPage } from './download/file-or-page.ts'
export type { Fetched } from './download/file-or-page.ts'
export { downloadFacts, judgeDownload } from './download/judge-download.ts'
export type { DownloadSeen, DownloadTerms } from './download/judge-download.ts'
export { askedWhole, fileFields, pageFields } from './download/response-fields.ts'
