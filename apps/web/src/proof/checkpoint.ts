/**
 * A checkpoint of the log: a signed note (C2SP signed-note, tlog-checkpoint) that commits to size and root.
 */
import { fromBase64, join, sameBytes, sha256 } from './tree.ts'
import type { Bytes } from './tree.ts'

export interface Checkpoint {
  readonly origin: string
  readonly size: number
  readonly root: Bytes
}

export interface VerifierKey {
  readonly name: string
  /** First four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key). */
  readonly id: Bytes
  readonly publicKey: Bytes
}

const ED25519 = 1
const UTF8 = new TextEncoder()

/** Text and signature lines of a note, or `undefined` when it is not one. */
export function readNote(
  note: string,
): { readonly text: string; readonly lines: readonly { name: string; blob: Bytes }[] } | undefined {
  const split = note.lastIndexOf('\n\n')
  if (split < 0 || !note.endsWith('\n')) return undefined
  const lines = note
    .slice(split + 2, -1)
    .split('\n')
    .map(signatureLine)
  if (lines.length === 0 || lines.some((line) => line === undefined)) return undefined
  return { text: note.slice(0, split + 1), lines: lines.filter((line) => line !== undefined) }
}

/** Origin, size and root of a checkpoint's text, or `undefined`. */
export function readCheckpoint(text: string): Checkpoint | undefined {
  const [origin, count, hash] = text.split('\n')
  if (!origin || !/^(?:0|[1-9][0-9]{0,15})$/u.test(count ?? '')) return undefined
  const root = fromBase64(hash ?? '')
  const size = Number(count)
  if (root?.length !== 32 || !Number.isSafeInteger(size)) return undefined
  return { origin, size, root }
}

/** Reads `name+hash+base64(0x01 ‖ key)`, and checks that the hash in it is the key's own. */
export async function readKey(text: string): Promise<VerifierKey | undefined> {
  const parts = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(text.trim())
  const blob = fromBase64(parts?.[3] ?? '')
  const name = parts?.[1]
  if (name === undefined || blob?.length !== 33 || blob[0] !== ED25519) return undefined
  const id = (await sha256(join([UTF8.encode(`${name}\n`), blob]))).slice(0, 4)
  const claimed = [...id].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return claimed === parts?.[2] ? { name, id, publicKey: blob.slice(1) } : undefined
}

/**
 * True when a line of the note is a valid Ed25519 signature by `key` over the text.
 *
 * @throws {DOMException} when this browser cannot check Ed25519 at all.
 */
export async function signedBy(note: string, key: VerifierKey): Promise<boolean> {
  const read = readNote(note)
  const line = read?.lines.find(
    (it) => it.name === key.name && it.blob.length === 68 && sameBytes(it.blob.slice(0, 4), key.id),
  )
  if (read === undefined || line === undefined) return false
  const publicKey = await crypto.subtle.importKey('raw', key.publicKey, 'Ed25519', false, [
    'verify',
  ])
  return crypto.subtle.verify('Ed25519', publicKey, line.blob.slice(4), UTF8.encode(read.text))
}

function signatureLine(line: string): { name: string; blob: Bytes } | undefined {
  const parts = /^— (\S+) ([A-Za-z0-9+/=]+)$/u.exec(line)
  const blob = fromBase64(parts?.[2] ?? '')
  if (parts?.[1] === undefined || blob === undefined || blob.length < 5) return undefined
  return { name: parts[1], blob }
}
