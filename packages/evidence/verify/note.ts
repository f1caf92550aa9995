/**
 * Checking checkpoints: C2SP signed-note with Ed25519, C2SP tlog-checkpoint. Written apart from the log's own code.
 */
import { createPublicKey, hash, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

/** A public key with the name it signs under. */
export interface TrustedKey {
  readonly name: string
  readonly id: Buffer
  readonly key: KeyObject
}

/** A checkpoint whose signature was checked. */
export interface TreeHead {
  readonly origin: string
  readonly size: number
  readonly root: Buffer
}

/** Longest note read. */
export const NOTE_LIMIT = 16_384

const NOTE =
  /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n\n((?:— [^ \n]+ [^ \n]+\n){1,64})$/u
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex')

/** Reads a note verifier key `name+id+base64`; `undefined` when it is not exactly one. */
export function readKey(text: string): TrustedKey | undefined {
  const parts = text.split('+')
  const [name = '', id = '', ...base64] = parts
  const bytes = strictBase64(base64.join('+'))
  if (name === '' || /[\s\p{Cc}]/u.test(name) || bytes?.length !== 33 || bytes[0] !== 1)
    return undefined
  const expected = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), bytes]), 'buffer')
  if (expected.toString('hex', 0, 4) !== id) return undefined
  const der = Buffer.concat([SPKI_HEAD, bytes.subarray(1)])
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
  return { name, id: expected.subarray(0, 4), key }
}

/** Checks a checkpoint note; `undefined` unless this key signed it and it is written exactly as specified. */
export function readTreeHead(note: string, key: TrustedKey): TreeHead | undefined {
  const match = note.length > NOTE_LIMIT ? null : NOTE.exec(note)
  if (match === null) return undefined
  const [, origin = '', size = '', encoded = '', signatures = ''] = match
  const root = strictBase64(encoded)
  const text = note.slice(0, note.length - signatures.length - 1)
  if (origin !== key.name || root === undefined || !Number.isSafeInteger(Number(size)))
    return undefined
  return signedBy(key, text, signatures) ? { origin, size: Number(size), root } : undefined
}

/** At least one signature of this key, and none of its signatures is wrong. Unknown keys are ignored, as specified. */
function signedBy(key: TrustedKey, text: string, signatures: string): boolean {
  let good = 0
  for (const line of signatures.split('\n').slice(0, -1)) {
    const [, name = '', encoded = ''] = line.split(' ')
    const bytes = strictBase64(encoded)
    if (bytes === undefined || bytes.length < 5) return false
    if (name !== key.name || !bytes.subarray(0, 4).equals(key.id)) continue
    if (!verify(null, Buffer.from(text), key.key, bytes.subarray(4))) return false
    good += 1
  }
  return good > 0
}

/** Base64 that has no second spelling: stray bits or missing padding would let bytes change unseen. */
function strictBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : undefined
}
