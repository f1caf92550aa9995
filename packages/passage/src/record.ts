/**
 * What the passage writes down: one entry per step, with a key that makes it happen once.
 */
import { createHash } from 'node:crypto'
import type { Answer, EvidenceEntry, EvidenceKind, MailEnvelope, Receipt } from '@sekisho/core'
import type { Ports } from './ports.ts'
import type { Cured, Ending, Progress } from './progress.ts'

type Detail = EvidenceEntry['detail']

/** At most this many rule ids or removals are listed in one entry; the count is always exact. */
const LIST_MAX = 200

/**
 * Appends one entry about a crossing. Resolves only when it is on disk.
 *
 * @param key unique within the crossing: the same step recorded twice is one entry.
 */
export function record(
  ports: Pick<Ports, 'log' | 'clock' | 'model'>,
  progress: Progress,
  key: string,
  kind: EvidenceKind,
  detail: Detail,
  actor = 'system',
): Promise<Receipt> {
  const { crossing } = progress
  return ports.log.append(`${crossing.id}:${key}`, {
    v: 1,
    kind,
    at: ports.clock().toISOString(),
    side: 'high',
    model: ports.model,
    actor,
    crossing: crossing.id,
    number: crossing.number,
    detail: { file: crossing.fileName, person: crossing.sender.id, ...detail },
  })
}

/** What was received, from whom, where to and why. */
export function receivedDetail({ crossing, destination }: Progress): Detail {
  return {
    kind: crossing.kind,
    from: crossing.from,
    to: crossing.to,
    destination,
    name: crossing.sender.name,
    department: crossing.sender.department,
    level: crossing.level,
    purpose: crossing.purpose,
    size: crossing.size,
    sha256: crossing.inputSha256,
    receivedAt: crossing.receivedAt,
    ...(crossing.outcome === undefined ? {} : { outcome: crossing.outcome }),
    ...(crossing.again === undefined ? {} : { again: crossing.again }),
    ...(crossing.mail ? mailDetail(crossing.mail) : {}),
  }
}

/** Who says that they sent it, who handed it over, and whom it is for. */
function mailDetail({ from, recipients, unknown, peer, authenticity }: MailEnvelope): Detail {
  const { spf, dkim, dmarc } = authenticity
  return {
    mailFrom: from,
    recipients: recipients.map(({ address }) => address),
    readers: [...new Set(recipients.map(({ reader }) => reader))],
    unknownRecipients: unknown,
    peer: peer.address,
    helo: peer.helo,
    tls: peer.tls,
    spf: spf.verdict,
    dkim: dkim.map(({ verdict, domain }) => `${verdict} ${domain}`),
    dmarc: dmarc.verdict,
  }
}

/** The answer and every rule that determined it. */
export function answerDetail(answer: Answer): Detail {
  return {
    result: answer.result,
    basis: answer.basis,
    rules: answer.determining.slice(0, LIST_MAX),
    findings: [...new Set(answer.findings.map((finding) => finding.rule))].slice(0, LIST_MAX),
    errors: answer.errors.slice(0, LIST_MAX),
  }
}

/** Short digest of an answer: another answer to the same question is another entry. */
export function answerKey(answer: Answer): string {
  const text = JSON.stringify(answerDetail(answer))
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** What disarming found and made. */
export function curedDetail({ crossing, cured }: Progress): Detail {
  if (!cured) return {}
  const { report } = cured
  return {
    verdict: report.verdict,
    type: report.type,
    outputType: report.outputType,
    outputName: cured.outputName,
    rules: [...new Set(report.removed.map((removal) => removal.rule))].slice(0, LIST_MAX),
    removed: report.removed
      .slice(0, LIST_MAX)
      .map(({ rule, count, where }) => `${rule} ${count} ${where}`),
    removals: report.removed.length,
    kept: report.kept
      .slice(0, LIST_MAX)
      .map(({ rule, count, where }) => `${rule} ${count} ${where}`),
    ...likenessDetail(cured),
    ...certificateOf(cured),
    ...(report.reason === undefined ? {} : { reason: report.reason }),
    sha256: crossing.inputSha256,
    outputSha256: cured.sha256,
    outputSize: cured.size,
  }
}

/** The certificate of a mail, part by part, by its number. */
function certificateOf({ certificate }: Cured): Detail {
  return certificate === undefined ? {} : { mailCertificate: certificate }
}

/** Rule set and likeness, in thousandths, as far as they are known. */
function likenessDetail({ ruleset = '', report: { fidelity = {} } }: Cured): Detail {
  return {
    ruleset,
    ...(fidelity.text === undefined ? {} : { textLikeness: fidelity.text }),
    ...(fidelity.pages === undefined ? {} : { pageLikeness: fidelity.pages }),
  }
}

/**
 * The clean-file certificate (無害化の証明): which bytes came in, which went out, by which rules, what was removed, how alike they are, and that
 * other code has read them.
 */
function certificateDetail({ cured, verified }: Progress): Detail {
  if (!cured || !verified?.clean) return {}
  const { report } = cured
  return {
    certificate: 'clean-file',
    verdict: report.verdict,
    type: report.type,
    outputType: report.outputType,
    removedRules: [...new Set(report.removed.map(({ rule }) => rule))].slice(0, LIST_MAX),
    verifiedAs: verified.type,
    macros: verified.macros ?? [],
    ...likenessDetail(cured),
    ...certificateOf(cured),
  }
}

/** How it ended, bound to exactly the bytes. */
export function endingDetail(progress: Progress, ending: Ending): Detail {
  const { crossing, cured, approval } = progress
  return {
    ...(ending.state === 'delivered' ? certificateDetail(progress) : {}),
    reason: ending.reason,
    comment: ending.comment,
    destination: progress.destination,
    sha256: crossing.inputSha256,
    outputSha256: cured?.sha256 ?? '',
    outputName: cured?.outputName ?? '',
    rules: progress.answer?.determining.slice(0, LIST_MAX) ?? [],
    approver: approval?.approver.id ?? '',
  }
}
