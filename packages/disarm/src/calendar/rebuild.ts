import { folded, unfolded } from './fold.ts'
import { propertyLine } from './line.ts'

/** Components of iCalendar (RFC 5545) that are written; alarms and everything else go. */
const COMPONENTS: ReadonlySet<string> = new Set(
  'VCALENDAR VEVENT VTODO VTIMEZONE STANDARD DAYLIGHT'.split(' '),
)
const METHODS: ReadonlySet<string> = new Set(
  'PUBLISH REQUEST REPLY CANCEL COUNTER ADD REFRESH DECLINECOUNTER'.split(' '),
)
const MAX_LINES = 20_000

export interface Calendar {
  /** Lines end with CR LF; long ones are folded. */
  readonly text: string
  readonly method: string | undefined
  /** How much went, by rule. */
  readonly removed: ReadonlyMap<string, number>
}

/** The calendar with what is listed, or `undefined` for anything that is none. */
export function rebuildCalendar(raw: string): Calendar | undefined {
  const lines = unfolded(raw)
  if (lines.length > MAX_LINES || !/^BEGIN:VCALENDAR$/i.test(lines[0] ?? '')) return undefined
  const rebuild = new CalendarRebuild()
  for (const line of lines) rebuild.line(line)
  return rebuild.finish()
}

class CalendarRebuild {
  readonly #lines: string[] = []
  readonly #open: string[] = []
  readonly #removed = new Map<string, number>()
  /** Name of a component that goes, and how often it is open in itself. */
  #skipping: string | undefined
  #depth = 0
  #method: string | undefined
  #done = false

  line(line: string): void {
    const begin = /^BEGIN:([A-Za-z0-9-]{1,40})$/i.exec(line)?.[1]?.toUpperCase()
    const end = /^END:([A-Za-z0-9-]{1,40})$/i.exec(line)?.[1]?.toUpperCase()
    // Programs differ in what they read behind the end.
    if (this.#done) this.#gone('ICS-PART')
    else if (this.#skipping !== undefined) this.#skip(begin, end)
    else if (begin !== undefined) this.#begin(begin)
    else if (end !== undefined) this.#end(end)
    else this.#property(line)
  }

  finish(): Calendar | undefined {
    while (this.#open.length > 0) this.#end(this.#open.at(-1)!)
    const text = this.#lines.map(folded).join('')
    const useful = this.#lines.some((line) => line === 'BEGIN:VEVENT' || line === 'BEGIN:VTODO')
    return useful && this.#lines.length <= MAX_LINES
      ? { text, method: this.#method, removed: this.#removed }
      : undefined
  }

  #gone(rule: string, count = 1): void {
    if (count > 0) this.#removed.set(rule, (this.#removed.get(rule) ?? 0) + count)
  }

  #skip(begin: string | undefined, end: string | undefined): void {
    if (begin === this.#skipping) this.#depth++
    if (end === this.#skipping && --this.#depth === 0) this.#skipping = undefined
  }

  #begin(name: string): void {
    if (!mayNest(name, this.#open.at(-1))) {
      this.#gone(name === 'VALARM' ? 'ICS-ALARM' : 'ICS-PART')
      this.#skipping = name
      this.#depth = 1
      return
    }
    this.#open.push(name)
    this.#lines.push(`BEGIN:${name}`)
    if (name === 'VCALENDAR') this.#lines.push('PRODID:-//Sekisho//JA', 'VERSION:2.0')
  }

  #end(name: string): void {
    if (this.#open.at(-1) !== name) return
    this.#open.pop()
    this.#lines.push(`END:${name}`)
    this.#done = this.#open.length === 0
  }

  #property(line: string): void {
    if (/^(?:PRODID|VERSION)[:;]/i.test(line)) return
    if (/^METHOD[:;]/i.test(line)) return this.#setMethod(line)
    const { text, removed, unseen } = propertyLine(line)
    for (const rule of removed) this.#gone(rule)
    this.#gone('T-CTRL', unseen)
    if (text !== undefined) this.#lines.push(text)
  }

  #setMethod(line: string): void {
    const method = line
      .slice(line.indexOf(':') + 1)
      .trim()
      .toUpperCase()
    const first = this.#open.length === 1 && this.#lines.length === 3 && this.#method === undefined
    if (!first || !METHODS.has(method)) return this.#gone('ICS-PART')
    this.#method = method
    this.#lines.push(`METHOD:${method}`)
  }
}

function mayNest(name: string, parent: string | undefined): boolean {
  if (!COMPONENTS.has(name)) return false
  if (name === 'VCALENDAR') return parent === undefined
  return parent === (name === 'STANDARD' || name === 'DAYLIGHT' ? 'VTIMEZONE' : 'VCALENDAR')
}
