import { disarmBytes } from '../engine.ts'
import { Context } from '../family.ts'
import type { Profile } from '../profile.ts'
import { writeCompoundFile } from '../cfb/index.ts'
import { verifyClean } from '../../verify/index.ts'
import type { MailItem, MailMessage } from './message.ts'
import { readMail } from './read-mail.ts'

/** For tests only: mails as programs and attackers write them, and what became of them. */

export type Piece = string | Uint8Array

/** Pieces in a row; strings are UTF-8. */
export function bytesOf(...pieces: readonly Piece[]): Buffer {
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece as string)))
}

export const HEADER =
  'From: a@town.kasumi.lg.jp\r\nTo: b@example.jp\r\nSubject: test\r\nMIME-Version: 1.0\r\n'

export interface TestPart {
  readonly header: string
  readonly body: Piece
}

/** A multipart of these parts, ready to stand behind a header. */
export function multi(kind: string, parts: readonly TestPart[], boundary = 'b0'): Buffer {
  const pieces = parts.flatMap(({ header, body }) => [
    `--${boundary}\r\n${header}\r\n\r\n`,
    body,
    '\r\n',
  ])
  return bytesOf(
    `Content-Type: multipart/${kind}; boundary="${boundary}"\r\n\r\n`,
    ...pieces,
    `--${boundary}--\r\n`,
  )
}

export function attached(name: string, bytes: Piece, more = ''): TestPart {
  return {
    header: `Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="${name}"${more}`,
    body: Buffer.from(bytes as string).toString('base64'),
  }
}

export const plain = (body: Piece, charset = 'utf-8'): TestPart => ({
  header: `Content-Type: text/plain; charset=${charset}`,
  body,
})
export const html = (body: Piece, charset = 'utf-8'): TestPart => ({
  header: `Content-Type: text/html; charset=${charset}`,
  body,
})

export interface MailOutcome {
  readonly reason: string | undefined
  /** As written. */
  readonly eml: string
  readonly message: MailMessage
  readonly texts: readonly string[]
  readonly pages: readonly string[]
  /** `name type`, and texts of the list of what was left out. */
  readonly files: readonly string[]
  readonly leftOut: string
  readonly removed: readonly string[]
}

/** Disarms a mail, and holds the result against the verifier and against a second disarming. */
export function disarmMail(
  mail: Uint8Array,
  profile: Partial<Profile> = {},
  extension = 'eml',
): MailOutcome {
  const { report, output } = disarmBytes(mail, extension, { profile })
  const eml = Buffer.from(output ?? []).toString('latin1')
  if (output) {
    const verdict = verifyClean(output, 'eml')
    if (!verdict.clean) throw new Error(`${verdict.reason} ${verdict.where}\n${eml}`)
    const again = disarmBytes(output, 'eml', { profile })
    const same = Buffer.compare(again.output ?? Buffer.of(), output) === 0
    if (!same || again.report.removed.length > 0)
      throw new Error(`not its own rebuild ${JSON.stringify(again.report)}\n${eml}`)
  }
  const message = readMail(eml, new Context())
  const { items } = message
  const list = items.find((item) => item.kind === 'file' && item.name === '除外一覧.txt')
  return {
    reason: report.reason,
    eml,
    message,
    texts: items.flatMap((item) =>
      item.kind === 'body' && item.text !== undefined ? [item.text] : [],
    ),
    pages: items.flatMap((item) =>
      item.kind === 'body' && item.html !== undefined ? [item.html] : [],
    ),
    files: items.flatMap(fileLine),
    leftOut: list?.kind === 'file' ? Buffer.from(list.read()).toString() : '',
    removed: report.removed.map(({ rule }) => rule),
  }
}

function fileLine(item: MailItem): readonly string[] {
  if (item.kind === 'file') return [`${item.name} ${item.type}`]
  if (item.kind === 'message') return [`${item.name} message`]
  return item.kind === 'calendar' ? ['calendar'] : []
}

// --- Outlook

export interface MsgSpecimen {
  /** Values by property, e.g. `0037`: text, bytes, or a number. */
  readonly properties: Readonly<Record<string, string | Uint8Array | number>>
  readonly recipients?: readonly Readonly<Record<string, string | number>>[]
  readonly attachments?: readonly Readonly<Record<string, string | Uint8Array | number>>[]
  /** Further streams by path. */
  readonly streams?: readonly { readonly path: string; readonly bytes: Uint8Array }[]
}

