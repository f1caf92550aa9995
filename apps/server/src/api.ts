/**
 * What the two pages speak with their side: JSON over HTTP, same origin, session cookie. Types only.
 *
 * Both sides:
 *   GET  /healthz                      200 { status: 'ok', side }
 *   ANY  /api/auth/*                   sign-in (library routes): POST /api/auth/sign-in/email { email, password } →
 *                                      { twoFactorRedirect: true } → POST /api/auth/two-factor/verify-totp { code };
 *                                      POST /api/auth/sign-out; passkey routes of the library
 *   GET  /api/me                       Me, or 401
 * Low side (ファイルを渡す):
 *   POST   /api/transfers              NewTransfer → Transfer. Same `idempotencyKey` → the same transfer, 200
 *   GET    /api/transfers              { transfers: Transfer[] } newest first, own ones only
 *   GET    /api/transfers/:id          Transfer
 *   POST   /api/transfers/:id/again    AgainRequest → Transfer: a refused file once more, with its password or as pictures
 *   PATCH  /api/transfers/:id          header `upload-offset: N`, body: bytes (at most 8 MiB) → Transfer;
 *                                      409 { offset } when N is not the next byte: continue from there
 *   DELETE /api/transfers/:id          cancel → Transfer (409 when it has left already)
 *   GET    /api/originals              { requests: OriginalRequestView[] } newest first: own ones, and those I may decide or decided
 *   POST   /api/originals              NewOriginalRequest → OriginalRequestView; 404 for a mail of others, 410 when it is shredded
 *   POST   /api/originals/:id/decision OriginalDecision → OriginalRequestView; 403 for the person who asked, 409 when it was decided or is not what was shown
 *   POST   /api/originals/:id/file     the mail as it came, `content-disposition: attachment`; once
 *   GET    /api/cloud?from=&to=&service=&department=&sort=   CloudPage, for officers and auditors, where a cloud gate is on this machine
 *   GET    /api/cloud.csv|cloud.xlsx?table=&<the same>   one of its tables to take along
 *   GET    /api/cloud/rehearsal?days=  CloudRehearsal: what a gate that only watches would have stopped
 *   GET    /api/cloud/rehearsal.csv?days=   all of it, with ids
 *   GET    /api/cloud/approvals        CloudApprovals: files that may be sent, and who said so
 *   GET    /api/cloud/approvals.csv|approvals.xlsx   all of it, to take along
 *   POST   /api/cloud/alerts/:id       CloudNote → CloudPage['alerts'][number]; 403 for what one did oneself and for auditors, 404 when it has grown to another
 *   GET    /api/cloud-cuts?service=    CloudCuts, for officers, where a cloud gate is on this machine
 *   POST   /api/cloud-cuts             NewCloudCut → CloudCuts: cuts a service, or opens it again; 400 when what was typed is not its name
 *   POST   /api/cloud/discover?from=&to=   the bytes of a firewall's or proxy's log, or none → CloudFound; kept nowhere; 413 when too large
 *   POST   /api/cloud/audit-log        the bytes of a tenant's audit log → CloudFound; the same
 * High side:
 *   GET  /api/inbox                    { items: InboxItem[] } files for me: delivered, on the way, refused, returned
 *   GET  /api/inbox/:id/file           the bytes, `content-disposition: attachment`; recorded as taken
 *   GET  /api/mails?q=&after=          MailsPage, newest first: mails for me and for my section; `q` finds in subject, sender and number
 *   GET  /api/mails/:id                MailPage by id or number (`/mail/S-1042` in the text of a mail); 404 for a mail of others
 *   POST /api/mails/:id/pick-ups/:part   NewPickUp → MailPickUp; `:part` is `MailPickUp.part`. It then comes by the file gate, to 受け取る. The same key
 *                                      twice is one; 400 PICK-UP-PASSWORD, 409 PICK-UP-REFUSED, 410 PICK-UP-GONE, 503 PICK-UP-LATER
 *   GET  /api/mail-queue               MailQueuePage, for IT officers
 *   GET  /api/approvals?state=waiting|decided   { cards: ApprovalCard[] } what I may decide
 *   GET  /api/approvals/:number        ApprovalCard
 *   GET  /api/approvals/:number/preview   Preview
 *   GET  /api/approvals/:number/file   the disarmed bytes, inline, for a PDF page drawn in the browser
 *   POST /api/approvals/:number        Decision → ApprovalCard; 409 Problem when bound values differ or already decided; 403 self-approval
 *   GET  /api/mail-out                 { items: OutgoingMail[] } my mails to the outside, and those of my section's mailbox that name nobody
 *   POST /api/mail-out/:number/recall  OutgoingMail; 409 with how it ended when it has left
 *   GET  /api/mail-out/approvals?state=waiting|decided   { cards: OutgoingMailCard[] } what I may decide
 *   GET  /api/mail-out/approvals/:number   OutgoingMailCard
 *   POST /api/mail-out/approvals/:number   Decision → OutgoingMailCard; 409 and 403 as for files
 *   GET  /api/mail-out/queue           OutgoingMailQueue, for the IT officer
 *   GET  /api/evidence?person=&file=&rule=&kind=&from=&to=&sha256=&number=&page=   EvidencePage
 *   GET  /api/evidence/:index/proof    EvidenceProof
 *   GET  /api/evidence.csv?<same filter>    CSV, UTF-8 with BOM, CRLF
 *   GET  /api/questions                { questions: QuestionSummary[] } what can be asked
 *   GET  /api/questions/:name          Form
 *   POST /api/questions/:name/answer   { facts } → DecisionAnswer; nothing is recorded
 *   POST /api/decisions                NewDecision → DecisionRow, recorded; 409 when what it replaces was replaced already
 *   GET  /api/decisions?question=&page=  DecisionPage, newest first: all for officers and auditors, own ones for others
 *   GET  /api/decisions/due?at=         DueDecisions: whose date has passed or comes within 60 days, of those one may see
 *   GET  /api/decisions/:number        DecisionRow
 *   GET  /api/decisions/:number/declaration   DeclarationPage: what to write for a local breakout that was decided on, for officers and auditors
 *   GET  /api/check?at=&edition=       TownCheck, for officers and auditors
 *   GET  /api/check.xlsx|check.pdf|self-check.xlsx|self-check.pdf?at=&edition=   the same to take along, for officers and auditors; 503 when this machine cannot draw a PDF
 *   GET  /api/assess/self-check|calendar|risk|models?at=&edition=&to=   SelfCheck, Calendar, RiskPage, ModelsPage, for officers and auditors
 *   GET  /api/cut?target=              CutPage, for officers and auditors
 *   GET  /api/diff?from=&to=&at=       DiffPage, for officers and auditors
 *   GET  /api/diff.xlsx?from=&to=&at=  the same to take along
 *   GET  /api/registers                RegistersPage, for officers and auditors
 *   GET  /api/registers/table/:key?find=&page=   RegisterPage
 *   GET  /api/registers/export.xlsx|template.xlsx|decisions.xlsx   workbooks to take along
 *   POST /api/registers/import?name=&remove=1   the bytes of a workbook → ImportState, for IT officers; 413 when too large
 *   GET  /api/registers/import/:id     ImportState; 404 when it is no longer in memory
 *   GET  /api/registers/import/:id.yaml   the declaration as it would be; nothing is put in force
 *   GET  /api/explain?asked=           Explained, for officers and auditors
 *   GET  /api/open-points              OpenPointsPage, for officers and auditors
 *   GET  /api/roadmap/targets          TargetsPage, for officers and auditors
 *   GET  /api/roadmap?target=&at=      RoadmapState for a target that lies beside the town; asked again while it is computed
 *   POST /api/roadmap/given            GivenTarget → RoadmapState, for IT officers: a target that is kept nowhere; 413 when too large
 *   GET  /api/roadmap/given/:id        RoadmapState; 404 when it is no longer in memory
 *   POST /api/report                   ReportWish → ReportState, for officers and auditors; asked again while it is made
 *   GET  /api/report/:id               ReportState; 404 when it is no longer in memory
 *   GET  /api/report/:id.zip           the set as one file
 *   GET  /api/roadmap/made/:id.xlsx|:id.pdf   the same to take along; 404 when it is no longer in memory
 *   GET  /api/structure?only=          StructurePage, for officers and auditors; `only` a zone or an outside network
 *   GET  /api/structure/reach?from=    ReachPage, for officers and auditors
 *   GET  /api/structure.svg|csv|xlsx?only=   the picture, and the flows in it
 *   GET  /api/structure/reach.csv|xlsx?from=   what can be reached; without `from`, every pair
 * Every error body is a Problem.
 */
