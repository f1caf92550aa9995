export {
  CLASS_TABLE,
  CONFIDENTIALITY_LEVELS,
  PERSONAL_DATA_KINDS,
  classLabel,
  compareClass,
  correspondingClasses,
  foldedClassLabel,
  foreignClass,
  readClass,
} from './class.ts'
export type {
  Availability,
  Class,
  ClassComparison,
  ClassMismatch,
  ClassRow,
  ConfidentialityLevel,
  Integrity,
  PersonalDataKind,
} from './class.ts'
export type { Actor, Answer, Basis, Cure, Finding, GateCure, Result, Severity } from './answer.ts'
export type {
  BoundaryFacts,
  CloudPattern,
  ControlFacts,
  CrossingFacts,
  CrossingKind,
  DecisionFacts,
  DecisionName,
  FactValue,
  FileRouteFacts,
  FlowFacts,
  HostFacts,
  MailRouteFacts,
  OrganisationFacts,
  PlacementFacts,
  Question,
  QuestionName,
  Questions,
  ScreenRouteFacts,
  TownFacts,
  WebDestinationFacts,
  WebDownloadFacts,
  WebRouteFacts,
  WebUploadFacts,
  WirelessFacts,
  ZoneKind,
} from './question.ts'
export { factLabel, isAsked, settledForm, unasked, valueLabel } from './form.ts'
export type { Form, FormExample, FormFact, FormResult, GivenFacts } from './form.ts'
export { CLOUD_PATTERNS, DECISIONS } from './question.ts'
export {
  CONTRACT_TERMS,
  DISPOSAL_METHODS,
  DISPOSAL_POINTS,
  EDITIONS,
  HANDLED_DATA,
  INCIDENT_ASPECTS,
  MEDIUM_CONTENTS,
  MEDIUM_USE_POINTS,
  MODELS,
} from './town.ts'
export { MAIL_APPROVALS, MAIL_DMARC, MAIL_TLS } from './mail-gate.ts'
export type {
  MailApproval,
  MailDmarc,
  MailGate,
  MailNextHop,
  MailOutward,
  MailTls,
} from './mail-gate.ts'
export { OPEN_POINTS } from './open-point.ts'
export type { ChosenReading, OpenPointId, OpenRemark, Readings } from './open-point.ts'
export type {
  Asset,
  CloudService,
  Contract,
  ContractPaper,
  ContractTerm,
  Control,
  CoveredReference,
  Department,
  DocumentReference,
  Edition,
  EndpointReference,
  Flow,
  DisarmProfile,
  Gates,
  MacroException,
  Medium,
  MediumContent,
  MediumEnd,
  HandledData,
  Host,
  Incident,
  IsoDate,
  LawChoice,
  Model,
  Peer,
  Person,
  PolicyException,
  Subcontractor,
  System,
  Town,
  TownTest,
  WebGate,
  WebService,
  WebWatch,
  Zone,
} from './town.ts'
export { STEPS } from './crossing.ts'
export type { Approval, Crossing, CrossingState, Sender, Step, MailEnvelope } from './crossing.ts'
export type {
  CleanVerdict,
  DisarmOffer,
  DisarmReport,
  DisarmVerdict,
  Fidelity,
  Removal,
  ThreatKind,
  VerifiedMail,
} from './disarm.ts'
export { EVIDENCE_KINDS } from './evidence.ts'
export type { EvidenceEntry, EvidenceKind, EvidenceLog, Receipt } from './evidence.ts'
export { ERAS, eraDate, fiscalYear, fiscalYearDays, fiscalYearLabel } from './era.ts'
export type { Era } from './era.ts'
export { isDay } from './day.ts'
export { bytesText } from './bytes-text.ts'
export { isHoliday, isWeekend } from './holiday.ts'
export { errorCode } from './error-code.ts'
export { SekishoError } from './error.ts'
export { editDistance, nearest } from './nearest.ts'
export type { SekishoErrorCode } from './error.ts'
