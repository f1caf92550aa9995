export { FORMATS, renderFindings } from './findings.ts'
export type { Format, Subject } from './findings.ts'
export { visible } from './visible.ts'
