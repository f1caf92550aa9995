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
import type {
  Actor,
  Answer,
  ChosenReading,
  CrossingState,
  DecisionName,
  DisarmOffer,
  DisarmReport,
  Edition,
  EvidenceEntry,
  Finding,
  Form,
  IsoDate,
  Removal,
  Model,
  OpenPointId,
  Severity,
  Step,
} from '@sekisho/core'
import type {
  Calendar,
  Delta,
  DueDecision,
  ModelGap,
  RiskAssessment,
  RiskRow,
  Roadmap,
  SelfCheck,
  Step as RoadmapStep,
} from '@sekisho/assess'
import type { AlertWords, ReasonTotal, Total } from '@sekisho/gates/web'
import type { EditionInfo, OpenPointKind, RuleChange } from '@sekisho/guideline'
import type { OpenView } from '@sekisho/judge'
import type { Drawing } from '@sekisho/network'
import type { LookedUp, RegisterChange, RegisterProblem, TableKey } from '@sekisho/report'
import type { CutImpact, EditionDiff } from '@sekisho/town'

/** Error body: a refusal in four lines, never a stack trace. */
export interface Problem {
  /** Reason id, e.g. `FILE-TOO-LARGE`. */
  readonly reason: string
  /** 1 what happened. */
  readonly what: string
  /** 2 why, with the clause when there is one. */
  readonly why: string
  /** 3 what you can do now. */
  readonly cure: string
  /** 4 number for the help desk, e.g. `S-1042`; empty when there is no crossing. */
  readonly number: string
  readonly at: string
}

export interface Me {
  readonly side: 'low' | 'high'
  readonly town: string
  /** Shown in the same place and colour always, e.g. インターネット接続系. */
  readonly zone: string
  /** Where files given here go to, or come from. */
  readonly otherZone: string
  readonly user: {
    readonly id: string
    readonly name: string
    readonly email: string
    readonly department: string
    readonly roles: readonly string[]
    readonly passkeys: number
  }
  readonly limits: {
    readonly maxBytes: number
    readonly chunkBytes: number
    readonly accept: readonly string[]
  }
  /** Days the original is kept sealed. */
  readonly originalDays: number
  /** What the town runs for mail: `in` where mail from the internet comes by here, `out` where the office sends some to the outside. */
  readonly mail: { readonly in: boolean; readonly out: boolean }
  /** Whether this side shows what goes through a cloud gate. */
  readonly cloud: boolean
  /** ISO time when the session ends. */
  readonly sessionEnds: string
}

export interface CloudTotal extends Total {
  /** Id, day or hour. */
  readonly key: string
  readonly name: string
}

export interface CloudReason extends ReasonTotal {
  readonly text: string
}

/** `target` was chosen by a terminal: hostile text. */
export interface CloudDestination extends Total {
  readonly target: string
  readonly service: string
  /** Let through only because the gate watches. */
  readonly watched: number
  readonly people: readonly string[]
  readonly first: string
  readonly last: string
}

export interface CloudAlertView extends AlertWords {
  readonly id: string
  readonly rule: string
  readonly since: string
  /** Whether the reader may take note of it. */
  readonly mayNote: boolean
  readonly noted?: { readonly by: string; readonly reason: string; readonly at: string }
}

/** クラウドの利用. */
export interface CloudPage {
  readonly from: IsoDate
  readonly to: IsoDate
  /** First day on record; absent when there is none. */
  readonly firstDay?: IsoDate
  readonly gateServices: readonly { readonly id: string; readonly name: string }[]
  readonly gateDepartments: readonly { readonly id: string; readonly name: string }[]
  readonly all: Total
  readonly services: readonly CloudTotal[]
  readonly departments: readonly CloudTotal[]
  readonly people: readonly CloudTotal[]
  readonly hours: readonly CloudTotal[]
  readonly days: readonly CloudTotal[]
  readonly reasons: readonly CloudReason[]
  /** The first of them. */
  readonly destinations: readonly CloudDestination[]
  readonly destinationCount: number
  readonly alerts: readonly CloudAlertView[]
  /** Too few days are on record to say which destination is new. */
  readonly learning: boolean
  /** Where the record does not hold; what comes behind is not counted. */
  readonly broken?: { readonly file: string; readonly line: number }
  /** Events whose destination did not fit into the tables. */
  readonly beyond: number
}

