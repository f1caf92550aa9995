/**
 * Questions: named sets of facts that the judge answers. One kernel, one record, one form for all of them.
 * Every fact is required: an absent attribute would let a forbid be skipped, which fails open.
 */
import type { ConfidentialityLevel, PersonalDataKind } from './class.ts'
import type { Edition, Model } from './town.ts'

/** Kind of network place at one end of something that moves. */
export type ZoneKind = 'mynumber' | 'lgwan' | 'internet' | 'management' | 'outside'

/** Facts every question carries. */
export interface TownFacts {
  readonly model: Model
  readonly edition: Edition
}

/** ZN-01, 02, 03, 06, 13: one declared flow. */
export interface FlowFacts extends TownFacts {
  readonly fromZone: ZoneKind
  readonly toZone: ZoneKind
  /** Network on which the outside end lives; `none` when both ends are inside. */
  readonly outside: 'none' | 'internet' | 'lgwan' | 'dedicated'
  /** The outside end can itself be reached from the Internet. */
  readonly peerInternetCapable: boolean
  /** The outside end is on the closed list: マイナポータル, eLTAX, 自治体情報セキュリティ向上プラットフォーム. */
  readonly peerOnClosedList: boolean
  /** The town's reading of O1: only the list, or others too when they meet the conditions. */
  readonly peerReading: 'list' | 'conditions'
  /** The outside end is run by the state or J-LIS. */
  readonly peerPublic: boolean
  /** What comes from the outside end is disarmed or inspected before it is taken in. */
  readonly peerReceivedChecked: boolean
  /** A risk assessment of the outside end is dated before its flow was registered. */
  readonly peerAssessed: boolean
  /** Declared as 特定通信 in the register. */
  readonly registered: boolean
  readonly macLimited: boolean
  readonly ipLimited: boolean
  readonly portLimited: boolean
  readonly hasPurpose: boolean
  readonly hasOwner: boolean
  readonly hasExpiry: boolean
  readonly expired: boolean
  readonly viaSecurityCloud: boolean
  readonly localBreakout: boolean
  /** A local breakout that names no cloud gate, in a town that runs one for its zone. */
  readonly aroundGate: boolean
  /** A chain of this and other declared flows joins a My Number zone and the Internet. */
  readonly joinsMynumberAndInternet: boolean
}

/** ZN-06: the default at one boundary between two zones. */
export interface BoundaryFacts extends TownFacts {
  readonly between: readonly ZoneKind[]
  readonly defaultDeny: boolean
  readonly deniedLogged: boolean
}

/** ZN-04, ZN-05: one host (terminal or server) of a system. */
export interface HostFacts extends TownFacts {
  readonly zone: ZoneKind
  readonly role: 'terminal' | 'server'
  /** Number of different kinds (knowledge, possession, inherence) asked at login. */
  readonly authenticationKinds: number
  readonly removableMediaWrite: boolean
  /** Exceptions that lack a named device, an approval or a period, or whose period is over. */
  readonly incompleteMediaExceptions: number
}

/** ZN-07: the mail route Internet → LGWAN. */
export interface MailRouteFacts extends TownFacts {
  readonly fromZone: ZoneKind
  readonly toZone: ZoneKind
  readonly attachmentsRemoved: boolean
  readonly textOnly: boolean
}

/** ZN-08, ZN-09: the file route Internet → LGWAN. */
export interface FileRouteFacts extends TownFacts {
  readonly fromZone: ZoneKind
  readonly toZone: ZoneKind
  readonly throughSanitiser: boolean
  readonly resultRecorded: boolean
  readonly method: 'text' | 'image-pdf' | 'sanitise' | 'eye-check' | 'none'
  /** Eye check counts only together with software that detects and blocks unknown malware. */
  readonly unknownMalwareBlocked: boolean
}

/** ZN-10: the screen route. */
export interface ScreenRouteFacts extends TownFacts {
  readonly fromZone: ZoneKind
  readonly toZone: ZoneKind
  readonly clipboard: boolean
  readonly file: boolean
  readonly drive: boolean
  readonly printer: boolean
}

