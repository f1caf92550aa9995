/**
 * A town as checked and resolved from town.yaml. Everything here is frozen data; how it is written in YAML is the
 * business of the `town` package.
 */
import type { Availability, Class, Integrity, PersonalDataKind } from './class.ts'
import type { MailGate } from './mail-gate.ts'
import type { ChosenReading, OpenPointId } from './open-point.ts'
import type { CloudPattern, ZoneKind } from './question.ts'

/** α, α′, β, β′ of the guideline (三層の対策の見直し). The prime is U+2032. */
export const MODELS = ['α', 'α′', 'β', 'β′'] as const
export type Model = (typeof MODELS)[number]

/** Editions of the guideline, oldest first. Each rule belongs to a range of them. */
export const EDITIONS = ['H30.9', 'R2.12', 'R4.3', 'R5.3', 'R6.10', 'R7.3', 'R8.3'] as const
export type Edition = (typeof EDITIONS)[number]

/** Calendar date `YYYY-MM-DD`. */
export type IsoDate = string

export interface Zone {
  readonly id: string
  readonly name: string
  readonly kind: Exclude<ZoneKind, 'outside'>
  /** CIDR blocks, IPv4 or IPv6. */
  readonly networks: readonly string[]
  readonly wireless: {
    readonly used: boolean
    readonly authenticationServer: boolean
    readonly encryption?: string
    readonly requirementsDocument?: DocumentReference
  }
}

/** A party or network outside the town. */
export interface Peer {
  readonly id: string
  readonly name: string
  readonly network: 'internet' | 'lgwan' | 'dedicated'
  readonly internetCapable: boolean
  /** Entry of the closed list of 特定通信 type ②, when it is one. */
  readonly closedList?: 'myna-portal' | 'eltax' | 'jlis-security-platform'
  /** True for the prefectural 自治体情報セキュリティクラウド. */
  readonly securityCloud: boolean
  /** Id of the cloud service that answers there, when it is one the town uses. */
  readonly service?: string
  /** What the conditional reading of O1 asks of a peer of 特定通信 that is not on the closed list. */
  readonly conditions?: {
    readonly operator: 'public' | 'private'
    readonly receivedChecked: boolean
    readonly assessment?: DocumentReference
  }
  readonly addresses: readonly string[]
}

export interface Host {
  readonly id: string
  readonly name: string
  readonly role: 'terminal' | 'server'
  readonly addresses: readonly string[]
  readonly mac?: string
  readonly authentication: readonly ('knowledge' | 'possession' | 'inherence')[]
  readonly removableMedia: {
    readonly write: boolean
    readonly exceptions: readonly {
      readonly device: string
      readonly approvedBy: string
      readonly from: IsoDate
      readonly until: IsoDate
    }[]
  }
}

export interface System {
  readonly id: string
  readonly name: string
  readonly zone: string
  readonly owner: string
  readonly vendor?: string
  readonly hosts: readonly Host[]
}

export interface Asset {
  readonly id: string
  readonly name: string
  readonly class: Class
  readonly integrity: Integrity
  readonly availability: Availability
  readonly personal: PersonalDataKind
  /** Id of a system or of a cloud service. */
  readonly place: string
  readonly owner: string
}

/** One end of a flow: `zone:x`, `system:x`, `host:x` or `peer:x`. */
export type EndpointReference = `${'zone' | 'system' | 'host' | 'peer'}:${string}`

export interface Flow {
  readonly id: string
  readonly name: string
  readonly from: EndpointReference
  readonly to: EndpointReference
  readonly protocol: 'tcp' | 'udp' | 'icmp'
  /** Single ports or inclusive ranges; empty means any port, which only some rules tolerate. */
  readonly ports: readonly (number | readonly [number, number])[]
  readonly purpose?: string
  readonly owner?: string
  readonly expires?: IsoDate
  /** Present when the flow is registered as 特定通信. */
  readonly fixed?: {
    readonly number: string
    readonly approvedBy: string
    readonly date: IsoDate
    readonly macLimited: boolean
  }
  readonly via: readonly ('security-cloud' | 'local-breakout' | 'lgwan')[]
  /** Id of the gate whose connection this flow is: nothing travels on it but what that gate lets through. */
  readonly gate?: string
}