/** 止める前の見守り: what a gate that only watches would have stopped. `target` was chosen by a terminal: hostile text. */
export interface CloudRehearsal {
  readonly from: IsoDate
  readonly days: number
  /** Whether there is a record at all. */
  readonly recorded: boolean
  readonly enforces: boolean
  readonly ready: boolean
  /** Whether the gate may begin to stop, in a sentence. */
  readonly sentence: string
  /** What else the reader has to know about what was counted. */
  readonly notes: readonly string[]
  /** The first of them, most often asked for first. */
  readonly rows: readonly CloudRehearsalRow[]
  readonly total: number
}

export interface CloudRehearsalRow {
  readonly target: string
  /** Empty when it belongs to none that is declared. */
  readonly service: string
  readonly reason: string
  readonly message: string
  readonly count: number
  readonly people: readonly string[]
  /** How many there are. */
  readonly askers: number
  readonly departments: readonly string[]
  readonly since: string
  readonly last: string
  /** What to do, in a sentence. */
  readonly todo: string
  /** Text to paste; empty when no declaration would make it pass. */
  readonly parts: DeclarationPage['parts']
}

/** Files that somebody approved for a cloud service, newest first. `file` is what the approver's file was called: hostile text. */
export interface CloudApprovals {
  readonly approvals: readonly {
    readonly file: string
    readonly sha256: string
    readonly service: string
    readonly sender: string
    readonly by: string
    readonly at: string
    readonly until: IsoDate
    readonly state: 'stands' | 'over' | 'replaced' | 'withdrawn'
  }[]
  /** Lines that no key of the town signed. */
  readonly unsigned: number
  readonly broken?: { readonly file: string; readonly line: number }
}

/** What a log that was brought tells, as a table. Cells are hostile text. */
export interface CloudFound {
  readonly title: string
  readonly columns: readonly string[]
  /** The first of them. */
  readonly rows: readonly (readonly string[])[]
  readonly total: number
  /** What was read, what was left out, and why. */
  readonly notes: readonly string[]
}

export interface CloudNote {
  readonly reason: string
}

export interface NewTransfer {
  readonly idempotencyKey: string
  readonly fileName: string
  readonly size: number
  readonly purpose: string
}

/** Tries a refused file again: with its password, or (without one) as pictures. */
export interface AgainRequest {
  readonly idempotencyKey: string
  readonly password?: string
}

export interface Transfer {
  readonly id: string
  readonly number: string
  readonly fileName: string
  readonly size: number
  /** Bytes safely on disk. */
  readonly offset: number
  readonly purpose: string
  readonly state: CrossingState
  /** Step it is in, or was in when it ended. */
  readonly step: Step
  readonly createdAt: string
  readonly finishedAt?: string
  /** Present when refused or returned. */
  readonly problem?: Problem
  /** What was taken out, in sentences. */
  readonly removed: readonly string[]
  /** What may be tried next with the same file, when it was refused. */
  readonly offers: readonly DisarmOffer[]
  /** The same format again, or its pages as pictures. */
  readonly outcome: 'rebuild' | 'flatten'
  /** Number of the transfer that this one tries again. */
  readonly again?: string
  /** True while the other side has not fetched it: the line may be down. */
  readonly waitingForOtherSide: boolean
}

/** Things that would have run or reached out, with why they were taken out and what somebody does who needs them. */
export interface ActiveRemoved {
  readonly sentences: readonly string[]
  readonly why: string
  readonly next: string
}

/** A macro that stayed because the town lists it; empty fields when the list has no such line any more. */
export interface KeptMacro {
  readonly sha256: string
  readonly name: string
  readonly reason: string
  readonly approvedBy: string
  /** Last day on which it may stay. */
  readonly until: string
}

/** What became of a file, in sentences. */
export interface Changes {
  /** Everything that was taken out or changed. */
  readonly removed: readonly string[]
  /** Those of `removed` that were active, by reason. */
  readonly active: readonly ActiveRemoved[]
  readonly kept: readonly string[]
  /** How alike input and output are; empty where nothing was measured. */
  readonly likeness: readonly string[]
  /** The same format again, or its pages as pictures. */
  readonly outcome: 'rebuild' | 'flatten'
  /** Macros that are still inside. */
  readonly macros: readonly KeptMacro[]
}