/** ZN-11, ZN-12: wireless LAN inside one zone. */
export interface WirelessFacts extends TownFacts {
  readonly zone: ZoneKind
  readonly used: boolean
  readonly authenticationServer: boolean
  readonly wpaEnterprise: boolean
  readonly requirementsDocument: boolean
}

/** OP-01, OP-02, OP-03: the body as a whole. */
export interface OrganisationFacts extends TownFacts {
  readonly cisoDocumented: boolean
  readonly csirtDocumented: boolean
  readonly committeeDocumented: boolean
  readonly committeeMetWithinYear: boolean
  readonly networkMonitored: boolean
  readonly complianceChecked: boolean
  /** Exceptions to policy recorded without an end date, or with one that has passed. */
  readonly openEndedExceptions: number
  readonly logsAcquired: boolean
  readonly logRetentionDays: number
  readonly logTamperProtected: boolean
  readonly logReviewed: boolean
}

/** §3.4: may an asset of this class be kept in this place. */
export interface PlacementFacts extends TownFacts {
  readonly level: ConfidentialityLevel
  readonly personal: PersonalDataKind
  readonly place: 'mynumber' | 'lgwan' | 'internet' | 'gov-cloud' | 'contract-cloud' | 'terms-cloud'
  /** 情報資産単位でのアクセス制御 is in force (β′). */
  readonly assetLevelAccessControl: boolean
  readonly ismapRegistered: boolean
  /** The five duties of the cloud clause (old 8.4 ①–⑤, new 8.3) are recorded. */
  readonly cloudDutiesRecorded: boolean
  /** The data centre can be operated within Japanese law. */
  readonly withinJapaneseLaw: boolean
  /** The terms of a uniform-terms service were checked. */
  readonly termsChecked: boolean
}

/** What may cross: X1–X5 and X9 of the matrix. */
export type CrossingKind =
  | 'mail-body'
  | 'screen'
  | 'file'
  | 'general'
  | 'removable-media'
  | 'print'
  | 'screenshot'

/** X1–X5, X9: may this cross. Asked by every gate, before the effect. */
export interface CrossingFacts extends TownFacts {
  readonly kind: CrossingKind
  readonly fromZone: ZoneKind
  readonly toZone: ZoneKind
  readonly level: ConfidentialityLevel
  /** Mail: no attachment is left. */
  readonly attachmentsRemoved: boolean
  /** Mail: the body is text. */
  readonly textOnly: boolean
  /** Screen: clipboard, file, drive and printer redirection are all off. */
  readonly redirectionOff: boolean
  /** File: what disarming found; `none` before it has run. */
  readonly disarm: 'none' | 'removed' | 'confirmed-absent' | 'converted' | 'refused'
  /** File and mail: the new bytes were re-read and accepted by the independent verifier on the receiving side. */
  readonly verified: boolean
  /** File: how many things that run code or reach out were removed. */
  readonly activeRemoved: number
  /** The town's parameter: when a person must approve an imported file. */
  readonly approvalPolicy: 'always' | 'active-content' | 'never'
  /** File: VBA projects that are still in the verified bytes. 0 unless the town listed them. */
  readonly macrosKept: number
  /** File: each of them is listed in the town, for a named system, and its period is in force. */
  readonly macroException: boolean
  /** A valid approval by another person, bound to digest, destination and purpose. */
  readonly approved: boolean
  readonly hasPurpose: boolean
  /** Encrypted on the way (outgoing, class 2 and above). */
  readonly encrypted: boolean
  /** Mail out: when the town asks a person, for every mail to the outside, for class 2 and above, or never. */
  readonly outwardApproval: 'external' | 'labelled' | 'never'
  /** Mail out: whether its class can be read, or the town says it for mail without one. */
  readonly label: 'known' | 'missing' | 'other-scheme'
  /** Mail out: Individual Numbers (個人番号) in text and attachments. */
  readonly myNumbers: number
  /** Mail out: rows of personal data in text and attachments. */
  readonly personalRows: number
  /** Removable media: a named device with an approval and a period in force. */
  readonly mediaException: boolean
}

