/** Reads the requests of a cloud gate back, and says whether the chain holds. */
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { digestOf, filesIn } from './request-record.ts'

export interface ReadRequests {
  readonly lines: number
  /** First place where the chain does not hold: a line was changed, put in or taken out there. */
  readonly broken?: { readonly file: string; readonly line: number }
  /** How often each reason was given, most often first. */
  readonly reasons: readonly { readonly reason: string; readonly count: number }[]
}

/**
 * Reads all of it, a line at a time. That lines at the very end were taken off it does not see, nor that old files were put away elsewhere.
 *
 * @param each told every line of the chain that holds
 * @param from first file that is read, e.g. `2026-11-26.jsonl`; all when empty
 */
export async function readRequests(
  folder: string,
  each: (entry: Entry) => void = () => undefined,
  from = '',
): Promise<ReadRequests> {
  const reasons = new Map<string, number>()
  let [lines, before] = [0, '']
  for (const file of (await filesIn(folder)).filter((name) => name >= from)) {
    const read = await readFrom(join(folder, file), { ...BEGINNING, before }, (entry) => {
      const { reason } = entry
      if (typeof reason === 'string' && reason !== '')
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
      each(entry)
    })
    lines += read.line
    if (read.broken)
      return { lines, broken: { file, line: read.line + 1 }, reasons: sorted(reasons) }
    before = read.before
  }
  return { lines, reasons: sorted(reasons) }
}

export type Entry = Readonly<Record<string, unknown>>

/** How far a file was read. */
export interface Read {
  /** Bytes of whole lines. */
  readonly bytes: number
  /** Lines read that hold. */
  readonly line: number
  /** What the first line names as the digest before it. */
  readonly first: string
  /** Digest of the last line read, or what was given when there is none; empty for any. */
  readonly before: string
  /** The next line does not hold. */
  readonly broken: boolean
}

export const BEGINNING: Read = { bytes: 0, line: 0, first: '', before: '', broken: false }

/** Longer than any line the gate writes: what has no end would fill the memory. */
const LONGEST_LINE = 1_048_576

/** Reads on in a file from where it was left. A last line that is still being written waits for the next time. */
export async function readFrom(
  path: string,
  from: Read,
  each: (entry: Entry) => void,
): Promise<Read> {
  let { bytes, line, first, before } = from
  let rest: Buffer = Buffer.alloc(0)
  for await (const piece of createReadStream(path, { start: bytes, highWaterMark: 262_144 })) {
    const chunk = Buffer.concat([rest, piece as Buffer])
    let start = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const text = chunk.toString('utf8', start, end)
      const entry = entryOf(text)
      if (!entry || (before !== '' && entry['before'] !== before))
        return { bytes, line, first, before, broken: true }
      if (first === '') first = String(entry['before'])
      before = digestOf(text)
      bytes += end + 1 - start
      line += 1
      start = end + 1
      each(entry)
    }
    rest = chunk.subarray(start)
    if (rest.length > LONGEST_LINE) return { bytes, line, first, before, broken: true }
  }
  return { bytes, line, first, before, broken: false }
}

function sorted(reasons: ReadonlyMap<string, number>): ReadRequests['reasons'] {
  return [...reasons]
    .map(([reason, count]) => ({ reason, count }))
    .toSorted((a, b) => b.count - a.count)
}

function entryOf(text: string): Entry | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Entry)
      : undefined
  } catch {
    return undefined
  }
}