export interface InboxItem extends Changes {
  readonly id: string
  readonly number: string
  readonly from: { readonly name: string; readonly department: string }
  readonly fileName: string
  readonly outputName: string
  readonly size: number
  readonly outputSize: number
  readonly state: CrossingState
  readonly step: Step
  /** Number of the crossing that this one tries again. */
  readonly again?: string
  /** What the giver may try next with the same file, on the other side. */
  readonly offers: readonly DisarmOffer[]
  readonly inputSha256: string
  readonly outputSha256: string
  readonly receivedAt: string
  readonly deliveredAt?: string
  readonly takenAt?: string
  /** Last day it can be taken. */
  readonly until?: string
  readonly problem?: Problem
}

/** Asks to see the mail as it came. */
export interface NewOriginalRequest {
  readonly number: string
  readonly reason: string
}

/** A wish to see the sealed original of a mail. What stands in `from` and `to` are words of a stranger. */
export interface OriginalRequestView {
  readonly id: string
  readonly number: string
  readonly sha256: string
  readonly size: number
  readonly from: string
  readonly to: readonly string[]
  readonly receivedAt: string
  readonly person: string
  readonly department: string
  readonly mine: boolean
  readonly reason: string
  readonly askedAt: string
  readonly state: 'waiting' | 'approved' | 'returned' | 'taken' | 'lapsed'
  /** Last instant to decide, or to take it once it is approved. */
  readonly until: string
  /** Empty while nobody decided. */
  readonly decidedBy: string
  readonly comment: string
  readonly mayDecide: boolean
  /** The original is shredded. */
  readonly gone: boolean
  /** When it will be; absent while the mail is under way. */
  readonly keptUntil?: string
}

/** Bound to exactly what was shown: digest and reason. */
export interface OriginalDecision {
  readonly decision: 'approve' | 'return'
  readonly sha256: string
  readonly reason: string
  readonly comment: string
}

/** How far a mail is: on its way here, handed to the town's mail server, or not. */
export interface MailRow {
  readonly id: string
  readonly number: string
  /** Empty while it is not known, or when the mail has none. Words of a stranger, like `from`. */
  readonly subject: string
  readonly from: string
  readonly receivedAt: string
  readonly state: CrossingState
  /** Files that wait outside. */
  readonly pickUps: number
  /** `sent` when the mail server has taken it for everybody, `undelivered` when somebody did not get it. */
  readonly delivery: 'waiting' | 'sent' | 'undelivered'
}

export interface MailsPage {
  readonly mails: readonly MailRow[]
  /** For `after`; absent on the last page. */
  readonly next?: string
}

export interface MailPage extends MailRow {
  readonly to: readonly string[]
  /** As the mail says itself; empty for none. */
  readonly date: string
  readonly cc: string
  /** What was delivered; absent while it is under way, when it was refused, and after `textUntil`. */
  readonly text?: string
  readonly textUntil?: string
  readonly deliveries: readonly {
    readonly address: string
    readonly state: 'waiting' | 'sent' | 'failed' | 'expired' | 'recalled'
    readonly at: string
    /** Why it still waits, or did not arrive, in a sentence; empty for neither. */
    readonly why: string
  }[]
  /** What became of each part; absent until the mail was rebuilt. */
  readonly certificate?: MailCertificate
  readonly pickUpList: readonly MailPickUp[]
  /** Last instant at which they can be had; absent while the mail is under way, and where there are none. */
  readonly pickUpUntil?: string
  /** SPF, DKIM and DMARC, a sentence each. */
  readonly authenticity: readonly string[]
  /** Present when it was not let through; the notice in the mailbox says the same. */
  readonly problem?: Problem
}

export interface MailCertificate {
  readonly number: string
  readonly originalSha256: string
  readonly originalBytes: number
  readonly fieldsKept: readonly string[]
  readonly fieldsLeftOut: number
  /** Fields that were there twice and did not say the same. */
  readonly contradicted: readonly string[]
  readonly hiddenPlaces: number
  /** True when only words came in, because two readers saw two mails. */
  readonly flattened: boolean
  readonly parts: readonly {
    readonly part: string
    readonly type: string
    readonly name: string
    readonly bytes: number
    readonly sha256: string
    /** What became of it, in words. */
    readonly fate: string
    /** Reason id; empty for none. */
    readonly reason: string
  }[]
}

