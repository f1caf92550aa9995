/**
 * The days of a gate's record, counted. A day that is over is counted once and kept beside the record; today is read on from where it was left. What is kept is a convenience: it names the ends of the part of
 * the chain it was made from, and is made anew when they do not fit.
 */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { IsoDate } from '@sekisho/core'
import { makeFolder, writeDurably } from '@sekisho/evidence'
import { DayTally, readDayTotals, readWatched } from '@sekisho/gates/web'
import type { DayTotals, WatchedRequest } from '@sekisho/gates/web'
import { isRecord } from '../shape.ts'
import { BEGINNING, readFrom, readRequests } from './read-requests.ts'
import type { Read, ReadRequests } from './read-requests.ts'
import { filesIn } from './request-record.ts'
import { REQUESTS } from './serve-cloud.ts'

/** Folder of the counted days, in the data folder. */
const TOTALS = 'totals'
/** Form of what is kept; another is counted anew. */
const FORM = 1

interface Counted {
  readonly read: Read
  readonly totals: DayTotals
}

export class RequestDays {
  readonly #dataDir: string
  #today: { readonly file: string; readonly tally: DayTally; read: Read } | undefined

  constructor(dataDir: string) {
    this.#dataDir = dataDir
  }

  /** The days that there are, oldest first. */
  async days(): Promise<readonly IsoDate[]> {
    const files = await filesIn(join(this.#dataDir, REQUESTS))
    return files.map((file) => file.slice(0, 10))
  }

  /**
   * Tells the days of a period one after the other.
   *
   * @returns the first place where the chain does not hold; what comes after it is not told
   */
  async read(
    from: IsoDate,
    to: IsoDate,
    each: (totals: DayTotals) => void,
  ): Promise<ReadRequests['broken']> {
    const days = await this.days()
    let before = ''
    for (const day of days.filter((one) => from <= one && one <= to)) {
      const { read, totals } = await this.#count(day, day === days.at(-1))
      const file = `${day}.jsonl`
      if (before !== '' && read.first !== '' && read.first !== before) return { file, line: 1 }
      each(totals)
      if (read.broken) return { file, line: read.line + 1 }
      before = read.before
    }
    return undefined
  }

  async #count(day: IsoDate, last: boolean): Promise<Counted> {
    const path = join(this.#dataDir, REQUESTS, `${day}.jsonl`)
    if (last) return this.#readOn(day, path)
    const { size } = await stat(path)
    const kept = await this.#kept(day)
    if (kept?.read.bytes === size) return kept
    const tally = new DayTally(day)
    const read = await readFrom(path, BEGINNING, adding(tally))
    const counted = { read, totals: tally.totals() }
    // What does not hold is looked at anew each time: somebody may put the right file back.
    if (!read.broken) await this.#keep(day, counted)
    return counted
  }

  async #readOn(day: IsoDate, path: string): Promise<Counted> {
    const { size } = await stat(path)
    // A file that became shorter is another.
    if (this.#today?.file !== path || this.#today.read.bytes > size)
      this.#today = { file: path, tally: new DayTally(day), read: BEGINNING }
    const today = this.#today
    if (!today.read.broken) today.read = await readFrom(path, today.read, adding(today.tally))
    return { read: today.read, totals: today.tally.totals() }
  }

  async #kept(day: IsoDate): Promise<Counted | undefined> {
    try {
      const text = await readFile(join(this.#dataDir, TOTALS, `${day}.json`), 'utf8')
      const value: unknown = JSON.parse(text)
      if (!isRecord(value) || value['form'] !== FORM) return undefined
      const totals = readDayTotals(value['totals'])
      const read = readOf(value['read'])
      return totals?.day === day && read ? { read, totals } : undefined
    } catch {
      return undefined
    }
  }

  async #keep(day: IsoDate, counted: Counted): Promise<void> {
    const folder = join(this.#dataDir, TOTALS)
    await makeFolder(folder)
    const bytes = Buffer.from(JSON.stringify({ form: FORM, ...counted }))
    await writeDurably([{ path: join(folder, `${day}.json`), bytes }], this.#dataDir)
  }
}

/** Tells the lines of a record from a file on; nothing when there is no record. */
export async function eachRequest(
  dataDir: string,
  from: string,
  each: (request: WatchedRequest) => void,
): Promise<void> {
  await readRequests(
    join(dataDir, REQUESTS),
    (entry) => {
      const request = readWatched(entry)
      if (request) each(request)
    },
    from,
  )
}

function adding(tally: DayTally): (entry: Readonly<Record<string, unknown>>) => void {
  return (entry) => {
    const request = readWatched(entry)
    if (request) tally.add(request)
  }
}

function readOf(value: unknown): Read | undefined {
  if (!isRecord(value)) return undefined
  const { bytes, line, first, before, broken } = value
  return typeof bytes === 'number' &&
    typeof line === 'number' &&
    typeof first === 'string' &&
    typeof before === 'string' &&
    broken === false
    ? { bytes, line, first, before, broken }
    : undefined
}
