import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import { refuse } from '../family.ts'
import { classicPasswordForms, modernPasswordForms } from './password-forms.ts'
import { isDictionary, isList, isName, isText } from './objects.ts'
import type { Dictionary, Value } from './objects.ts'

/** Undoes the encryption of one string or stream of object `number generation`. */
export interface Decryptor {
  string(bytes: Uint8Array, number: number, generation: number): Uint8Array
  /** How to open it; `undefined` when it is not locked. Whether that can be done is known at once. */
  stream(
    bytes: Uint8Array,
    number: number,
    generation: number,
    dictionary: Dictionary,
  ): (() => Uint8Array) | undefined
}

type Method = 'none' | 'rc4' | 'aes128' | 'aes256'

/** ISO 32000-1, 7.6.3.3, algorithm 2, step a. */
const PADDING = Buffer.from(
  '28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A',
  'hex',
)

interface Handler {
  readonly version: number
  readonly revision: number
  /** Bytes of the file key. */
  readonly length: number
  readonly owner: Uint8Array
  readonly user: Uint8Array
  readonly ownerKey: Uint8Array
  readonly userKey: Uint8Array
  readonly permissions: number
  readonly encryptMetadata: boolean
}

/**
 * The standard security handler of ISO 32000-1, 7.6 and of ISO 32000-2, 7.6.4 (V 1, 2, 4, 5; R 2–6). Tries the given password
 * and the empty one. Refuses `ENCRYPTED` for any other handler and when a password is needed, `PASSWORD-WRONG` when the given one
 * does not open the file. A file that only locks its attachments needs none: they do not come along.
 */
export function openEncryption(
  encrypt: Dictionary,
  id: Uint8Array,
  resolve: (value: Value | undefined) => Value,
  password: string | undefined,
): Decryptor {
  const get = (key: string): Value => resolve(encrypt.entries.get(key))
  if (!isName(get('Filter'), 'Standard')) refuse('ENCRYPTED')
  const handler = readHandler(get)
  const filters = handler.version >= 4 ? cryptFilters(get, resolve) : undefined
  const key = fileKey(handler, id, password) ?? keyless(filters, password)
  const plain: Method = 'rc4'
  const strings = filters?.strings ?? plain
  const streams = filters?.streams ?? plain
  return {
    string: (bytes, number, generation) => undo(strings, key, bytes, number, generation),
    stream: (bytes, number, generation, dictionary) => {
      const method = streamMethod(dictionary, streams, handler, filters, resolve)
      // What cannot be opened is an attachment, which goes anyway; anything else would be missed.
      const attached = isName(resolve(dictionary.entries.get('Type')), 'EmbeddedFile')
      if (method !== 'none' && key === NO_KEY && attached) return () => new Uint8Array()
      if (method === 'none') return undefined
      refuseWithoutKey(key)
      return () => undo(method, key, bytes, number, generation)
    },
  }
}

/** Without a fitting password a file is read only where nothing but attachments is encrypted. */
function keyless(filters: Filters | undefined, password: string | undefined): Uint8Array {
  if (filters?.strings === 'none' && filters.streams === 'none') return NO_KEY
  return refuse(password === undefined ? 'ENCRYPTED' : 'PASSWORD-WRONG')
}

const NO_KEY = new Uint8Array()

function readHandler(get: (key: string) => Value): Handler {
  const version = integer(get('V'), 0)
  const revision = integer(get('R'), 0)
  if (![1, 2, 4, 5].includes(version) || revision < 2 || revision > 6) refuse('ENCRYPTED')
  const bits = version === 1 ? 40 : version === 4 ? 128 : integer(get('Length'), 40)
  const length = version === 5 ? 32 : Math.floor((bits < 40 ? bits * 8 : bits) / 8)
  if (length < 5 || (length > 16 && version !== 5)) refuse('ENCRYPTED')
  return {
    version,
    revision,
    length,
    owner: string(get('O')),
    user: string(get('U')),
    ownerKey: string(get('OE')),
    userKey: string(get('UE')),
    permissions: integer(get('P'), 0),
    encryptMetadata: get('EncryptMetadata') !== false,
  }
}

interface Filters {
  readonly strings: Method
  readonly streams: Method
  readonly named: ReadonlyMap<string, Method>
}

function cryptFilters(
  get: (key: string) => Value,
  resolve: (value: Value | undefined) => Value,
): Filters {
  const named = new Map<string, Method>([['Identity', 'none']])
  const dictionary = get('CF')
  if (isDictionary(dictionary)) {
    for (const [key, value] of dictionary.entries) {
      const filter = resolve(value)
      if (isDictionary(filter)) named.set(key, filterMethod(resolve(filter.entries.get('CFM'))))
    }
  }
  const of = (value: Value): Method =>
    named.get(isName(value) ? value.value : 'Identity') ?? refuse('ENCRYPTED')
  return { strings: of(get('StrF')), streams: of(get('StmF')), named }
}

function filterMethod(value: Value): Method {
  if (isName(value, 'V2')) return 'rc4'
  if (isName(value, 'AESV2')) return 'aes128'
  if (isName(value, 'AESV3')) return 'aes256'
  if (value === null || isName(value, 'None')) return 'none'
  return refuse('ENCRYPTED')
}