/** A file of a mail that waits outside. */
export interface MailPickUp {
  /** For the address of the request, and behind `#` in the text of the mail. */
  readonly part: string
  readonly name: string
  /** In words, e.g. Word 文書. */
  readonly kind: string
  readonly bytes: number
  /** Names in an archive, at most 100. */
  readonly members: readonly string[]
  readonly inline: boolean
  readonly will: 'disarm' | 'password' | 'refused' | 'clean'
  /** What will happen, in a sentence. */
  readonly sentence: string
  /** Who asked for it, and how far it is; oldest first. */
  readonly asked: readonly {
    readonly person: string
    readonly mine: boolean
    readonly at: string
    /** Of the crossing; `received` while it has not reached this side. */
    readonly state: CrossingState
    /** Crossing in 受け取る; empty while it is not known. */
    readonly number: string
    readonly problem?: Problem
  }[]
}

export interface NewPickUp {
  readonly idempotencyKey: string
  /** Of a file with a password; sealed on the other side, and thrown away when it was used. */
  readonly password?: string
}

export interface MailQueuePage {
  readonly waiting: number
  /** When the oldest that waits was submitted; empty for none. */
  readonly oldest: string
  /** Since when the mail server does not answer; empty while it does. */
  readonly downSince: string
  readonly nextTry: string
  /** Why, in a sentence, and in the server's own words; empty for no trouble. */
  readonly why: string
  readonly reply: string
  /** Results that could not be written down: the disk is full or failing. */
  readonly unwritten: number
  /** Turned away at the door in the last seven days, most often first. */
  readonly turnedAway: readonly {
    readonly reason: string
    readonly count: number
    readonly what: string
    readonly cure: string
  }[]
  /** Mails that somebody did not get, newest first. */
  readonly undelivered: readonly MailRow[]
}

export interface ApprovalCard extends Changes {
  readonly id: string
  readonly number: string
  readonly from: { readonly name: string; readonly department: string }
  readonly purpose: string
  readonly destination: string
  readonly fileName: string
  readonly outputName: string
  readonly size: number
  readonly outputSize: number
  readonly report: DisarmReport
  /** Findings that ask for a person. */
  readonly findings: readonly Finding[]
  /** SHA-256 of the bytes to be approved. */
  readonly sha256: string
  readonly requestedAt: string
  readonly deadline: string
  readonly state: CrossingState
  readonly decidedBy?: string
  readonly comment?: string
  /** Reason why I cannot decide this one; absent when I can. */
  readonly cannotDecide?: string
}

/** Bound to exactly these bytes, this destination and this purpose. */
export interface Decision {
  readonly decision: 'approve' | 'return'
  readonly sha256: string
  readonly destination: string
  readonly purpose: string
  readonly comment: string
}

/** A first page to look at, made from the disarmed bytes. */
export type Preview =
  | { readonly kind: 'text'; readonly paragraphs: readonly string[]; readonly more: boolean }
  | {
      readonly kind: 'table'
      readonly sheets: readonly {
        readonly name: string
        readonly rows: readonly (readonly string[])[]
        readonly more: boolean
      }[]
    }
  | {
      readonly kind: 'image'
      readonly dataUrl: string
      /** What the picture does not show, e.g. that there are more pages. */
      readonly note?: string
    }
  | { readonly kind: 'pdf'; readonly pages: number }
  | { readonly kind: 'list'; readonly names: readonly string[] }
  | {
      readonly kind: 'mail'
      readonly from: string
      readonly to: string
      readonly subject: string
      /** When it was written, as it says itself. */
      readonly at?: string
      readonly paragraphs: readonly string[]
      readonly more: boolean
      readonly attachments: readonly string[]
    }
  | { readonly kind: 'none'; readonly reason: string }

export interface EvidenceRow {
  readonly index: number
  readonly entry: EvidenceEntry
  /** The entry in one Japanese sentence. */
  readonly sentence: string
}

export interface EvidencePage {
  readonly rows: readonly EvidenceRow[]
  readonly page: number
  readonly pages: number
  readonly total: number
  /** Size and root of the log now. */
  readonly checkpoint: string
}

/** Enough to verify one entry without this server. */
export interface EvidenceProof {
  readonly index: number
  /** base64 of the leaf bytes. */
  readonly entry: string
  readonly leaf: string
  /** Audit path, RFC 6962 §2.1.1, hex, leaf side first. */
  readonly path: readonly string[]
  /** Signed note. */
  readonly checkpoint: string
  /** Verifier key, C2SP signed-note. */
  readonly key: string
}

export interface QuestionSummary {
  readonly question: DecisionName
  readonly title: string
  readonly lead: string
}