export interface CloudService {
  readonly id: string
  readonly name: string
  readonly kind: 'gov-cloud' | 'contract' | 'terms'
  readonly ismap?: { readonly registered: boolean; readonly checked: IsoDate }
  readonly dataCentre: string
  readonly withinJapaneseLaw: boolean
  readonly dutiesDocument?: DocumentReference
  readonly termsDocument?: DocumentReference
}

export interface Department {
  readonly id: string
  readonly name: string
  /** Mailbox of the section, read by all its people. */
  readonly mail?: string
}

export interface Person {
  readonly id: string
  readonly name: string
  readonly department: string
  readonly roles: readonly ('clerk' | 'approver' | 'it-officer' | 'ciso' | 'auditor')[]
  readonly from: IsoDate
  readonly until?: IsoDate
  /** Internet mail address, as written; of addresses that differ in case only, a town has one. */
  readonly mail?: string
}

export interface DocumentReference {
  readonly title: string
  readonly date: IsoDate
}

/** A control in place: the town says it fulfils `control` and names the paper. */
export interface Control extends DocumentReference {
  readonly control: string
}

export interface PolicyException {
  readonly id: string
  readonly subject: string
  readonly reason: string
  readonly approvedBy: string
  readonly until?: IsoDate
}

/** The town's choices for what acts on nobody but may be unwanted: always reported, kept or removed as written here. */
export interface DisarmProfile {
  readonly links: 'keep' | 'text-only'
  readonly hidden: 'keep' | 'remove'
  readonly changes: 'keep' | 'accept'
  readonly comments: 'keep' | 'remove'
  readonly title: 'keep' | 'remove'
  readonly mailBody: 'text' | 'html'
}

/**
 * A macro that may come in (マクロの例外): one VBA project by its digest, for one system, approved by a named person, until a day. Every file with it is
 * held for a person; any other macro is removed as ever.
 */
export interface MacroException {
  readonly id: string
  readonly name: string
  /** SHA-256 of the bytes of `vbaProject.bin`, lower-case hex. */
  readonly sha256: string
  /** Id of the system whose work needs it. */
  readonly system: string
  readonly reason: string
  readonly approvedBy: string
  readonly from: IsoDate
  /** Last day on which it holds. There is no exception without an end. */
  readonly until: IsoDate
}

/** How files, mail and screens cross between two zones. */
export interface Gates {
  readonly file: readonly {
    readonly id: string
    readonly from: string
    readonly to: string
    readonly method: 'text' | 'image-pdf' | 'sanitise' | 'eye-check' | 'none'
    readonly unknownMalwareBlocked: boolean
    readonly record: boolean
    readonly approval: 'always' | 'active-content' | 'never'
    /** Days the sealed original stays on the low side. */
    readonly originalDays: number
    readonly maxBytes: number
    /** What is done with the harmless but unwanted when a file is rebuilt. */
    readonly disarm: DisarmProfile
  }[]
  readonly mail: readonly MailGate[]
  readonly screen: readonly {
    readonly id: string
    readonly from: string
    readonly to: string
    readonly clipboard: boolean
    readonly file: boolean
    readonly drive: boolean
    readonly printer: boolean
  }[]
  /** Absent when the town has no gate to cloud services. */
  readonly web?: readonly WebGate[]
}

/** A cloud gate: the one way from a zone to declared cloud services (ローカルブレイクアウト). */
export interface WebGate {
  readonly id: string
  /** Id of the zone whose terminals use it. */
  readonly from: string
  /** Id of the system it runs on. The flows that name this gate begin there and nowhere else. */
  readonly system: string
  /** `report`: what is not listed is written down and let through, until the town is sure of its list. */
  readonly mode: 'report' | 'enforce'
  /** Days from its import after which a list of destinations is not used any more. */
  readonly listDays: number
  /** Public keys of those who import and approve lists; the name of each is the id of a person. */
  readonly signers: readonly string[]
  readonly services: readonly WebService[]
  /** When somebody is told of what goes through; what is absent is as usual. */
  readonly watch?: Partial<WebWatch>
  /** A browser whose connection was refused is shown the page with the reason, under a certificate of the town for the refused name. Absent for no. */
  readonly refusalPages?: boolean
}

