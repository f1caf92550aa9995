/**
 * An approval of exactly one file for one service: a signed note (C2SP signed-note, Ed25519), given before the file is sent. The keys that count stand in the town file
 * (`gates.web[].signers`), so whoever can write the folder of approvals can take them away, and not add one.
 */
import { readSigner, readVerifier } from '@sekisho/evidence'
import type { IsoDate, Person } from '@sekisho/core'
import { daysBetween, todayInJapan } from '@sekisho/town'

export interface FileApproval {
  /** SHA-256 of the file, lower-case hex. */
  readonly sha256: string
  /** Id of the service it may be sent to. */
  readonly service: string
  /** Id of the person who may send it. */
  readonly sender: string
  /** Id of the person whose key signed. */
  readonly by: string
  /** When, ISO 8601 in UTC. */
  readonly at: string
}

/** Days for which an approval stands, the day it was given among them. */
export const APPROVAL_DAYS = 7

/** @throws SekishoError CONFIG_INVALID when the key is none */
export function signFileApproval(
  file: Pick<FileApproval, 'sha256' | 'service' | 'sender'>,
  { key, at }: { readonly key: string; readonly at: Date },
): string {
  const signer = readSigner(key)
  return signer.sign(textOf({ ...file, by: signer.name, at: at.toISOString() }))
}

/** Reads a note that one of these keys signed; `undefined` for any other text. Never throws on a note. */
export function openFileApproval(
  note: string,
  signers: readonly string[],
): FileApproval | undefined {
  for (const key of signers) {
    const verifier = readVerifier(key)
    const text = verifier.open(note)
    const approval = text === undefined ? undefined : approvalOf(text)
    // A key speaks for its own person only.
    if (approval?.by === verifier.name) return approval
  }
  return undefined
}

export interface ApprovalTerms {
  /** Verifier keys, `s0003+…`. */
  readonly signers: readonly string[]
  readonly people: readonly Person[]
  /** Today in Japan. */
  readonly today: IsoDate
}

/** Whether this note lets this person send this file to this service today. Nobody approves what they send themselves. */
export function isApproved(
  note: string,
  file: Pick<FileApproval, 'sha256' | 'service' | 'sender'>,
  { signers, people, today }: ApprovalTerms,
): boolean {
  const approval = openFileApproval(note, signers)
  if (!approval) return false
  const { sha256, service, sender, by } = approval
  const same = sha256 === file.sha256 && service === file.service && sender === file.sender
  const day = todayInJapan(new Date(approval.at))
  const age = daysBetween(day, today)
  return (
    same && by !== sender && age >= 0 && age < APPROVAL_DAYS && mayApproveFiles(by, day, people)
  )
}

/** Approvers of the town, its CISO, and nobody else, while they serve. */
export function mayApproveFiles(by: string, day: IsoDate, people: readonly Person[]): boolean {
  const person = people.find(({ id }) => id === by)
  if (!person || person.from > day || (person.until ?? day) < day) return false
  return person.roles.some((role) => role === 'approver' || role === 'ciso')
}

const textOf = ({ sha256, service, sender, by, at }: FileApproval): string =>
  `sekisho cloud file approval v1\nfile ${sha256}\nservice ${service}\nsender ${sender}\nby ${by}\nat ${at}\n`

const APPROVAL =
  /^sekisho cloud file approval v1\nfile ([0-9a-f]{64})\nservice ([^\s]{1,200})\nsender ([^\s]{1,200})\nby ([^\s+]{1,200})\nat (\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)\n$/u

function approvalOf(text: string): FileApproval | undefined {
  const [, sha256, service, sender, by, at] = APPROVAL.exec(text) ?? []
  if (!sha256 || !service || !sender || !by || !at) return undefined
  return { sha256, service, sender, by, at }
}
