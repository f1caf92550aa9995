/**
 * HTTPS records (RFC 9460, type 65), as far as they say whether a destination publishes keys for an encrypted ClientHello (RFC 9848). `node:dns` cannot ask for the type. An answer comes over a datagram that
 * an attacker may have sent: it is read by our own bounds, and what is not exactly in form counts as no answer.
 */

/** `unknown`: nobody said. Then it counts as if there were keys. */
export type EchKeys = 'offered' | 'none' | 'unknown'

/** What one message said. */
export type HttpsAnswer =
  | { readonly kind: 'keys'; readonly keys: 'offered' | 'none'; readonly seconds: number }
  /** The name is another name (AliasMode); that one is to be asked. */
  | { readonly kind: 'alias'; readonly host: string; readonly seconds: number }
  /** Ask again over TCP. */
  | { readonly kind: 'truncated' }
  /** No answer to this question, or none that can be read. */
  | { readonly kind: 'unreadable' }

const TYPE_HTTPS = 65
const CLASS_IN = 1
/** SvcParamKey `ech` (RFC 9848 §8). */
const KEY_ECH = 5
/** What we take over a datagram (RFC 9715), said in an OPT record (RFC 6891). */
export const DATAGRAM_MAX = 1232
const OPT = Buffer.from([0, 0, 41, DATAGRAM_MAX >> 8, DATAGRAM_MAX & 255, 0, 0, 0, 0, 0, 0])
const RECORDS_MAX = 64
/** Seconds that an answer without any record is taken for; its SOA is not read. */
const NOTHING_SECONDS = 60

/** @param host canonical, as `readHost` gives it */
export function httpsQuery(host: string, id: number): Buffer {
  const head = Buffer.alloc(12)
  head.writeUInt16BE(id, 0)
  head.writeUInt16BE(0x01_00, 2) // recursion, please
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(1, 10)
  return Buffer.concat([head, questionOf(host), OPT])
}

function questionOf(host: string): Buffer {
  const labels = host.split('.').flatMap((label) => {
    const bytes = Buffer.from(label, 'latin1')
    return [Buffer.from([bytes.length]), bytes]
  })
  return Buffer.concat([...labels, Buffer.from([0, 0, TYPE_HTTPS, 0, CLASS_IN])])
}

/** Reads the answer to `httpsQuery(host, id)`. Total: any bytes give an answer. */
export function readHttpsAnswer(bytes: Buffer, host: string, id: number): HttpsAnswer {
  const question = questionOf(host)
  const start = 12 + question.length
  if (bytes.length < start || bytes.readUInt16BE(0) !== id) return UNREADABLE
  const flags = bytes.readUInt16BE(2)
  const asked = isSameQuestion(bytes.subarray(12, start), question)
  // A response, to a query, to our question and to no other.
  if ((flags & 0xf8_00) !== 0x80_00 || bytes.readUInt16BE(4) !== 1 || !asked) return UNREADABLE
  if ((flags & 0x02_00) !== 0) return { kind: 'truncated' }
  const code = flags & 15
  // 3: there is no such name. Anything else is the server's trouble, and says nothing of the name.
  if (code !== 0 && code !== 3) return UNREADABLE
  const records = recordsOf(bytes, start, bytes.readUInt16BE(6))
  return records ? meaningOf(records) : UNREADABLE
}

/** A server may write the name in other letters; the type and class behind it are numbers (and 65 is an `A`). */
function isSameQuestion(one: Buffer, other: Buffer): boolean {
  const [name, sort] = [one.subarray(0, -4), one.subarray(-4)]
  return (
    sort.equals(other.subarray(-4)) &&
    name.toString('latin1').toLowerCase() === other.subarray(0, -4).toString('latin1')
  )
}

const UNREADABLE: HttpsAnswer = { kind: 'unreadable' }

interface HttpsRecord {
  readonly priority: number
  readonly target: string
  readonly ech: boolean
  readonly seconds: number
}

function meaningOf(records: readonly HttpsRecord[]): HttpsAnswer {
  const seconds = Math.min(
    ...records.map((one) => one.seconds),
    ...(records.length > 0 ? [] : [NOTHING_SECONDS]),
  )
  if (records.some(({ priority, ech }) => priority > 0 && ech))
    return { kind: 'keys', keys: 'offered', seconds }
  const alias = records.find(({ priority, target }) => priority === 0 && target !== '')
  if (alias) return { kind: 'alias', host: alias.target, seconds }
  return { kind: 'keys', keys: 'none', seconds }
}

/** The HTTPS records among `count` answers; `undefined` when one of them runs out of the message. */
function recordsOf(
  bytes: Buffer,
  start: number,
  count: number,
): readonly HttpsRecord[] | undefined {
  if (count > RECORDS_MAX) return undefined
  const records: HttpsRecord[] = []
  let at: number | undefined = start
  for (let one = 0; one < count; one += 1) {
    at = afterName(bytes, at)
    if (at === undefined || at + 10 > bytes.length) return undefined
    const [type, kind] = [bytes.readUInt16BE(at), bytes.readUInt16BE(at + 2)]
    const seconds = bytes.readUInt32BE(at + 4)
    const data = at + 10
    at = data + bytes.readUInt16BE(at + 8)
    if (at > bytes.length) return undefined
    if (type !== TYPE_HTTPS || kind !== CLASS_IN) continue
    const record = readRecord(bytes.subarray(data, at))
    if (!record) return undefined
    records.push({ ...record, seconds })
  }
  return records
}

/** Where a name ends; it is not followed, so a loop of pointers leads nowhere (RFC 1035 §4.1.4). */
function afterName(bytes: Buffer, start: number): number | undefined {
  for (let at = start; at < bytes.length;) {
    const length = bytes[at] ?? 0
    if (length === 0) return at + 1
    if (length >= 0xc0) return at + 2
    if (length > 63) return undefined
    at += length + 1
  }
  return undefined
}

/** RFC 9460 §2.2: priority, a name without pointers, keys in strictly rising order. */
function readRecord(data: Buffer): Omit<HttpsRecord, 'seconds'> | undefined {
  if (data.length < 3) return undefined
  const priority = data.readUInt16BE(0)
  const name = readName(data, 2)
  if (!name) return undefined
  let [at, last, ech] = [name.end, -1, false]
  while (at < data.length) {
    if (at + 4 > data.length) return undefined
    const key = data.readUInt16BE(at)
    if (key <= last) return undefined
    last = key
    at += 4 + data.readUInt16BE(at + 2)
    if (at > data.length) return undefined
    ech ||= key === KEY_ECH
  }
  return { priority, target: name.host, ech }
}

function readName(
  data: Buffer,
  start: number,
): { readonly host: string; readonly end: number } | undefined {
  const labels: string[] = []
  for (let at = start; at < data.length;) {
    const length = data[at] ?? 0
    if (length === 0) return { host: labels.join('.').toLowerCase(), end: at + 1 }
    if (length > 63) return undefined
    labels.push(data.toString('latin1', at + 1, at + 1 + length))
    at += length + 1
  }
  return undefined
}
