/**
 * Has a mail rebuilt in the box, and reads the answer as if an attacker wrote it, because one may have.
 */
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { Pool } from '@sekisho/disarm'
import type { SettledPart } from './attach.ts'
import type { BoxQuestion, MailFacts } from './question.ts'

/** What a pool of workers is to run so that it answers for mails, too (`createPool`). */
export const MAIL_PROGRAM = {
  program: fileURLToPath(new URL('worker.ts', import.meta.url)),
  packages: ['@sekisho/disarm', 'postal-mime'],
} as const

/** A mail as the box made it. `contents` stand in the order of the pick-ups. */
export interface BoxedMail {
  readonly message: Uint8Array
  readonly facts: MailFacts
  readonly contents: readonly Uint8Array[]
}

export type Boxed =
  | { readonly ok: true; readonly mail: BoxedMail }
  /** Reason id: of the mail gate or of the disarmer. */
  | { readonly ok: false; readonly reason: string }

/**
 * @param readFacts the strict form of what is told; `undefined` for anything else
 * @param files disarmed before, to be put back into the mail
 */
export async function rebuildInBox(
  pool: Pick<Pool, 'ask'>,
  bytes: Uint8Array,
  question: BoxQuestion,
  readFacts: (value: unknown) => MailFacts | undefined,
  files: readonly SettledPart[] = [],
): Promise<Boxed> {
  const outputs = files.map(({ output }) => output ?? new Uint8Array())
  const told = files.map(({ part, report }, index) => ({
    part,
    report,
    size: outputs[index]?.length ?? 0,
  }))
  const asked =
    files.length === 0 ? question : { ...question, mailBytes: bytes.length, files: told }
  const whole = files.length === 0 ? bytes : Buffer.concat([bytes, ...outputs])
  const answer = await pool.ask(whole, asked, (header, body) =>
    readTold(header, body, sha256Of(bytes), readFacts),
  )
  return answer.ok ? answer.told : answer
}

function readTold(
  header: unknown,
  body: Uint8Array,
  original: string,
  readFacts: (value: unknown) => MailFacts | undefined,
): Boxed | undefined {
  if (!isRecord(header)) return undefined
  const { ok, reason, facts: said, sizes, ...more } = header
  if (Object.keys(more).length > 0) return undefined
  if (ok === false) {
    const refused = typeof reason === 'string' && /^[A-Z][A-Z0-9-]{1,31}$/.test(reason)
    return refused && body.length === 0 ? { ok: false, reason } : undefined
  }
  const facts = ok === true && reason === undefined ? readFacts(said) : undefined
  const pieces = facts && cut(body, sizes, facts.pickUps.length + 1)
  if (!facts || !pieces || facts.certificate.original.sha256 !== original) return undefined
  const [message = new Uint8Array(), ...contents] = pieces
  // Success without bytes is the oldest lie of sanitisers; bytes under another digest are the second.
  const fits = facts.pickUps.every(
    ({ bytes, sha256 }, index) =>
      contents[index]?.length === bytes && sha256Of(contents[index]) === sha256,
  )
  return message.length > 0 && fits ? { ok: true, mail: { message, facts, contents } } : undefined
}

/** The body in as many pieces as were announced, and nothing left over. */
function cut(body: Uint8Array, sizes: unknown, count: number): readonly Uint8Array[] | undefined {
  if (!Array.isArray(sizes) || sizes.length !== count) return undefined
  const pieces: Uint8Array[] = []
  let at = 0
  for (const size of sizes as unknown[]) {
    if (!Number.isSafeInteger(size) || (size as number) < 0) return undefined
    pieces.push(body.subarray(at, at + (size as number)))
    at += size as number
  }
  return at === body.length ? pieces : undefined
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