/** AP, BT, OP, SC: one control that a town states, or does not state, to fulfil. */
export interface ControlFacts extends TownFacts {
  /** Id of the control table, e.g. `AP-01`. */
  readonly control: string
  /** A paper for it exists and is dated. */
  readonly stated: boolean
  /** The paper is no older than the control allows. */
  readonly fresh: boolean
  /** The rest of the declaration says otherwise, or a measurement does. */
  readonly contradicted: boolean
  /** 地方自治法施行規則 第16条の3 is in force (from 2027-07-01). */
  readonly ordinanceInForce: boolean
}

/** What a town uses a cloud service for; the later, the more controls it needs (MIC26 s16, four uses; licences told apart from updates). */
export const CLOUD_PATTERNS = [
  'licence',
  'updates',
  'sign-in',
  'communication',
  'outside-files',
] as const
export type CloudPattern = (typeof CLOUD_PATTERNS)[number]

/** X11 when it is declared: one service of a cloud gate. */
export interface WebRouteFacts extends TownFacts {
  readonly pattern: CloudPattern
  /** The tenants that may be signed in to are written down. */
  readonly tenantsLimited: boolean
  /** The gate reads inside every login host of the service's maker. */
  readonly inspects: boolean
  /** It is known how the maker is told: by the maker's own fields, or by one that the town wrote down. */
  readonly makerKnown: boolean
  /** The gate would read inside a host that its maker leaves out. */
  readonly inspectsLeftOut: boolean
}

/** X11: may this connection of the cloud gate go on. Asked before connecting, at the ClientHello, and at each request inside. */
export interface WebDestinationFacts extends TownFacts {
  /** `report`: what is not listed is written down and let through. Nothing else is let through by it. */
  readonly webMode: 'report' | 'enforce'
  readonly stage: 'connect' | 'hello' | 'request'
  /** The list that speaks about this name; of none, the best there is. */
  readonly listState: 'usable' | 'missing' | 'unsigned' | 'altered' | 'unapproved' | 'old'
  readonly targetForm: 'name' | 'address' | 'unreadable'
  /** A declared service has the name, and its list is in force. */
  readonly destinationListed: boolean
  /** The name is made to be taken for a listed one. */
  readonly looksListed: boolean
  readonly portListed: boolean
  readonly transport: 'tcp' | 'udp'
  readonly personKnown: boolean
  /** The person or the department is among those who use the service. */
  readonly personAllowed: boolean
  /** The service is cut off for now (緊急停止). */
  readonly serviceCut: boolean
  readonly pattern: CloudPattern | 'none'
  /** All answers of the resolver together; `unpublished` where the provider publishes no ranges. */
  readonly addresses: 'not-yet' | 'none' | 'special' | 'own' | 'outside' | 'inside' | 'unpublished'
  readonly scheme: 'https' | 'http'
  readonly hello: 'not-yet' | 'current' | 'old' | 'not-tls' | 'unreadable'
  /** SNI against the CONNECT host. */
  readonly serverName: 'not-yet' | 'same' | 'absent' | 'other'
  readonly ech: 'none' | 'outer' | 'hidden'
  /** The destination publishes ECH keys, or is a public name of them: an outer hello may then be a real one. */
  readonly echOffered: boolean
  /** The name server said whether it does. */
  readonly echAsked: boolean
  /** Every protocol offered by ALPN is one of the Web, or none is offered. */
  readonly protocolKnown: boolean
  readonly method: 'none' | 'read' | 'send' | 'other'
  readonly inspection: 'not-needed' | 'done' | 'missing'
  /** The limit on tenants of the service; `missing` when it is declared and could not hold. */
  readonly tenantLimit: 'not-needed' | 'done' | 'missing'
  readonly certificate: 'not-seen' | 'good' | 'untrusted' | 'other-name'
  /** Host or `:authority` against the CONNECT host. */
  readonly innerHost: 'not-seen' | 'same' | 'other' | 'absent' | 'several'
}