/** What is said to the facts of one form. */
export interface DecisionAnswer {
  readonly answer: Answer
  /** Facts that were found, in words, e.g. 機密性 自治体機密性3B. */
  readonly found: readonly { readonly label: string; readonly value: string }[]
  /** Why a found value is not lower. */
  readonly grounds: readonly { readonly label: string; readonly findings: readonly Finding[] }[]
  /** The fewest facts that would have to be otherwise for it to pass; empty when it does, or when no fact does it. */
  readonly changes: readonly {
    readonly label: string
    readonly to: string
    readonly who: Actor
  }[]
  /** Wording for a contract or a specification that would fulfil what is missing. */
  readonly wording: readonly { readonly title: string; readonly text: string }[]
  /** Open points on which the answer hangs, with every reading. */
  readonly open: readonly OpenView[]
}

/** Decisions that come back by a date in their facts. */
export interface DueDecisions {
  readonly at: string
  /** How far ahead it looks. */
  readonly days: number
  readonly rows: readonly DueDecision[]
}

export interface NewDecision {
  readonly idempotencyKey: string
  readonly question: DecisionName
  /** What it is about, e.g. 住民記録システム. */
  readonly subject: string
  readonly facts: Readonly<Record<string, string | number | boolean>>
  /** Why it is so; required when it replaces another. */
  readonly reason: string
  /** Number of the decision that this one replaces. */
  readonly supersedes?: string
}

export interface DecisionRow {
  readonly number: string
  /** Place in the log. */
  readonly index: number
  readonly at: string
  readonly person: string
  readonly question: DecisionName
  readonly title: string
  readonly subject: string
  readonly result: Answer['result']
  readonly found: readonly string[]
  readonly rules: readonly string[]
  readonly reason: string
  readonly facts: Readonly<Record<string, string | number | boolean>>
  readonly supersedes?: string
  readonly supersededBy?: string
}

/** Text to paste so that what was decided passes the cloud gate; empty when no text would. */
export interface DeclarationPage {
  readonly parts: readonly { readonly where: string; readonly text: string }[]
}

export interface DecisionPage {
  readonly rows: readonly DecisionRow[]
  readonly page: number
  readonly pages: number
  readonly total: number
}

/** What the guideline says about the declaration in force. */
export interface TownCheck {
  readonly result: Answer['result']
  readonly findings: readonly Finding[]
  /** Questions that were asked. */
  readonly questions: number
  readonly at: string
  readonly edition: Edition
  readonly model: Model
  readonly editions: readonly Edition[]
}

export interface RiskPage extends Omit<RiskAssessment, 'rows'> {
  /** The gravest. */
  readonly rows: readonly (RiskRow & { readonly pathName: string; readonly levelName: string })[]
  readonly total: number
}

/** What another model would mean. */
export interface ModelsPage {
  readonly model: Model
  readonly models: readonly { readonly model: Model; readonly counts: ModelGap['counts'] }[]
  readonly delta?: Delta
}

/** 急いで止める: the services of the cloud gate, and which are cut. */
export interface CloudCuts {
  readonly services: readonly {
    readonly service: string
    readonly name: string
    readonly cut?: { readonly by: string; readonly at: string; readonly reason: string }
  }[]
  /** What stops with the service that was asked for. */
  readonly impact?: CutImpact
}

export interface NewCloudCut {
  readonly service: string
  readonly open: boolean
  /** The name of the service, typed by hand. */
  readonly typed: string
  readonly reason: string
}

export interface CutPage {
  readonly targets: readonly { readonly target: string; readonly name: string }[]
  /** Present when one of them was asked for. */
  readonly impact?: CutImpact
}

/** What another edition says of the town, and what changed in the guideline between the two. */
export interface DiffPage extends EditionDiff {
  readonly model: Model
  /** The edition of the declaration. */
  readonly own: Edition
  /** Oldest first. */
  readonly editions: readonly Pick<EditionInfo, 'id' | 'name' | 'published' | 'changes'>[]
  /** With how many findings of this town come or go by it. */
  readonly rules: readonly (RuleChange & { readonly findings: number })[]
}

/** The registers of the declaration in force. */
export interface RegistersPage {
  readonly registers: readonly {
    readonly key: TableKey
    readonly name: string
    readonly count: number
  }[]
}

