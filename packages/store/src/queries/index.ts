export {
  findCrossing,
  findCrossingByNumber,
  listCrossingsOf,
  listDecidedBy,
  listDisposable,
  listEnded,
  listHeld,
  listNotTold,
  listOpenCrossings,
  listUntold,
  markTold,
  numberTaken,
  releaseBlob,
  saveCrossing,
} from './crossing.ts'
export type { CrossingRow } from './crossing.ts'
export {
  countEvidence,
  evidenceRow,
  insertEvidence,
  listEvidence,
  nextEvidence,
} from './evidence.ts'
export type { EvidenceFilter } from './evidence.ts'
export { findDelivery, insertDelivery, listDeliveriesOf, markTaken } from './inbox.ts'
export type { InboxRow } from './inbox.ts'
export {
  countMailKeeping,
  countMailWaiting,
  findMail,
  findMailDelivery,
  insertMail,
  listMailDeliveries,
  listMailDue,
  listMailExpired,
  listMailFinished,
  listMailRecipients,
  markMailLeaving,
  nextMailDue,
  pruneMail,
  releaseMail,
  settleMailRecipient,
  updateMailDelivery,
} from './mail-queue.ts'
export { hastenMail, listMailWaiting } from './mail-queue.ts'
export type {
  MailDeliveryRow,
  MailMessageRow,
  MailRecipientRow,
  MailWaitingRow,
} from './mail-queue.ts'
export {
  addMailTurned,
  findMailFor,
  findMailRow,
  findPickUp,
  insertMailRow,
  insertPickUp,
  listMailTurned,
  listMailsFor,
  listPickUps,
  listUndelivered,
  listUnreminded,
  updateMailRow,
} from './mail.ts'
export type { MailFilter, MailRow, PickUpRow } from './mail.ts'
export { findMailPart, insertMailParts, listMailParts, removeMailParts } from './mail-part.ts'
export type { MailPartRow } from './mail-part.ts'
export { nextCount, readMeta, writeMeta } from './meta.ts'
export {
  findOriginalRequest,
  forgetOriginalRequests,
  insertOriginalRequest,
  listOriginalRequests,
  listOverdueOriginalRequests,
  updateOriginalRequest,
} from './original-request.ts'
export type { OriginalRequestRow } from './original-request.ts'
export { forgetEvents, listEvents, pushEvent } from './outbox.ts'
export { searchKey } from './search-key.ts'
export {
  announceTransfer,
  countOpenTransfers,
  findMailTransfer,
  findTransfer,
  findTransferByKey,
  insertTransfer,
  listAbandoned,
  listAnnounced,
  listShreddable,
  listTransfers,
  updateTransfer,
} from './transfer.ts'
export type { TransferRow } from './transfer.ts'
