import { createHash } from 'node:crypto'
import type { Part } from '@sekisho/disarm/mail'
import PostalMime from 'postal-mime'

/**
 * The same message read by a program that shares no line with ours. Where two readers see two structures, a mail program in the office may see a third,
 * and an attacker writes for the difference: then nothing but words comes in.
 */
export async function readersAgree(
  raw: string,
  root: Part,
  bytesOf: (part: Part) => Uint8Array,
): Promise<boolean> {
  if (linesIn(raw) > MAX_LINES + raw.length / LINE_LENGTH) return false
  const theirs = await outlineOfOther(raw)
  if (theirs === undefined) return false
  const ours = outlineOf(root, bytesOf)
  return ours.length === theirs.length && ours.every((line, index) => line === theirs[index])
}

/** Lines in reading order, one a part: depth, kind, and for a leaf a digest of what it holds. */
type Outline = readonly string[]

function outlineOf(root: Part, bytesOf: (part: Part) => Uint8Array): Outline {
  const lines: string[] = []
  const visit = (part: Part, depth: number): void => {
    const { type, children } = part
    if (type.startsWith('multipart/')) lines.push(`${depth} multipart`)
    else lines.push(`${depth} ${kindOf(type)} ${print(type, bytesOf(part))}`)
    for (const child of children) visit(child, depth + 1)
  }
  visit(root, 0)
  return lines
}

/** It takes some ten microseconds a line, however short: a mail of short lines only would keep it busy for minutes. */
const MAX_LINES = 100_000
/** Letters of a line of ordinary mail, and more of base64. */
const LINE_LENGTH = 50

function linesIn(raw: string): number {
  let count = 0
  for (let at = raw.indexOf('\n'); at >= 0; at = raw.indexOf('\n', at + 1)) count++
  return count
}

const MAX_DEPTH = 12
/** Of all parts together. Its time grows with the square of one long field. */
const MAX_HEADER_BYTES = 256 * 1024

async function outlineOfOther(raw: string): Promise<Outline | undefined> {
  const parser = new PostalMime({
    forceRfc822Attachments: true,
    maxNestingDepth: MAX_DEPTH,
    maxHeadersSize: MAX_HEADER_BYTES,
  })
  try {
    await parser.parse(Buffer.from(raw, 'latin1'))
  } catch {
    // What the other cannot read, the two do not agree on.
    return undefined
  }
  const lines: string[] = []
  const seen = visitOther(Reflect.get(parser, 'root'), 0, lines)
  return seen ? lines : undefined
}

/**
 * Its parts are not in its declared types; a version without them makes every mail disagree, which is noticed at once and lets nothing in.
 * @returns whether everything was where it was expected
 */
function visitOther(node: unknown, depth: number, lines: string[]): boolean {
  const type: unknown = field(field(field(node, 'contentType'), 'parsed'), 'value')
  const children: unknown = field(node, 'childNodes')
  const content: unknown = field(node, 'content')
  if (typeof type !== 'string' || !Array.isArray(children)) return false
  if (field(field(node, 'contentType'), 'multipart') !== false) lines.push(`${depth} multipart`)
  else {
    const bytes = content instanceof ArrayBuffer ? new Uint8Array(content) : new Uint8Array()
    lines.push(`${depth} ${kindOf(type)} ${print(type, bytes)}`)
  }
  return children.every((child) => visitOther(child, depth + 1, lines))
}

function field(holder: unknown, name: string): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : undefined
}

/** What decides how a part is treated; a type that is none says no more than bytes. */
function kindOf(type: string): string {
  const plain = type === 'text/' || !/^[^/]+\/./.test(type)
  const known = /^(?:text\/(?:plain|html|calendar)|message\/rfc822)$/.test(type)
  return plain ? 'text/plain' : known ? type : 'other'
}

/**
 * Of text only its ASCII letters and digits, because readers treat line ends and damaged escapes in their own ways; of everything else each byte but
 * the line end that belongs to the boundary.
 */
function print(type: string, bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const hash = createHash('sha256')
  if (type.startsWith('text/') || type.startsWith('message/') || kindOf(type) === 'text/plain')
    hash.update(buffer.toString('latin1').replace(/[^A-Za-z0-9]+/g, ''))
  else hash.update(buffer.toString('latin1').replace(/\r\n/g, '\n').replace(/\n+$/, ''), 'latin1')
  return hash.digest('hex')
}
