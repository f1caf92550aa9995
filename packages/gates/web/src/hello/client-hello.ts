/**
 * What a ClientHello says before anything is sent on (RFC 8446 §4.1.2). Strict: a hello that could be read in two ways is refused, because
 * the server behind may read it in the other.
 */

/** Why the first bytes of a tunnel are not a hello that we take. Ids are recorded. */
export type HelloProblem =
  | 'not-tls'
  | 'record'
  | 'too-long'
  | 'not-a-hello'
  | 'length'
  | 'twice'
  | 'server-name'
  | 'protocols'
  | 'versions'
  | 'ech'

/** A hello. Lists are bounded by its own length. */
export interface ClientHello {
  /** SNI as sent, ASCII; absent when the extension is. */
  readonly serverName?: string
  /** ALPN as sent (RFC 7301), without GREASE; absent when the extension is. */
  readonly protocols?: readonly string[]
  /** The newest version offered, e.g. `0x0304` for TLS 1.3. */
  readonly version: number
  /**
   * Encrypted Client Hello (RFC 9849). `outer` is GREASE or real: a passive reader cannot tell, that is what GREASE is for. `hidden` is what no
   * client may show outside: an inner hello, or the former ESNI.
   */
  readonly ech: 'none' | 'outer' | 'hidden'
}

export type ReadHello = ClientHello | HelloProblem

const EXTENSION = {
  serverName: 0x00_00,
  protocols: 0x00_10,
  versions: 0x00_2b,
  ech: 0xfe_0d,
  echOuterExtensions: 0xfd_00,
  esni: 0xff_ce,
} as const
const MAX_SESSION_ID = 32
const MAX_PROTOCOLS = 64

/** Reads the body of the handshake message, without its four-byte head. Never throws. */
export function readClientHello(body: Uint8Array): ReadHello {
  const at = new Cursor(body)
  const legacy = at.number(2)
  at.take(32)
  const session = at.vector(1)
  const suites = at.vector(2)
  const compressions = at.vector(1)
  if (!session || session.length > MAX_SESSION_ID || legacy === undefined) return 'length'
  if (!suites || suites.length < 2 || suites.length % 2 === 1) return 'length'
  if (!compressions || !compressions.includes(0)) return 'length'
  if (at.atEnd) return { version: legacy, ech: 'none' }
  const block = at.vector(2)
  if (!block || !at.atEnd) return 'length'
  const extensions = readExtensions(block)
  return typeof extensions === 'string' ? extensions : helloOf(extensions, legacy)
}

function readExtensions(block: Uint8Array): ReadonlyMap<number, Uint8Array> | HelloProblem {
  const found = new Map<number, Uint8Array>()
  const at = new Cursor(block)
  while (!at.atEnd) {
    const type = at.number(2)
    const data = at.vector(2)
    if (type === undefined || !data) return 'length'
    // RFC 8446 §4.2: no more than one of a type. Which of two a server takes is anybody's guess.
    if (found.has(type)) return 'twice'
    found.set(type, data)
  }
  return found
}

function helloOf(extensions: ReadonlyMap<number, Uint8Array>, legacy: number): ReadHello {
  const named = extensions.get(EXTENSION.serverName)
  const serverName = named && readServerName(named)
  if (named && serverName === undefined) return 'server-name'
  const offered = extensions.get(EXTENSION.protocols)
  const protocols = offered && readProtocols(offered)
  if (offered && !protocols) return 'protocols'
  const listed = extensions.get(EXTENSION.versions)
  const version = listed ? newestVersion(listed) : legacy
  if (version === undefined) return 'versions'
  const ech = readEch(extensions)
  if (ech === undefined) return 'ech'
  return {
    ...(serverName !== undefined && { serverName }),
    ...(protocols && { protocols }),
    version,
    ech,
  }
}

/** RFC 6066 §3: a list, in practice of one `host_name`. Two names, or another kind beside it, are two truths. */
function readServerName(data: Uint8Array): string | undefined {
  const at = new Cursor(data)
  const list = at.vector(2)
  if (!list || !at.atEnd) return undefined
  const entry = new Cursor(list)
  const kind = entry.number(1)
  const name = entry.vector(2)
  if (kind !== 0 || !name || name.length === 0 || !entry.atEnd) return undefined
  return name.every((byte) => byte > 0x20 && byte < 0x7f) ? ascii(name) : undefined
}

function readProtocols(data: Uint8Array): readonly string[] | undefined {
  const at = new Cursor(data)
  const list = at.vector(2)
  if (!list || list.length === 0 || !at.atEnd) return undefined
  const names: string[] = []
  const entry = new Cursor(list)
  while (!entry.atEnd) {
    const name = entry.vector(1)
    if (!name || name.length === 0 || names.length >= MAX_PROTOCOLS) return undefined
    if (!isGreasePair(name)) names.push(ascii(name))
  }
  return names
}

function newestVersion(data: Uint8Array): number | undefined {
  const at = new Cursor(data)
  const list = at.vector(1)
  if (!list || list.length < 2 || list.length % 2 === 1 || !at.atEnd) return undefined
  let newest = 0
  for (let index = 0; index < list.length; index += 2) {
    const pair = list.subarray(index, index + 2)
    if (!isGreasePair(pair)) newest = Math.max(newest, pair[0]! * 256 + pair[1]!)
  }
  return newest
}

function readEch(extensions: ReadonlyMap<number, Uint8Array>): ClientHello['ech'] | undefined {
  if (extensions.has(EXTENSION.esni) || extensions.has(EXTENSION.echOuterExtensions))
    return 'hidden'
  const data = extensions.get(EXTENSION.ech)
  if (!data) return 'none'
  const at = new Cursor(data)
  const kind = at.number(1)
  if (kind === 1) return at.atEnd ? 'hidden' : undefined
  // HpkeSymmetricCipherSuite, config_id, enc, payload.
  const head = at.take(5)
  const key = at.vector(2)
  const payload = at.vector(2)
  return kind === 0 && head && key && payload && payload.length > 0 && at.atEnd
    ? 'outer'
    : undefined
}

/** RFC 8701: 0x0A0A, 0x1A1A, …: noise that keeps servers from growing stiff. */
const isGreasePair = (pair: Uint8Array): boolean =>
  pair.length === 2 && pair[0] === pair[1] && (pair[0]! & 0x0f) === 0x0a

const ascii = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

/** Reads forwards and never beyond the end: what is not there is `undefined`. */
class Cursor {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  take(count: number): Uint8Array | undefined {
    if (this.#bytes.length - this.#at < count) {
      this.#at = this.#bytes.length + 1
      return undefined
    }
    this.#at += count
    return this.#bytes.subarray(this.#at - count, this.#at)
  }

  number(width: 1 | 2): number | undefined {
    const bytes = this.take(width)
    return bytes && (width === 1 ? bytes[0]! : bytes[0]! * 256 + bytes[1]!)
  }

  /** A length of `width` bytes, and that many bytes. */
  vector(width: 1 | 2): Uint8Array | undefined {
    const length = this.number(width)
    return length === undefined ? undefined : this.take(length)
  }
}
