/** What the town says about what its terminals send and fetch. Marks, the class of what bears none and who approves are said once, for mail and for the cloud (`gates.mail[].outward`). */
import type { Town, WebGate } from '@sekisho/core'
import type { Profile } from '@sekisho/disarm'
import type { DownloadTerms, ExamineTerms, UploadTerms } from '@sekisho/gates/web'

export interface GuardTerms {
  readonly upload: UploadTerms & { readonly labels: Omit<ExamineTerms, 'most'> }
  readonly download: DownloadTerms & {
    /** What is done with the harmless but unwanted; the same as for a file that comes through the file gate. */
    readonly profile: Partial<Profile>
    /** Bytes of one file. */
    readonly most: number
  }
}

/** Largest file that is disarmed on its way to a waiting browser. */
export const FETCHED_BYTES = 200 * 1024 * 1024

/** A town that says nothing is asked the most: files bear a class, and a person approves each. */
export function guardTerms(town: Town, gate: WebGate): GuardTerms {
  const outward = town.gates.mail.find((mail) => mail.outward)?.outward
  const outside = town.zones.filter(({ kind }) => kind === 'internet').map(({ id }) => id)
  const route = town.gates.file.find(({ from, to }) => to === gate.from && outside.includes(from))
  const { model, edition } = town
  return {
    upload: {
      town: { model, edition },
      outwardApproval: outward?.approval ?? 'external',
      labels: { unlabelled: outward?.unlabelled ?? 'ask', marks: outward?.marks ?? [] },
    },
    download: {
      town: { model, edition },
      approvalPolicy: route?.approval ?? 'active-content',
      profile: route?.disarm ?? {},
      most: Math.min(route?.maxBytes ?? FETCHED_BYTES, FETCHED_BYTES),
    },
  }
}
