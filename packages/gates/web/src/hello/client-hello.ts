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
  const at = new Cursor(body, 0, body.length)
  const legacy = at.number(2)
  at.skip(32)
  const session = at.vector(1)
  const suites = at.vector(2)
  const compressions = at.vector(1)
  if (!session || session.left > MAX_SESSION_ID || legacy === undefined) return 'length'
  if (!suites || suites.left < 2 || suites.left % 2 === 1) return 'length'
  if (!compressions || !compressions.includes(0)) return 'length'
  if (at.atEnd) return { version: legacy, ech: 'none' }
  const block = at.vector(2)
  if (!block || !at.atEnd) return 'length'
  const extensions = readExtensions(block)
  return typeof extensions === 'string' ? extensions : helloOf(extensions, legacy)
}

function readExtensions(at: Cursor): ReadonlyMap<number, Cursor> | HelloProblem {
  const found = new Map<number, Cursor>()
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

function helloOf(extensions: ReadonlyMap<number, Cursor>, legacy: number): ReadHello {
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
function readServerName(data: Cursor): string | undefined {
  const entry = data.vector(2)
  if (!entry || !data.atEnd) return undefined
  const kind = entry.number(1)
  const name = entry.vector(2)
  if (kind !== 0 || !name || name.atEnd || !entry.atEnd) return undefined
  return name.every((byte) => byte > 0x20 && byte < 0x7f) ? name.text() : undefined
}

function readProtocols(data: Cursor): readonly string[] | undefined {
  const entry = data.vector(2)
  if (!entry || entry.atEnd || !data.atEnd) return undefined
  const names: string[] = []
  while (!entry.atEnd) {
    const name = entry.vector(1)
    if (!name || name.atEnd || names.length >= MAX_PROTOCOLS) return undefined
    const text = name.text()
    if (!isGreaseName(text)) names.push(text)
  }
  return names
}

/** Newer ones are not published: a draft, or noise (RFC 8701). Whoever offers one that is offers this one too, for years. */
const TLS_1_3 = 0x03_04

function newestVersion(data: Cursor): number | undefined {
  const list = data.vector(1)
  if (!list || list.left < 2 || list.left % 2 === 1 || !data.atEnd) return undefined
  let newest = 0
  while (!list.atEnd) {
    const version = list.number(2) ?? 0
    if (version <= TLS_1_3) newest = Math.max(newest, version)
  }
  return newest
}

function readEch(extensions: ReadonlyMap<number, Cursor>): ClientHello['ech'] | undefined {
  if (extensions.has(EXTENSION.esni) || extensions.has(EXTENSION.echOuterExtensions))
    return 'hidden'
  const at = extensions.get(EXTENSION.ech)
  if (!at) return 'none'
  const kind = at.number(1)
  if (kind === 1) return at.atEnd ? 'hidden' : undefined
  // HpkeSymmetricCipherSuite, config_id, enc, payload.
  const head = at.skip(5)
  const key = at.vector(2)
  const payload = at.vector(2)
  return kind === 0 && head && key && payload && !payload.atEnd && at.atEnd ? 'outer' : undefined
}

/** RFC 8701: 0x0A0A, 0x1A1A, …: noise that keeps servers from growing stiff. */
const isGrease = (pair: number): boolean => pair >> 8 === (pair & 0xff) && (pair & 0x0f) === 0x0a
const isGreaseName = (name: string): boolean =>
  name.length === 2 && isGrease(name.charCodeAt(0) * 256 + name.charCodeAt(1))

/** Reads a part of some bytes forwards and never beyond its end: what is not there is `undefined`. Each hello is read in dozens of steps, so none makes a view of its own. */
class Cursor {
  readonly #bytes: Uint8Array
  readonly #end: number
  #at: number
  #beyond = false

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.#bytes = bytes
    this.#at = at
    this.#end = end
  }

  get atEnd(): boolean {
    return !this.#beyond && this.#at === this.#end
  }

  /** Bytes not read yet. */
  get left(): number {
    return this.#end - this.#at
  }

  /** Whether there were so many. Once there were not, nothing more is read. */
  skip(count: number): boolean {
    if (this.#beyond || this.left < count) this.#beyond = true
    else this.#at += count
    return !this.#beyond
  }

  number(width: 1 | 2): number | undefined {
    const at = this.#at
    if (!this.skip(width)) return undefined
    return width === 1 ? this.#bytes[at]! : this.#bytes[at]! * 256 + this.#bytes[at + 1]!
  }

  /** A length of `width` bytes, and a cursor over that many bytes. */
  vector(width: 1 | 2): Cursor | undefined {
    const length = this.number(width)
    if (length === undefined || !this.skip(length)) return undefined
    return new Cursor(this.#bytes, this.#at - length, this.#at)
  }

  every(holds: (byte: number) => boolean): boolean {
    for (let at = this.#at; at < this.#end; at += 1) if (!holds(this.#bytes[at]!)) return false
    return true
  }

  includes(byte: number): boolean {
    return !this.every((one) => one !== byte)
  }

  /** What is left, each byte a character. */
  text(): string {
    const { buffer, byteOffset } = this.#bytes
    return Buffer.from(buffer, byteOffset + this.#at, this.left).toString('latin1')
  }
}
