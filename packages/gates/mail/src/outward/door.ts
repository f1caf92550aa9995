/**
 * What reads and writes mails on their way out, and nothing else of the gate: for the process that works on one mail and ends.
 */
export { examineOutgoing, rawOf } from './examine.ts'
export { readLetter } from './letter.ts'
export { copyForInside, rewriteOutgoing } from './rewrite.ts'
export { sendersOf } from './senders.ts'
export { verifyOutgoing } from './verify.ts'