/** One register: the cells of its workbook as words. */
export interface RegisterPage {
  readonly key: TableKey
  readonly name: string
  /** Titles of the columns in which anything is written. */
  readonly columns: readonly string[]
  /** Whether a column holds names or other words that somebody wrote. */
  readonly named: readonly boolean[]
  /** The last column is no part of the declaration: when each flow was last used, by what is on record. */
  readonly used: boolean
  readonly rows: readonly (readonly string[])[]
  readonly found: number
  readonly all: number
  readonly page: number
  readonly pages: number
}

/** What a workbook would change. Nothing is put in force by it. */
export type ImportState = {
  readonly id: string
  readonly name: string
  readonly remove: boolean
} & (
  | { readonly state: 'working'; readonly seconds: number }
  | { readonly state: 'problems'; readonly problems: readonly RegisterProblem[] }
  | {
      readonly state: 'preview'
      readonly counts: Readonly<Record<RegisterChange['effect'], number>>
      readonly changes: readonly {
        readonly effect: RegisterChange['effect']
        readonly sentence: string
        /** Sheet and cell. */
        readonly place?: string
      }[]
      /** Changes that are left out. */
      readonly more: number
      /** What opens and what closes, in sentences. */
      readonly crossings: readonly string[]
      readonly appear: readonly Finding[]
      readonly vanish: readonly Finding[]
      readonly notices: readonly string[]
    }
  /** It took too long or too much. */
  | { readonly state: 'stopped' }
)

/** What something that was looked up means. */
export type Explained =
  | {
      readonly kind: 'rule'
      readonly id: string
      /** At least one. */
      readonly parts: readonly ExplainedRule[]
      /** Open points that act on it. */
      readonly points: readonly { readonly point: OpenPointId; readonly title: string }[]
    }
  | { readonly kind: 'point'; readonly point: PointPage }
  | Extract<LookedUp, { kind: 'reason' | 'class' | 'bare-class' | 'clause' | 'nothing' }>

/** One part of a rule, or a reason of the judge itself, which has no rule. */
export interface ExplainedRule {
  readonly short: string
  readonly message: string
  readonly why: string
  readonly cure: string
  readonly rule?: {
    readonly clause: string
    readonly from: Edition
    readonly until?: Edition
    readonly models: readonly Model[]
    readonly verified: boolean
    readonly source: string
    /** It belongs to the edition and the model of this town. */
    readonly applies: boolean
    readonly severity?: Severity
    readonly effect?: 'refuse' | 'hold'
  }
}

/** An open point with every reading, and which is in force here. */
export interface PointPage {
  readonly id: OpenPointId
  readonly title: string
  readonly question: string
  readonly kind: OpenPointKind
  /** How a reading comes into force, as a sentence. */
  readonly decidedBy: string
  readonly looked: IsoDate
  readonly readings: readonly {
    readonly id: string
    readonly short: string
    readonly text: string
    readonly changes: string
    readonly source: string
    readonly lenient: boolean
    readonly from?: Edition
    /** In force where nothing was chosen. */
    readonly first: boolean
    /** In force here today. Of a point for which the product is built both ways, none is. */
    readonly inForce: boolean
  }[]
  /** What the town wrote down. */
  readonly chosen?: ChosenReading
  /** The day from which it counts, when that is still to come. */
  readonly waits?: IsoDate
  readonly questions: readonly { readonly question: DecisionName; readonly title: string }[]
  readonly rules: readonly string[]
  /** What the product does about it, in sentences. */
  readonly lives: readonly string[]
}

export interface OpenPointsPage {
  readonly edition: Edition
  readonly points: readonly PointPage[]
}

/** Declarations that lie beside the town's, by the names of their folders. */
export interface TargetsPage {
  readonly targets: readonly { readonly id: string; readonly model?: Model }[]
}

/** A declaration that somebody brings, and what belongs to it. */
export interface GivenTarget {
  /** Text of a target.yaml. */
  readonly target: string
  /** Text of a plan.yaml. */
  readonly plan?: string
  /** The day that counts as today, without one today. */
  readonly at?: IsoDate
}

export type ShownFinding = Pick<Finding, 'rule' | 'severity' | 'message' | 'verified'>

/** Something to mend in a declaration or a plan before it can be read. */
export interface UnreadPlace {
  readonly file: 'town' | 'target' | 'plan'
  readonly line?: number
  readonly path: string
  readonly message: string
  readonly cure?: string
}

