/**
 * Who imported a snapshot, who approved it, and when: signed notes (C2SP signed-note, Ed25519) bound to the digest of exactly that snapshot.
 * The name of the key is the id of the person; which keys count stands in the town file (`gates.web[].signers`), so whoever can write the
 * folder of lists can take lists away, and not add one.
 */
import { readSigner, readVerifier } from '@sekisho/evidence'
import { listDigest } from './destination-list.ts'
import type { DestinationList } from './destination-list.ts'

export interface ListRecord {
  readonly kind: 'import' | 'approval'
  readonly list: string
  readonly version: string
  /** SHA-256 of the snapshot, lower-case hex. */
  readonly digest: string
  /** Id of the person whose key signed. */
  readonly by: string
  /** When, ISO 8601 in UTC. */
  readonly at: string
}

/** Signs that this snapshot was imported or approved. @throws SekishoError CONFIG_INVALID when the key is none */
export function signList(
  kind: ListRecord['kind'],
  list: DestinationList,
  { key, at }: { readonly key: string; readonly at: Date },
): string {
  const signer = readSigner(key)
  const record: ListRecord = {
    kind,
    list: list.list,
    version: list.version,
    digest: listDigest(list),
    by: signer.name,
    at: at.toISOString(),
  }
  return signer.sign(textOf(record))
}

/** Reads a note that one of these keys signed; `undefined` for any other text. Never throws on a note. */
export function openListRecord(note: string, signers: readonly string[]): ListRecord | undefined {
  for (const key of signers) {
    const verifier = readVerifier(key)
    const text = verifier.open(note)
    const record = text === undefined ? undefined : recordOf(text)
    // A key speaks for its own person only.
    if (record && record.by === verifier.name) return record
  }
  return undefined
}

const textOf = ({ kind, list, version, digest, by, at }: ListRecord): string =>
  `sekisho cloud list ${kind} v1\nlist ${list}\nversion ${version}\ndigest ${digest}\nby ${by}\nat ${at}\n`

const RECORD =
  /^sekisho cloud list (import|approval) v1\nlist ([a-z0-9-]+)\nversion (\d{10})\ndigest ([0-9a-f]{64})\nby ([^\s+]+)\nat (\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)\n$/u

function recordOf(text: string): ListRecord | undefined {
  const [, kind, list = '', version = '', digest = '', by = '', at = ''] = RECORD.exec(text) ?? []
  return kind === 'import' || kind === 'approval'
    ? { kind, list, version, digest, by, at }
    : undefined
}