/** A message of Outlook ([MS-OXMSG]). */
export function msgSpecimen(specimen: MsgSpecimen): Uint8Array {
  const streams = [
    ...storageStreams('', 32, specimen.properties),
    ...(specimen.recipients ?? []).flatMap((one, index) =>
      storageStreams(`__recip_version1.0_#0000000${index}/`, 8, one),
    ),
    ...(specimen.attachments ?? []).flatMap((one, index) =>
      storageStreams(`__attach_version1.0_#0000000${index}/`, 8, one),
    ),
    ...(specimen.streams ?? []),
  ]
  return writeCompoundFile({ streams })
}

export function storageStreams(
  path: string,
  header: number,
  properties: Readonly<Record<string, string | Uint8Array | number>>,
): { path: string; bytes: Uint8Array }[] {
  const numbers = Object.entries(properties).filter(([, value]) => typeof value === 'number')
  const fixed = Buffer.alloc(header + 16 * numbers.length)
  numbers.forEach(([id, value], index) => {
    const at = header + 16 * index
    fixed.writeUInt16LE(3, at)
    fixed.writeUInt16LE(Number.parseInt(id, 16), at + 2)
    fixed.writeUInt32LE(value as number, at + 8)
  })
  const values = Object.entries(properties).filter(([, value]) => typeof value !== 'number')
  return [
    { path: `${path}__properties_version1.0`, bytes: fixed },
    ...values.map(([id, value]) => ({
      path: `${path}__substg1.0_${id}${typeof value === 'string' ? '001F' : '0102'}`,
      bytes: typeof value === 'string' ? Buffer.from(value, 'utf16le') : (value as Uint8Array),
    })),
  ]
}

/** A compressed RTF body ([MS-OXRTFCP]), written without a single reference to what came before. */
export function compressedRtf(rtf: string): Uint8Array {
  const raw = Buffer.from(rtf, 'latin1')
  const runs: Buffer[] = []
  for (let at = 0; at < raw.length; at += 8) runs.push(Buffer.of(0), raw.subarray(at, at + 8))
  const body = Buffer.concat(runs)
  const header = Buffer.alloc(16)
  header.writeUInt32LE(body.length + 12, 0)
  header.writeUInt32LE(raw.length, 4)
  header.writeUInt32LE(0x75465a4c, 8)
  return Buffer.concat([header, body])
}

// --- winmail.dat

export function tnefSpecimen(
  attributes: readonly (readonly [id: number, data: Uint8Array])[],
): Uint8Array {
  const head = Buffer.alloc(6)
  head.writeUInt32LE(0x223e9f78, 0)
  const blocks = attributes.map(([id, data]) => {
    const block = Buffer.alloc(9)
    block.writeUInt8(id >= 0x9000 ? 2 : 1, 0)
    block.writeUInt32LE(id, 1)
    block.writeUInt32LE(data.length, 5)
    return Buffer.concat([block, data, Buffer.alloc(2)])
  })
  return Buffer.concat([head, ...blocks])
}

// --- CMS

function der(tag: number, ...inside: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(inside)
  const length =
    body.length < 128
      ? Buffer.of(body.length)
      : Buffer.of(0x82, body.length >> 8, body.length & 255)
  return Buffer.concat([Buffer.of(tag), length, body])
}

const oid = (hex: string): Buffer => der(6, Buffer.from(hex, 'hex'))

/** `signed-data` around this content, with a signature that means nothing. */
export function signedSpecimen(content: Uint8Array): Uint8Array {
  const inner = der(0x30, oid('2a864886f70d010701'), der(0xa0, der(4, content)))
  const signed = der(0x30, der(2, Buffer.of(1)), der(0x31), inner, der(0x31))
  return der(0x30, oid('2a864886f70d010702'), der(0xa0, signed))
}

export function envelopedSpecimen(): Uint8Array {
  return der(0x30, oid('2a864886f70d010703'), der(0xa0, der(0x30, der(2, Buffer.of(0)))))
}
