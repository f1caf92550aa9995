/**
 * For whoever looks at a file without rebuilding it: what it is, what was written on it, whether two readers would take it for two things.
 */
export {
  DENIED_EXTENSIONS,
  EXTENSIONS,
  HEAD_BYTES,
  NAMED_TYPES,
  UNSUPPORTED_EXTENSIONS,
  detect,
  headType,
} from './detect.ts'
export type { Detected } from './detect.ts'
export { Context, Refusal } from './family.ts'
export { decodeReferences } from './html/character-reference.ts'
export { documentMarks } from './marks.ts'
export type { DocumentMarks } from './marks.ts'
export { cleanName, extensionOf, nameForType } from './names.ts'
export { decodeText, detectEncoding } from './text/encoding.ts'
export { looksLikeText } from './text/pose.ts'
export { readZip } from './zip/read.ts'