function streamMethod(
  dictionary: Dictionary,
  usual: Method,
  handler: Handler,
  filters: Filters | undefined,
  resolve: (value: Value | undefined) => Value,
): Method {
  const type = resolve(dictionary.entries.get('Type'))
  if (isName(type, 'XRef')) return 'none'
  if (isName(type, 'Metadata') && !handler.encryptMetadata) return 'none'
  return filters ? (ownFilter(dictionary, filters, resolve) ?? usual) : usual
}

/** A `Crypt` filter must come first and names the method of this stream (7.4.10). */
function ownFilter(
  dictionary: Dictionary,
  filters: Filters,
  resolve: (value: Value | undefined) => Value,
): Method | undefined {
  const filter = first(resolve(dictionary.entries.get('Filter')), resolve)
  if (!isName(filter, 'Crypt')) return undefined
  const settings = first(resolve(dictionary.entries.get('DecodeParms')), resolve)
  const called = isDictionary(settings) ? resolve(settings.entries.get('Name')) : null
  return filters.named.get(isName(called) ? called.value : 'Identity') ?? refuse('ENCRYPTED')
}

function first(value: Value, resolve: (value: Value | undefined) => Value): Value {
  return isList(value) ? resolve(value.items[0]) : value
}

function fileKey(
  handler: Handler,
  id: Uint8Array,
  password: string | undefined,
): Uint8Array | undefined {
  const modern = handler.version === 5
  const forms = modern ? modernPasswordForms : classicPasswordForms
  for (const candidate of password === undefined ? [''] : [password, '']) {
    for (const bytes of forms(candidate)) {
      const key = modern ? modernKey(handler, bytes) : classicKey(handler, id, bytes)
      if (key) return key
    }
  }
  return undefined
}

/** Algorithms 2, 6 and 7. */
function classicKey(
  handler: Handler,
  id: Uint8Array,
  password: Uint8Array,
): Uint8Array | undefined {
  const padded = pad(password)
  const asUser = userKeyIfRight(handler, id, padded)
  return asUser ?? userKeyIfRight(handler, id, userPasswordFromOwner(handler, padded))
}

function userKeyIfRight(
  handler: Handler,
  id: Uint8Array,
  padded: Uint8Array,
): Uint8Array | undefined {
  const key = computeKey(handler, id, padded)
  const length = handler.revision === 2 ? 32 : 16
  const expected = handler.user.subarray(0, length)
  return same(userEntry(handler, id, key), expected) ? key : undefined
}

/** Algorithm 2. */
function computeKey(handler: Handler, id: Uint8Array, padded: Uint8Array): Uint8Array {
  const hash = createHash('md5')
  const permissions = Buffer.alloc(4)
  permissions.writeInt32LE(handler.permissions | 0)
  hash.update(padded).update(handler.owner.subarray(0, 32)).update(permissions).update(id)
  if (handler.revision >= 4 && !handler.encryptMetadata) hash.update(Buffer.alloc(4, 255))
  let key: Uint8Array = hash.digest()
  const length = handler.revision === 2 ? 5 : handler.length
  if (handler.revision >= 3) {
    for (let i = 0; i < 50; i += 1) key = md5(key.subarray(0, length))
  }
  return key.subarray(0, length)
}

/** Algorithms 4 and 5. */
function userEntry(handler: Handler, id: Uint8Array, key: Uint8Array): Uint8Array {
  if (handler.revision === 2) return rc4(key, PADDING)
  let value = rc4(key, createHash('md5').update(PADDING).update(id).digest())
  for (let i = 1; i < 20; i += 1)
    value = rc4(
      key.map((byte) => byte ^ i),
      value,
    )
  return value
}

/** Algorithm 7: the owner password opens the user password. */
function userPasswordFromOwner(handler: Handler, padded: Uint8Array): Uint8Array {
  let digest: Uint8Array = md5(padded)
  const length = handler.revision === 2 ? 5 : handler.length
  if (handler.revision >= 3) for (let i = 0; i < 50; i += 1) digest = md5(digest)
  const key = digest.subarray(0, length)
  let value = handler.owner.subarray(0, 32)
  if (handler.revision === 2) return rc4(key, value)
  for (let i = 19; i >= 0; i -= 1)
    value = rc4(
      key.map((byte) => byte ^ i),
      value,
    )
  return value
}

/** ISO 32000-2, algorithm 2.A. */
function modernKey(handler: Handler, bytes: Uint8Array): Uint8Array | undefined {
  const user = handler.user.subarray(0, 48)
  const asOwner = modernKeyFrom(handler, bytes, handler.owner, user, handler.ownerKey)
  return asOwner ?? modernKeyFrom(handler, bytes, handler.user, new Uint8Array(), handler.userKey)
}