/** From what on a person is told of what goes through a cloud gate (知らせ). Bytes are those sent out. */
export interface WebWatch {
  /** Office hours in Japan, `HH:MM`. */
  readonly hours: { readonly from: string; readonly until: string }
  /** Days on which nobody works, beside weekends, national holidays and the turn of the year. */
  readonly closed: readonly IsoDate[]
  /** Bytes of one person outside of these hours, in a day. */
  readonly offHoursBytes: number
  /** Times what a person or service sends on a usual day. */
  readonly spikeTimes: number
  /** Bytes below which no day is unusual. */
  readonly spikeBytes: number
  /** Connections of one terminal in a day whose name, host and address do not agree. */
  readonly mismatches: number
  /** Days before a list becomes too old. */
  readonly listDaysLeft: number
  /** Addresses under which the services see the town; empty when nobody wrote them down. */
  readonly seenAs: readonly string[]
}

/** How one declared cloud service is used through a cloud gate. Where it is, the flows that name the gate and their peers say. */
export interface WebService {
  /** Id of the cloud service. */
  readonly service: string
  /** Id of the list of destinations, e.g. `microsoft-365`. */
  readonly list: string
  /** Parts of the list beside the common one, e.g. `Exchange`. */
  readonly areas: readonly string[]
  /** Ids of sets that are not required and are taken all the same. */
  readonly optional: readonly string[]
  readonly pattern: CloudPattern
  /** Ids of departments whose people use it; empty for none. */
  readonly departments: readonly string[] | 'all'
  /** Ids of single people who use it too. */
  readonly people: readonly string[]
  /** Tenants that may be signed in to (テナントの制限); absent when not limited. */
  readonly tenants?: {
    /** Domains or ids of the tenants. */
    readonly allowed: readonly string[]
    /** Id of the town's own directory. */
    readonly directory?: string
    /** Who makes the service; absent when its list says so, or nobody knows. */
    readonly maker?: 'microsoft' | 'google'
    /** The field by which another maker is told, as its documents have it; it is written into every request to the hosts in `inspect`. */
    readonly field?: string
  }
  /** Hosts where the gate reads inside, each with the reason that staff are shown. */
  readonly inspect: readonly { readonly host: string; readonly reason: string }[]
  /** Bytes that one person may send to it in a day; absent for no limit. */
  readonly dailyBytes?: number
  /** WebSocket may be spoken to the hosts that are read inside; what it carries counts as not read. Absent for no. */
  readonly websocket?: boolean
}

/** What a paper of a contract may say: the facts of the question `contract` that are a yes or a no, without its prefix `ct`. */
export const CONTRACT_TERMS = [
  'scope',
  'roleTable',
  'sheet',
  'sheetDated',
  'secrecy',
  'purposeLimit',
  'noThirdParty',
  'noCopies',
  'reentrustClause',
  'placeSet',
  'slaRate',
  'slaRecovery',
  'slaRedundancy',
  'slaBackup',
  'slaReport',
  'exitFormat',
  'exitPeriod',
  'exitHelp',
  'logHandover',
  'logKeeping',
  'auditRight',
  'incidentContact',
  'incidentHelp',
  'erasure',
  'erasureProof',
  'supplyDeclared',
  'headOffice',
  'owner',
  'acceptVersion',
  'acceptShape',
  'changeControl',
  'noTraining',
  'takeOut',
  'reentrustTerms',
  'leakLiability',
  'staffNamed',
  'staffTrained',
  'reports',
  'inspection',
] as const
export type ContractTerm = (typeof CONTRACT_TERMS)[number]

/** What of persons someone outside handles; the heavier later. */
export const HANDLED_DATA = ['none', 'personal', 'specific'] as const
export type HandledData = (typeof HANDLED_DATA)[number]

/** Where a contract puts disputes. */
export type LawChoice = 'unset' | 'foreign' | 'foreign-reasoned' | 'japan'

/** What a contract is about: `system:x`, `service:x` or `asset:x`. */
export type CoveredReference = `${'system' | 'service' | 'asset'}:${string}`

