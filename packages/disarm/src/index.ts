/**
 * Hostile bytes → harmless bytes and a report. `createPool` for servers; `disarmHere` for tests, fuzzers and the command
 * line of somebody who disarms his own files. The independent re-reader is `@sekisho/disarm/verify`.
 */
export { createPool } from './worker/pool.ts'
export type { Disarmed, Pool, PoolOptions, Scan, ScanVerdict } from './worker/pool.ts'
export type { FileOptions, Read, Told } from './worker/station.ts'
export { isolation as workerIsolation } from './worker/sandbox.ts'
export type { Isolation } from './worker/sandbox.ts'
export { systemToolbox } from './tools/index.ts'
export type { Toolbox } from './tools/index.ts'
export { DEFAULT_PROFILE } from './profile.ts'
export type { Profile } from './profile.ts'
export { DEFAULT_LIMITS } from './family.ts'
export type { Limits } from './family.ts'
export { DISARM_RULES, REFUSAL_REASONS, RULESET_VERSION, isActive } from './rules.ts'
export type { DisarmRule } from './rules.ts'
export {
  keptSentence,
  refusalWords,
  removalReason,
  removalSentence,
  ruleSentence,
} from './words.ts'
export type { RefusalWords } from './words.ts'
export { cleanName } from './names.ts'
export { disarmHere } from './here.ts'
// For whoever writes a package in the one form that passes the verifier, or reads one that was rebuilt.
export { partsOf } from './rebuilt.ts'
export { writeZip } from './zip/write.ts'
export { readXml } from './xml/read.ts'
export type { XmlElement, XmlToken } from './xml/read.ts'
// For whoever writes a mail of our own in the same spelling.
export { dateOf } from './mail/date.ts'
export { multipart, textEntity } from './mail/entity.ts'
export type { Entity } from './mail/entity.ts'
export { writtenText } from './mail/written-header.ts'
