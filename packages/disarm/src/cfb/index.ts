export { CompoundFile, readCompoundFile } from './read.ts'
export type { CompoundEntry } from './directory.ts'
export { writeCompoundFile } from './write.ts'
export type { NewCompoundFile, NewStream } from './write.ts'