/** A contract with someone outside (業務委託、クラウドの利用). What is written in it stands in its papers. */
export interface Contract {
  readonly id: string
  readonly name: string
  /** The party to whom the work is entrusted. */
  readonly vendor: string
  readonly kind: 'work' | 'cloud' | 'operate' | 'build'
  readonly owner: string
  readonly covers: readonly CoveredReference[]
  readonly personal: HandledData
  readonly signed?: IsoDate
  readonly starts: IsoDate
  /** Last day. */
  readonly ends: IsoDate
  /** Whether data have been handed over. */
  readonly dataSupply: 'not-begun' | 'asked' | 'begun'
  /** The day on which data are or were first handed over. */
  readonly dataFrom?: IsoDate
  readonly law?: LawChoice
  readonly court?: LawChoice
  /** Hours within which the vendor tells of an incident. */
  readonly incidentHours?: number
}

/** A paper that belongs to a contract, and what can be read in it. */
export interface ContractPaper {
  readonly id: string
  readonly name: string
  readonly contract: string
  readonly date: IsoDate
  /** Last day on which it holds; without one it holds as long as the contract. */
  readonly until?: IsoDate
  readonly states: readonly ContractTerm[]
}

/** One party of the tree below a contract (再委託、再々委託、…). */
export interface Subcontractor {
  readonly id: string
  /** The party's name. */
  readonly name: string
  /** Id of the contract, or of the subcontractor that entrusts the work to this one. */
  readonly under: string
  readonly work?: string
  /** The data it is given. */
  readonly data?: string
  readonly personal: HandledData
  /** The day on which its work begins. */
  readonly starts: IsoDate
  /** Consent of the first client: the town itself, by one of its departments. */
  readonly consent?: DocumentReference & { readonly by: string }
}

/** What is known to be so about a use of a medium; facts of the question `removable-media` that are a yes or a no. */
export const MEDIUM_USE_POINTS = [
  'mediaNoOtherWay',
  'takeOutException',
  'takeInException',
  'mediaDisarmed',
  'mediaReturn',
  'mediaLossReport',
  'mediaLocked',
] as const

/** What is known to be so about a disposal; facts of the question `dispose` that help when they are so. */
export const DISPOSAL_POINTS = [
  'otherMethodConfirmed',
  'leaseDiskKept',
  'staffErasedFirst',
  'certificateSerials',
] as const

export const DISPOSAL_METHODS = [
  'none',
  'format',
  'overwrite',
  'ata-normal',
  'ata-enhanced',
  'block-erase',
  'crypto-erase',
  'scsi-sanitize',
  'scsi-format',
  'nvme-sanitize',
  'nvme-format',
  'degauss',
  'punch-single',
  'punch-multi',
  'platter-break',
  'chip-break',
  'record-layer',
  'tape-shred',
  'paper-shred',
  'paper-dissolve',
  'provider-erase',
] as const

/** What a medium holds or ever held; the heavier later. */
export const MEDIUM_CONTENTS = ['one', 'two-or-more', 'mynumber-resident'] as const
export type MediumContent = (typeof MEDIUM_CONTENTS)[number]

/** A place that a medium is written or read in. */
export type MediumEnd = 'mynumber' | 'lgwan' | 'internet' | 'outside'

/** A thing that information is kept on (媒体), with its use and its end. */
export interface Medium {
  readonly id: string
  readonly name: string
  readonly kind: 'hdd' | 'ssd' | 'optical' | 'tape' | 'paper' | 'cloud'
  /** Number by which the very thing is known. */
  readonly number?: string
  readonly from: IsoDate
  readonly holder: 'town' | 'contractor' | 'other-body' | 'private'
  /** Id of the department that answers for it. */
  readonly owner: string
  readonly place: string
  readonly content: MediumContent
  /** Ids of assets that are or were on it. */
  readonly assets: readonly string[]
  readonly encrypted: boolean
  readonly use?: {
    readonly from: MediumEnd
    readonly to: MediumEnd
    readonly by: string
    readonly approvedBy?: string
    readonly until?: IsoDate
    readonly virusCheck: 'none' | 'usual' | 'isolated'
    readonly confirmed: readonly (typeof MEDIUM_USE_POINTS)[number][]
  }
  readonly disposed?: {
    readonly date: IsoDate
    readonly method: (typeof DISPOSAL_METHODS)[number]
    readonly hands: 'staff' | 'contractor-here' | 'contractor-away'
    readonly by: string
    /** A member of staff who saw it done. */
    readonly witness?: string
    readonly reuse: boolean
    readonly leased: boolean
    readonly confirmed: readonly (typeof DISPOSAL_POINTS)[number][]
  }
  readonly certificate?: DocumentReference
}