/** What a set for a council or an auditor is to be about. */
export interface ReportWish {
  /** Without one today. */
  readonly at?: IsoDate
  /** Without one the edition of the declaration. */
  readonly edition?: Edition
  /** Id of a target beside the town: the way there goes into the set. */
  readonly target?: string
}

/** A set, as far as it is made. */
export type ReportState = {
  readonly id: string
  readonly at: IsoDate
  readonly edition: Edition
  readonly target?: string
} & (
  | {
      readonly state: 'working'
      readonly seconds: number
      /** Files that are made, of all; absent while a way is looked for. */
      readonly progress?: { readonly done: number; readonly all: number }
    }
  | {
      readonly state: 'done'
      readonly findings: number
      readonly way?: string
      readonly files: readonly {
        readonly name: string
        readonly about: string
        /** Bytes. */
        readonly size: number
        readonly sha256: string
      }[]
      /** Name of the list in the set. */
      readonly list: string
      readonly zip: { readonly size: number; readonly sha256: string }
    }
  | { readonly state: 'unreadable'; readonly problems: readonly UnreadPlace[] }
  /** This machine has no font for Japanese. */
  | { readonly state: 'no-font'; readonly problem: Problem }
  /** It took too long or too much. */
  | { readonly state: 'stopped' }
)

/** The way to another declaration, as far as it is known. */
export type RoadmapState = { readonly id: string } & (
  | { readonly state: 'working'; readonly seconds: number }
  | { readonly state: 'done'; readonly page: RoadmapPage }
  | {
      readonly state: 'unreadable'
      readonly problems: readonly UnreadPlace[]
    }
  /** It took too long or too much. */
  | { readonly state: 'stopped' }
)

export interface RoadmapPage extends Pick<
  Roadmap,
  'outcome' | 'at' | 'from' | 'capacity' | 'conflicts' | 'lateForCertain' | 'checks'
> {
  readonly today: Omit<Roadmap['today'], 'findings'> & {
    readonly findings: readonly ShownFinding[]
  }
  readonly target: Omit<Roadmap['target'], 'findings'> & {
    readonly findings: readonly ShownFinding[]
  }
  readonly steps: readonly (Omit<RoadmapStep, 'subjects' | 'reasons' | 'vanish' | 'appear'> & {
    /** Sentences about changes that are left out. */
    readonly more: number
    readonly reasons: readonly {
      readonly sentence: string
      readonly steps: readonly number[]
      /** What would be found if it went first. */
      readonly finding?: ShownFinding
    }[]
    readonly vanish: readonly ShownFinding[]
    readonly appear: readonly ShownFinding[]
  })[]
  /** Why there is no way, in sentences. */
  readonly blocks: readonly string[]
  /** Absent when the model stays as it is. */
  readonly cost?: {
    readonly drivers: Delta['drivers']
    readonly minutesPerYear: Delta['minutesPerYear']
    /** Clicks a year more or, below zero, fewer. */
    readonly clicksPerYear: number
    /** Says that these are our estimates. */
    readonly note: string
  }
}

export type { Answer, Calendar, CutImpact, Delta, Finding, Form, SelfCheck }

export type { Arrow, Box, Drawing, GateMark, Label, Stroke } from '@sekisho/network'

/** まちの構成: the picture of the town in force, and its flows as a table. */
export interface StructurePage {
  readonly drawing: Drawing
  /** Every flow, by number, also those that a narrowed picture does not hold. */
  readonly flows: readonly FlowRow[]
  /** The gates in the picture. */
  readonly gates: readonly GateRow[]
  /** What the picture can be narrowed to: zones and outside networks. */
  readonly groups: readonly { readonly id: string; readonly name: string }[]
  /** Where one can ask from: systems, parties outside and people, by their group. */
  readonly starts: readonly {
    readonly group: string
    readonly items: readonly { readonly id: string; readonly name: string }[]
  }[]
  readonly at: string
}

/** A flow with all that is known of it. */
export interface FlowRow {
  readonly id: string
  /** Its number in the declaration, as in the picture. */
  readonly number: number
  readonly name: string
  readonly from: string
  readonly to: string
  /** e.g. 「TCP 443」. */
  readonly what: string
  readonly purpose: string
  readonly owner: string
  readonly expires?: string
  readonly expired: boolean
  /** Number, approver and day of a 特定通信. */
  readonly fixed?: { readonly number: string; readonly approvedBy: string; readonly date: string }
  /** Why the firewall does not let it through, and what to do; absent when it does. */
  readonly shut?: { readonly message: string; readonly cure: string }
  /** By what it is judged, with the clause of each. */
  readonly rules: readonly {
    readonly rule: string
    readonly clause: string
    readonly verified: boolean
    readonly message?: string
    readonly cure?: string
  }[]
  /** ISO time of the last use on record, of a gate by the evidence, of a flow by the firewall's counters; absent where nothing is recorded. */
  readonly lastUse?: string
  /** For this many days and longer the firewall counted nothing. */
  readonly unusedDays?: number
}

