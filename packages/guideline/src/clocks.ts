/**
 * The legal clocks: which report or notice is due, to whom, and within how many days of knowing.
 */
import { SekishoError } from '@sekisho/core'

/** One duty with its clock. It starts on the day on which the body came to know; that day is day 0. */
export interface LegalClock {
  readonly id: string
  readonly duty: string
  readonly law: string
  /** The case in which it runs, in words; the rule has the facts. */
  readonly when: string
  /** The clock in words, as the law has it. */
  readonly words: string
  /** The day to aim at, where the law says a range of days for "without delay". */
  readonly aimDays?: number
  /** The last day. Absent where the law only says "without delay". */
  readonly days?: number
  readonly to: string
  readonly source: string
  /** As with rules: true only when a primary source states this very clock. */
  readonly verified: boolean
  /** Id of the rule that speaks while it is open. */
  readonly rule: string
  /** True for the clock that runs instead of its rule's other one where a wrongful purpose is suspected. */
  readonly wrongfulPurpose?: boolean
}

const TEXTS = ['id', 'duty', 'law', 'when', 'words', 'to', 'source', 'rule'] as const

/**
 * Reads the table of clocks.
 *
 * @throws SekishoError CONFIG_INVALID when an entry is damaged: a clock that does not run is a duty missed.
 */
export function readClocks(file: string, text: string): readonly LegalClock[] {
  const data: unknown = JSON.parse(text)
  if (!Array.isArray(data)) throw invalid(file, 'expected a list')
  const clocks = data.map((entry: unknown, at) => readClock(`${file}: entry ${at + 1}`, entry))
  if (new Set(clocks.map(({ id }) => id)).size < clocks.length)
    throw invalid(file, 'an id is used twice')
  return clocks
}

/** The clock that runs for a rule; a rule without one has no day by which something is due. */
export function clockFor(
  clocks: readonly LegalClock[],
  rule: string,
  { wrongfulPurpose }: { readonly wrongfulPurpose: boolean },
): LegalClock | undefined {
  const own = clocks.filter((clock) => clock.rule === rule)
  const longer = own.find((clock) => clock.wrongfulPurpose === true)
  return wrongfulPurpose && longer ? longer : own.find((clock) => clock !== longer)
}

function readClock(where: string, entry: unknown): LegalClock {
  if (typeof entry !== 'object' || entry === null) throw invalid(where, 'expected an object')
  const clock: Partial<LegalClock> = entry
  for (const name of TEXTS)
    if (typeof clock[name] !== 'string' || clock[name] === '')
      throw invalid(where, `${name} is missing`)
  if (typeof clock.verified !== 'boolean') throw invalid(where, 'verified is missing')
  if (![undefined, true].includes(clock.wrongfulPurpose))
    throw invalid(where, 'wrongfulPurpose is true or absent')
  for (const days of [clock.days, clock.aimDays])
    if (days !== undefined && !(Number.isInteger(days) && days > 0))
      throw invalid(where, 'days must be a whole number above 0')
  if (clock.aimDays !== undefined && !(clock.aimDays <= (clock.days ?? 0)))
    throw invalid(where, 'the day to aim at is after the last day')
  return clock as LegalClock
}

function invalid(where: string, what: string): SekishoError {
  return new SekishoError('CONFIG_INVALID', `${where}: ${what}`)
}
