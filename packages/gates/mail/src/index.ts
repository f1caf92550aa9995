export { MAIL_PROGRAM, rebuildInBox } from './box/box.ts'
export type { Boxed, BoxedMail } from './box/box.ts'
export type { BoxQuestion, MailFacts, PickUpFacts } from './box/question.ts'
export { openMailQueue } from './deliver/queue.ts'
export type {
  MailQueue,
  MailQueueOptions,
  MailStatus,
  Recalled,
  Submitted,
} from './deliver/queue.ts'
export { MAIL_LIMITS as MAIL_OUT_LIMITS } from './deliver/submission.ts'
export type { Submission } from './deliver/submission.ts'
export { externalRecipients, outgoingPlan } from './deliver/outgoing.ts'
export type { OutgoingPlan, OutgoingRule } from './deliver/outgoing.ts'
export type { Dial, NextHop } from './deliver/next-hop.ts'
export type { Route } from './deliver/routes.ts'
export { lookAtHop } from './deliver/hop-look.ts'
export type { HopCertificate, HopLook } from './deliver/hop-look.ts'
export type { MailOutcome } from './deliver/settle.ts'
export { DEFAULT_WAITS } from './deliver/waits.ts'
export type { Clock, Waits } from './deliver/waits.ts'
export { MAIL_OUT_REASONS, isReason as isMailOutReason, mailOutWords } from './deliver/words.ts'
export type { MailOutReason, MailOutWords } from './deliver/words.ts'
export { mailGate } from './gate.ts'
export type { MailGateOptions } from './gate.ts'
export { FOOTER_LINE, LIST_LINE, kindWords, willSentence } from './message/compose.ts'
export { writeNotice } from './notice/notice.ts'
export type { Notice } from './notice/notice.ts'
export { trace } from './notice/trace.ts'
export { mailProblem } from './notice/problem.ts'
export { KNOWN_HEADERS } from './message/known-headers.ts'
export type { KnownHeader } from './message/known-headers.ts'
export { certificateNumber } from './message/certificate.ts'
export type { Certificate, Fate, PartRow } from './message/certificate.ts'
export { partKey } from './message/pick-up.ts'
export type { PickUp, Will } from './message/pick-up.ts'
export { rebuildMessage } from './message/rebuild.ts'
export type { MessageHelp, MessageOutcome, MessageRefusal, RebuiltMail } from './message/rebuild.ts'
export { mayAttach } from './message/route.ts'
export type { MailRoute } from './message/route.ts'
export { MAIL_LIMITS, mailLimits } from './receive/limits.ts'
export type { MailLimits } from './receive/limits.ts'
export { mailboxesOf, openMailboxes, postmastersOf, readersOf } from './receive/mailboxes.ts'
export type {
  Mailbox,
  Mailboxes,
  PersonMailbox,
  RecipientProblem,
  SectionMailbox,
} from './receive/mailboxes.ts'
export { mailReceiver } from './receive/receiver.ts'
export type { MailNotTaken, Receiver, ReceiverOptions } from './receive/receiver.ts'
export { MAIL_REASONS } from './receive/replies.ts'
export type { MailReason } from './receive/replies.ts'
export { authenticitySentences, mailWords } from './receive/sentences.ts'
export type { MailWords } from './receive/sentences.ts'
export { openSpool } from './receive/spool.ts'
export type { Envelope, Peer, Spool, SpoolOptions, SpooledMail } from './receive/spool.ts'
export { NOT_CHECKED, VERDICTS } from './receive/authenticity.ts'
export { lookAtSpool } from './receive/spool-look.ts'
export type { SpoolLook } from './receive/spool-look.ts'
export type { Authenticity, Resolve, Verdict } from './receive/authenticity.ts'
export {
  addressesOf,
  mailHostsOf,
  mailPolicyOf,
  senderPoliciesOf,
  sentFrom,
} from './receive/published.ts'
export type { Told } from './receive/published.ts'