export interface GateRow {
  readonly kind: 'file' | 'mail' | 'screen'
  readonly id: string
  readonly name: string
  readonly from: string
  readonly to: string
  readonly lastUse?: string
}

/** What somebody can reach, and by which flows. */
export interface ReachPage {
  readonly name: string
  /** What must be known before it is read, e.g. by what the terminals of a person were found. */
  readonly caution?: string
  /** Whether it was computed on the firewall's text, read back, or on the declaration. */
  readonly basis: string
  readonly direct: readonly {
    readonly to: string
    readonly what: string
    /** Name of the flow, or where the text lets it through undeclared. */
    readonly by: string
    /** Its number in the picture. */
    readonly number?: number
    readonly flow?: string
  }[]
  readonly gates: readonly string[]
  readonly relayed: readonly string[]
  readonly zones: readonly string[]
  /** Ids of what is lit in the picture. */
  readonly lit: { readonly flows: readonly string[]; readonly boxes: readonly string[] }
}

/** Where a mail to the outside is. `handed-on` is said of mail that stays inside; `leaving` of mail whose end nobody has told yet. */
export type OutgoingMailState =
  | 'checking'
  | 'held'
  | 'waiting'
  | 'leaving'
  | 'sent'
  | 'came-back'
  | 'handed-on'
  | 'refused'
  | 'returned'
  | 'recalled'

/** One direction of one mail: `M-1042`, or `M-1042-1` where it goes several ways. */
export interface OutgoingMail {
  readonly number: string
  readonly subject: string
  /** Mailbox of the town it was sent from. */
  readonly from: string
  readonly sentAt: string
  readonly direction: 'internet' | 'lgwan' | 'own'
  readonly recipients: readonly {
    readonly address: string
    /** As the low side says. */
    readonly state?: 'waiting' | 'sent' | 'failed' | 'expired' | 'recalled'
    readonly reply?: string
  }[]
  readonly state: OutgoingMailState
  readonly mayRecall: boolean
  /** When the window to take it back ends. */
  readonly leavesAt?: string
  /** Who may approve it, while it is held. */
  readonly approvers?: readonly string[]
  readonly problem?: Problem
}

/** A mail to the outside that waits for a person. */
export interface OutgoingMailCard {
  readonly number: string
  readonly from: {
    readonly name: string
    readonly department: string
    readonly address: string
    /** Sent from a section's mailbox that names nobody: who decides may be who wrote it. */
    readonly writerUnknown: boolean
  }
  readonly subject: string
  readonly purpose: string
  readonly destination: string
  /** Every recipient outside. */
  readonly external: readonly string[]
  /** 自治体機密性. */
  readonly level: string
  readonly labels: readonly { readonly place: string; readonly label: string }[]
  readonly personalRows: number
  readonly attachments: readonly {
    readonly name: string
    readonly type: string
    readonly size: number
    readonly sha256: string
    readonly locked: boolean
    /** Labels and personal data in it may have been missed. */
    readonly partly: boolean
  }[]
  readonly text: string
  readonly removed: readonly Removal[]
  readonly kept: readonly Removal[]
  readonly findings: readonly Finding[]
  /** SHA-256 of the mail as it will leave. */
  readonly sha256: string
  readonly size: number
  readonly requestedAt: string
  readonly deadline: string
  readonly state: CrossingState
  readonly decidedBy?: string
  readonly comment?: string
  readonly cannotDecide?: string
}

/** How mail to the outside moves. */
export interface OutgoingMailQueue {
  /** When the oldest that is not at its end was handed in; empty for none. */
  readonly oldest: string
  /** Handed in, not looked at yet. */
  readonly spooled: number
  readonly checking: number
  readonly held: number
  /** Since when the oldest is held; empty for none. */
  readonly oldestHeld: string
  /** In the window in which it can be taken back. */
  readonly waiting: number
  /** At its end, and not yet with who carries it on: the line to the low side may be down. */
  readonly toBring: number
}