/** X11: may this leave for a cloud service. Asked by the cloud gate, where it reads inside, before the first byte of the request goes out. */
export interface WebUploadFacts extends TownFacts {
  readonly pattern: CloudPattern | 'none'
  readonly method: WebDestinationFacts['method']
  /** `data`: fields and words of an application. `stream`: it goes on after the answer, like a WebSocket. */
  readonly carries: 'nothing' | 'data' | 'file' | 'stream'
  /** Address and header fields together. */
  readonly address: 'short' | 'long'
  /** `part`: of a file that is sent in pieces. `coding`: compressed in a way nobody here undoes. */
  readonly reading: 'whole' | 'part' | 'coding' | 'unreadable'
  /** `over`: more than this use sends at once. `spent`: more than this person may send in a day. */
  readonly size: 'within' | 'over' | 'spent'
  /** Declared type and name of every file against what it is; the worst of them. */
  readonly fileType: 'none' | 'same' | 'lies' | 'unknown' | 'program'
  /** How much of it could be read. */
  readonly sight: 'all' | 'partly' | 'locked'
  readonly level: ConfidentialityLevel
  readonly label: CrossingFacts['label']
  /** Individual Numbers (個人番号) in all of it. */
  readonly myNumbers: number
  readonly personalRows: number
  /** When the town asks a person about files in communication. */
  readonly outwardApproval: CrossingFacts['outwardApproval']
  /** Every file has an approval by another person, bound to its digest and the service. */
  readonly approved: boolean
}

/** X11: may this reach the terminal. Asked by the cloud gate, where it reads inside, before the first byte of the answer is passed on. */
export interface WebDownloadFacts extends TownFacts {
  readonly pattern: CloudPattern | 'none'
  readonly form: 'page' | 'file'
  /** `over`: larger than the gate disarms. `cut`: it ended early. */
  readonly arrival: 'whole' | 'part' | 'coding' | 'over' | 'cut'
  readonly disarm: CrossingFacts['disarm']
  /** The rebuilt bytes were accepted by the independent verifier. */
  readonly verified: boolean
  readonly activeRemoved: number
  /** As the town says for files that come into the zone. */
  readonly approvalPolicy: CrossingFacts['approvalPolicy']
}

/**
 * Questions that people ask, through one form. Their facts are data (`guideline/questions`), and the schema of the rules has the shape of each.
 */
export const DECISIONS = [
  'classify',
  'use-cloud',
  'contract',
  'provide',
  'breakout',
  'screen-transfer',
  'register-flow',
  'dispose',
  'removable-media',
  'procure',
  'incident',
] as const
export type DecisionName = (typeof DECISIONS)[number]

/** What one fact can be. */
export type FactValue = boolean | number | string | readonly string[]

export type DecisionFacts = TownFacts & Readonly<Record<string, FactValue>>

/** Question name → its facts. The Cedar action has the same name. */
export interface Questions extends Readonly<Record<DecisionName, DecisionFacts>> {
  readonly 'check-flow': FlowFacts
  readonly 'check-boundary': BoundaryFacts
  readonly 'check-host': HostFacts
  readonly 'check-mail-route': MailRouteFacts
  readonly 'check-file-route': FileRouteFacts
  readonly 'check-screen-route': ScreenRouteFacts
  readonly 'check-wireless': WirelessFacts
  readonly 'check-organisation': OrganisationFacts
  readonly 'check-control': ControlFacts
  readonly place: PlacementFacts
  readonly cross: CrossingFacts
  readonly 'check-web-route': WebRouteFacts
  readonly 'web-destination': WebDestinationFacts
  readonly 'web-upload': WebUploadFacts
  readonly 'web-download': WebDownloadFacts
}
export type QuestionName = keyof Questions

/** One question with its facts, e.g. the content of a `decide` request file. */
export type Question = {
  [Name in QuestionName]: { readonly question: Name; readonly facts: Questions[Name] }
}[QuestionName]
