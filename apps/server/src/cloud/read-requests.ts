/** Reads the requests of a cloud gate back, and says whether the chain holds. */
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
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
  each: (entry: Readonly<Record<string, unknown>>) => void = () => undefined,
  from = '',
): Promise<ReadRequests> {
  const reasons = new Map<string, number>()
  let [lines, before] = [0, '']
  for (const file of (await filesIn(folder)).filter((name) => name >= from)) {
    let line = 0
    const texts = createInterface({ input: createReadStream(join(folder, file)), crlfDelay: 0 })
    for await (const text of texts) {
      line += 1
      const entry = entryOf(text)
      if (!entry || (before !== '' && entry['before'] !== before))
        return { lines, broken: { file, line }, reasons: sorted(reasons) }
      before = digestOf(text)
      lines += 1
      const { reason } = entry
      if (typeof reason === 'string' && reason !== '')
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
      each(entry)
    }
  }
  return { lines, reasons: sorted(reasons) }
}

function sorted(reasons: ReadonlyMap<string, number>): ReadRequests['reasons'] {
  return [...reasons]
    .map(([reason, count]) => ({ reason, count }))
    .toSorted((a, b) => b.count - a.count)
}

function entryOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined
  } catch {
    return undefined
  }
}
