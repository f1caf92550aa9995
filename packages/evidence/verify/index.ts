/**
 * The verifier: needs no server, no store and no other package. What it accepts is decided by this folder alone.
 */
export { verifyFolder } from './folder.ts'
export type { FolderCheck, FolderOptions } from './folder.ts'
export { verifyConsistency, verifyProof } from './proof.ts'
export type { ConsistencyProof, InclusionProof, ProofCheck } from './proof.ts'
export { README_TEXT } from './readme.ts'
export { REASONS } from './words.ts'
export type { Reason } from './words.ts'
