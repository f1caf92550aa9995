/**
 * Signed notes with Ed25519. C2SP signed-note; the text forms of keys are those of golang.org/x/mod/sumdb/note.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
} from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { SekishoError } from '@sekisho/core'

/** Longest origin, in UTF-8 bytes. Keeps every checkpoint far below {@link MAX_NOTE_BYTES}. */
export const MAX_ORIGIN_BYTES = 255
/** Longest note that is read at all. A note of 16 signatures fits many times. */
export const MAX_NOTE_BYTES = 16_384

const ED25519 = 0x01
const SIGNATURE_BYTES = 64
// RFC 8410: the fixed DER head before a raw Ed25519 seed or public key.
const PRIVATE_DER = Buffer.from('302e020100300506032b657004220420', 'hex')
const PUBLIC_DER = Buffer.from('302a300506032b6570032100', 'hex')

/** The two halves of a log's identity, as text. */
export interface LogKey {
  /** `PRIVATE+KEY+<origin>+<key id>+<base64>`: whoever holds it can write history. */
  readonly signer: string
  /** `<origin>+<key id>+<base64>`: give it to everyone who should be able to check. */
  readonly verifier: string
}

/** Signs notes under one name. */
export interface NoteSigner {
  readonly name: string
  readonly verifier: string
  sign(text: string): string
}

/** Checks notes of one name. */
export interface NoteVerifier {
  readonly name: string
  /** The text of the note, or `undefined` when this key did not sign exactly this text. */
  open(note: string): string | undefined
}

/** Makes a fresh key for the log named `origin`. Throws CONFIG_INVALID when the name cannot be a key name. */
export function createLogKey(origin: string): LogKey {
  checkOrigin(origin)
  const { privateKey } = generateKeyPairSync('ed25519')
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(PRIVATE_DER.length)
  const key = rawPublicKey(privateKey)
  const id = keyId(origin, key).toString('hex')
  const secret = Buffer.concat([Buffer.of(ED25519), seed]).toString('base64')
  return { signer: `PRIVATE+KEY+${origin}+${id}+${secret}`, verifier: verifierText(origin, key) }
}

/** Reads the secret form. Throws CONFIG_INVALID; the message never repeats the key. */
export function readSigner(text: string): NoteSigner {
  const match = /^PRIVATE\+KEY\+([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/u.exec(text.trim())
  const [, name = '', id = '', secret = ''] = match ?? []
  const bytes = Buffer.from(secret, 'base64')
  if (match === null || bytes.length !== 33 || bytes[0] !== ED25519) throw badKey('signer')
  checkOrigin(name)
  const der = Buffer.concat([PRIVATE_DER, bytes.subarray(1)])
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const raw = rawPublicKey(key)
  if (keyId(name, raw).toString('hex') !== id) throw badKey('signer')
  return {
    name,
    verifier: verifierText(name, raw),
    sign: (body) => signNote(body, name, raw, key),
  }
}

/** Reads the public form. Throws CONFIG_INVALID. */
export function readVerifier(text: string): NoteVerifier {
  const match = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/u.exec(text.trim())
  const [, name = '', , encoded = ''] = match ?? []
  const bytes = Buffer.from(encoded, 'base64')
  if (match === null || bytes.length !== 33 || bytes[0] !== ED25519) throw badKey('verifier')
  checkOrigin(name)
  const raw = bytes.subarray(1)
  if (verifierText(name, raw) !== text.trim()) throw badKey('verifier')
  const der = Buffer.concat([PUBLIC_DER, raw])
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
  return { name, open: (note) => openNote(note, name, keyId(name, raw), key) }
}

function signNote(text: string, name: string, raw: Buffer, key: KeyObject): string {
  const signature = sign(null, Buffer.from(text), key)
  const encoded = Buffer.concat([keyId(name, raw), signature]).toString('base64')
  return `${text}\n— ${name} ${encoded}\n`
}

function openNote(note: string, name: string, id: Buffer, key: KeyObject): string | undefined {
  if (note.length > MAX_NOTE_BYTES || hasControl(note) || !note.endsWith('\n')) return undefined
  const end = note.lastIndexOf('\n\n')
  if (end === -1) return undefined
  const text = note.slice(0, end + 1)
  const lines = note.slice(end + 2, -1).split('\n')
  const ours = lines.map((line) => readSignature(line, name, id))
  if (ours.includes('malformed')) return undefined
  const signatures = ours.filter((one) => Buffer.isBuffer(one))
  const valid = signatures.every((signature) => verify(null, Buffer.from(text), key, signature))
  return signatures.length > 0 && valid ? text : undefined
}

/** Our signature on this line, `undefined` for another key's. Signature lines of unknown keys are to be ignored. */
function readSignature(line: string, name: string, id: Buffer): Buffer | 'malformed' | undefined {
  const match = /^— ([^ +]+) ([A-Za-z0-9+/]+=*)$/u.exec(line)
  if (match === null) return 'malformed'
  const bytes = Buffer.from(match[2] ?? '', 'base64')
  if (bytes.toString('base64') !== match[2] || bytes.length < 5) return 'malformed'
  if (match[1] !== name || !bytes.subarray(0, 4).equals(id)) return undefined
  return bytes.length === 4 + SIGNATURE_BYTES ? bytes.subarray(4) : 'malformed'
}

function hasControl(text: string): boolean {
  return /[\u0000-\u0009\u000B-\u001F]/u.test(text)
}

function verifierText(name: string, raw: Buffer): string {
  const encoded = Buffer.concat([Buffer.of(ED25519), raw]).toString('base64')
  return `${name}+${keyId(name, raw).toString('hex')}+${encoded}`
}

function keyId(name: string, raw: Buffer): Buffer {
  const hash = createHash('sha256').update(name).update(Buffer.of(0x0a, ED25519)).update(raw)
  return hash.digest().subarray(0, 4)
}

function rawPublicKey(key: KeyObject): Buffer {
  const der = createPublicKey(key).export({ format: 'der', type: 'spki' })
  return der.subarray(PUBLIC_DER.length)
}

function checkOrigin(origin: string): void {
  const bad = origin === '' || /[\s+\p{Cc}]/u.test(origin) || !origin.isWellFormed()
  if (bad || Buffer.byteLength(origin) > MAX_ORIGIN_BYTES)
    throw new SekishoError(
      'CONFIG_INVALID',
      'the log origin must be a short name without spaces or "+"',
    )
}

function badKey(what: 'signer' | 'verifier'): SekishoError {
  return new SekishoError('CONFIG_INVALID', `the log's ${what} key is not a note key`)
}