export type { ApprovalCard, Decision } from './api/approval.ts'
export type { CutPage, DiffPage, ModelsPage, RiskPage, TownCheck } from './api/assessment.ts'
export type {
  CloudAlertView,
  CloudApprovals,
  CloudCuts,
  CloudDestination,
  CloudFound,
  CloudNote,
  CloudPage,
  CloudReason,
  CloudRehearsal,
  CloudRehearsalRow,
  CloudTotal,
  NewCloudCut,
} from './api/cloud.ts'
export type {
  DecisionAnswer,
  DecisionPage,
  DecisionRow,
  DeclarationPage,
  DueDecisions,
  NewDecision,
  QuestionSummary,
} from './api/decision.ts'
export type { EvidencePage, EvidenceProof, EvidenceRow } from './api/evidence.ts'
export type { Explained, ExplainedRule, OpenPointsPage, PointPage } from './api/explain.ts'
export type {
  MailCertificate,
  MailPage,
  MailPickUp,
  MailQueuePage,
  MailRow,
  MailsPage,
  NewPickUp,
} from './api/mail.ts'
export type {
  OutgoingMail,
  OutgoingMailCard,
  OutgoingMailQueue,
  OutgoingMailState,
} from './api/mail-out.ts'
export type { Me } from './api/me.ts'
export type { NewOriginalRequest, OriginalDecision, OriginalRequestView } from './api/original.ts'
export type { Problem } from './api/problem.ts'
export type { ImportState, RegisterPage, RegistersPage } from './api/registers.ts'
export type { ReportState, ReportWish } from './api/report.ts'
export type {
  GivenTarget,
  RoadmapPage,
  RoadmapState,
  ShownFinding,
  TargetsPage,
  UnreadPlace,
} from './api/roadmap.ts'
export type { FlowRow, GateRow, ReachPage, StructurePage } from './api/structure.ts'
export type { AgainRequest, InboxItem, NewTransfer, Transfer } from './api/transfer.ts'
export type { Calendar, Delta, SelfCheck } from '@sekisho/assess'
export type { Answer, Finding, Form } from '@sekisho/core'
export type { Arrow, Box, Drawing, GateMark, Label, Stroke } from '@sekisho/network'
export type { ActiveRemoved, Changes, KeptMacro, Preview } from '@sekisho/gates/file'
export type { CutImpact } from '@sekisho/town'
