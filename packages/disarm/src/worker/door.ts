/**
 * For a program that answers a question of its own in the box of the disarm workers. Nothing here starts processes: a program must not even
 * hold the code for it.
 */
export { serveFrames } from './serve.ts'
export type { Further } from './serve-questions.ts'
export type { Limits } from '../family.ts'