function modernKeyFrom(
  handler: Handler,
  password: Uint8Array,
  entry: Uint8Array,
  extra: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | undefined {
  if (entry.length < 48 || sealed.length < 32) return undefined
  const hash = (salt: Uint8Array): Uint8Array =>
    handler.revision === 6 ? hardenedHash(password, salt, extra) : sha256(password, salt, extra)
  if (!same(hash(entry.subarray(32, 40)), entry.subarray(0, 32))) return undefined
  const decipher = createDecipheriv('aes-256-cbc', hash(entry.subarray(40, 48)), Buffer.alloc(16))
  decipher.setAutoPadding(false)
  return Buffer.concat([decipher.update(sealed.subarray(0, 32)), decipher.final()])
}

/** ISO 32000-2, algorithm 2.B. At least 64 rounds, and the last byte ends them; real files need fewer than 300. */
function hardenedHash(password: Uint8Array, salt: Uint8Array, extra: Uint8Array): Uint8Array {
  let key: Uint8Array = sha256(password, salt, extra)
  for (let round = 0; round < MAX_HASH_ROUNDS; round += 1) {
    const once = Buffer.concat([password, key, extra])
    const repeated = Buffer.concat(Array.from({ length: 64 }, () => once))
    const cipher = createCipheriv('aes-128-cbc', key.subarray(0, 16), key.subarray(16, 32))
    cipher.setAutoPadding(false)
    const sealed = cipher.update(repeated)
    const remainder = sealed.subarray(0, 16).reduce((sum, byte) => sum + byte, 0) % 3
    key = createHash(['sha256', 'sha384', 'sha512'][remainder] as string)
      .update(sealed)
      .digest()
    if (round >= 63 && (sealed.at(-1) as number) <= round - 31) break
  }
  return key.subarray(0, 32)
}

const MAX_HASH_ROUNDS = 1024

function undo(
  method: Method,
  key: Uint8Array,
  bytes: Uint8Array,
  number: number,
  generation: number,
): Uint8Array {
  if (method !== 'none') refuseWithoutKey(key)
  switch (method) {
    case 'none':
      return bytes
    case 'rc4':
      return rc4(objectKey(key, number, generation, false), bytes)
    case 'aes128':
      return unAes('aes-128-cbc', objectKey(key, number, generation, true), bytes)
    case 'aes256':
      return unAes('aes-256-cbc', key, bytes)
  }
}

function refuseWithoutKey(key: Uint8Array): void {
  if (key === NO_KEY) refuse('ENCRYPTED')
}

/** Algorithm 1. */
function objectKey(key: Uint8Array, number: number, generation: number, aes: boolean): Uint8Array {
  const tail = Buffer.alloc(5)
  tail.writeUIntLE(number & 0xffffff, 0, 3)
  tail.writeUInt16LE(generation & 0xffff, 3)
  const parts = aes ? [key, tail, Buffer.from('sAlT', 'latin1')] : [key, tail]
  return md5(Buffer.concat(parts)).subarray(0, Math.min(16, key.length + 5))
}

/** CBC with the vector in front. Wrong padding keeps the block, as readers do. */
function unAes(algorithm: string, key: Uint8Array, bytes: Uint8Array): Uint8Array {
  const whole = bytes.length - (bytes.length % 16)
  if (whole < 32) return new Uint8Array()
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, 16))
  decipher.setAutoPadding(false)
  const plain = decipher.update(bytes.subarray(16, whole))
  const padding = plain.at(-1) as number
  return padding >= 1 && padding <= 16 ? shortened(plain, plain.length - padding) : plain
}

/** In a place of just its size, so that it can be given back. */
function shortened(bytes: Buffer<ArrayBuffer>, size: number): Uint8Array {
  const { buffer, length } = bytes
  return buffer.byteLength === length
    ? new Uint8Array(buffer.transfer(size))
    : bytes.subarray(0, size)
}

/** OpenSSL 3 no longer offers it, and old files still need it. */
function rc4(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  const state = Uint8Array.from({ length: 256 }, (_, i) => i)
  for (let i = 0, j = 0; i < 256; i += 1) {
    const held = state[i] as number
    j = (j + held + (key[i % key.length] as number)) & 255
    state[i] = state[j] as number
    state[j] = held
  }
  const out = new Uint8Array(bytes.length)
  for (let n = 0, i = 0, j = 0; n < bytes.length; n += 1) {
    i = (i + 1) & 255
    const held = state[i] as number
    j = (j + held) & 255
    const other = state[j] as number
    state[i] = other
    state[j] = held
    out[n] = (bytes[n] as number) ^ (state[(held + other) & 255] as number)
  }
  return out
}

function pad(password: Uint8Array): Uint8Array {
  return Buffer.concat([password.subarray(0, 32), PADDING]).subarray(0, 32)
}

function md5(bytes: Uint8Array): Uint8Array {
  return createHash('md5').update(bytes).digest()
}

function sha256(...parts: Uint8Array[]): Uint8Array {
  return createHash('sha256').update(Buffer.concat(parts)).digest()
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

function integer(value: Value, otherwise: number): number {
  return typeof value === 'number' ? Math.trunc(value) : otherwise
}

function string(value: Value): Uint8Array {
  return isText(value) ? value.bytes : new Uint8Array()
}