/** What an incident is about; facts of the question `incident` that are a yes or a no and make duties. */
export const INCIDENT_ASPECTS = [
  'incidentSpecific',
  'numberSystem',
  'specialCare',
  'propertyHarm',
  'wrongfulPurpose',
  'publicView',
  'otherSide',
] as const

/** Something that happened or nearly did (事案). */
export interface Incident {
  readonly id: string
  readonly name: string
  /** The day on which anyone of the body came to know: day 0 of every clock. */
  readonly found: IsoDate
  readonly sort: 'near-miss' | 'trouble' | 'suspected' | 'happened'
  readonly sign: 'none' | 'server-theft' | 'stealer' | 'c2-contact' | 'soc-notice'
  readonly summary: string
  readonly involves: readonly (typeof INCIDENT_ASPECTS)[number][]
  readonly persons: number
  readonly stronglyEncrypted: boolean
  /** Days on which who was told. */
  readonly reported: {
    readonly csirt?: IsoDate
    readonly ciso?: IsoDate
    readonly first?: IsoDate
    readonly final?: IsoDate
    readonly persons?: IsoDate
    readonly otherSide?: IsoDate
  }
  /** The nine fields of the final report are all filled in. */
  readonly nineFieldsComplete: boolean
}

export interface TownTest {
  readonly name: string
  readonly from: EndpointReference | 'internet'
  readonly to: EndpointReference | 'internet'
  readonly port?: number
  readonly protocol?: 'tcp' | 'udp' | 'icmp'
  readonly expect: '通過' | '差止め'
}

export interface Town {
  readonly name: string
  /** 全国地方公共団体コード, 6 digits, when the town has one. */
  readonly code?: string
  readonly staff: number
  readonly model: Model
  readonly edition: Edition
  readonly zones: readonly Zone[]
  readonly boundaries: readonly {
    readonly between: readonly [string, string]
    readonly default: 'deny' | 'allow'
    readonly logDenied: boolean
  }[]
  readonly peers: readonly Peer[]
  readonly systems: readonly System[]
  readonly assets: readonly Asset[]
  readonly flows: readonly Flow[]
  readonly services: readonly CloudService[]
  readonly departments: readonly Department[]
  readonly people: readonly Person[]
  readonly gates: Gates
  readonly organisation: {
    readonly ciso?: DocumentReference
    readonly csirt?: DocumentReference
    readonly committee?: DocumentReference & { readonly lastMet?: IsoDate }
    readonly monitoring?: DocumentReference & { readonly complianceChecked: boolean }
    readonly logs?: DocumentReference & {
      readonly retentionDays: number
      readonly tamperProtected: boolean
      readonly lastReviewed?: IsoDate
    }
  }
  readonly controls: readonly Control[]
  readonly exceptions: readonly PolicyException[]
  readonly macros: readonly MacroException[]
  readonly contracts: readonly Contract[]
  readonly contractPapers: readonly ContractPaper[]
  readonly subcontractors: readonly Subcontractor[]
  readonly media: readonly Medium[]
  readonly incidents: readonly Incident[]
  /** Readings of open points that the town chose; absent when it chose none. */
  readonly readings?: Readonly<Partial<Record<OpenPointId, ChosenReading>>>
  readonly tests: readonly TownTest[]
  /** How the firewall between the zones is plugged in, when the town says so. */
  readonly firewall?: {
    readonly interfaces: readonly FirewallInterface[]
  }
}

/** One interface of the firewall: of a zone, of an outside network, or of single parties outside. */
export interface FirewallInterface {
  readonly name: string
  readonly zone?: string
  readonly network?: Peer['network']
  readonly peers?: readonly string[]
}
