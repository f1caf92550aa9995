import { folded, unfolded } from './fold.ts'
import { propertyLine } from './line.ts'

/** Components of iCalendar (RFC 5545) that are written; alarms and everything else go. */
const COMPONENTS: ReadonlySet<string> = new Set(
  'VCALENDAR VEVENT VTODO VJOURNAL VFREEBUSY VTIMEZONE STANDARD DAYLIGHT'.split(' '),
)
const METHODS: ReadonlySet<string> = new Set(
  'PUBLISH REQUEST REPLY CANCEL COUNTER ADD REFRESH DECLINECOUNTER'.split(' '),
)
/** Years of a busy calendar. */
export const MAX_LINES = 200_000

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
  const [first = ''] = lines
  if (lines.length > MAX_LINES || !BEGINNING.test(first)) return undefined
  const rebuild = new CalendarRebuild()
  // Some programs write an event alone, without the calendar around it.
  if (!CALENDAR.test(first)) rebuild.line('BEGIN:VCALENDAR')
  for (const line of lines) rebuild.line(line)
  return rebuild.finish()
}

const CALENDAR = /^BEGIN:VCALENDAR$/i
const BEGINNING = /^BEGIN:(?:VCALENDAR|VEVENT|VTODO|VJOURNAL)$/i
const USEFUL = /^BEGIN:V(?:EVENT|TODO|JOURNAL|FREEBUSY|TIMEZONE)$/

class CalendarRebuild {
  readonly #lines: string[] = []
  readonly #open: string[] = []
  readonly #removed = new Map<string, number>()
  /** Name of a component that goes, and how often it is open in itself. */
  #skipping: string | undefined
  #depth = 0
  /** Of each calendar in the file its method. */
  readonly #methods: (string | undefined)[] = []
  /** Before the first component of a calendar. */
  #atHead = false
  #done = false

  line(line: string): void {
    const begin = /^BEGIN:([A-Za-z0-9-]{1,40})$/i.exec(line)?.[1]?.toUpperCase()
    const end = /^END:([A-Za-z0-9-]{1,40})$/i.exec(line)?.[1]?.toUpperCase()
    if (this.#done && begin === 'VCALENDAR') this.#again()
    // Programs differ in what they read behind the end.
    else if (this.#done) this.#gone('ICS-PART')
    else if (this.#skipping !== undefined) this.#skip(begin, end)
    else if (begin !== undefined) this.#begin(begin)
    else if (end !== undefined) this.#end(end)
    else this.#property(line)
  }

  finish(): Calendar | undefined {
    while (this.#open.length > 0) this.#end(this.#open.at(-1)!)
    const method = this.#commonMethod()
    if (method !== undefined) this.#lines.splice(HEAD.length, 0, `METHOD:${method}`)
    if (!this.#lines.some((line) => USEFUL.test(line)) || this.#lines.length > MAX_LINES)
      return undefined
    return { text: this.#lines.map(folded).join(''), method, removed: this.#removed }
  }

  /** A file may hold several calendars (RFC 5545 3.4). Some programs read only the first: what all of them say stands in one. */
  #again(): void {
    this.#lines.pop()
    this.#open.push('VCALENDAR')
    this.#methods.push(undefined)
    this.#done = false
    this.#atHead = true
  }

  /** What is asked of the reader, when all calendars of the file ask the same. */
  #commonMethod(): string | undefined {
    const [method] = this.#methods
    if (this.#methods.every((one) => one === method)) return method
    this.#gone('ICS-PART')
    return undefined
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
    this.#atHead = name === 'VCALENDAR'
    if (!this.#atHead) this.#lines.push(`BEGIN:${name}`)
    else {
      this.#lines.push(...HEAD)
      this.#methods.push(undefined)
    }
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
    const first = this.#atHead && this.#methods.at(-1) === undefined
    if (!first || !METHODS.has(method)) return this.#gone('ICS-PART')
    this.#methods[this.#methods.length - 1] = method
  }
}

const HEAD = ['BEGIN:VCALENDAR', 'PRODID:-//Sekisho//JA', 'VERSION:2.0']

function mayNest(name: string, parent: string | undefined): boolean {
  if (!COMPONENTS.has(name)) return false
  if (name === 'VCALENDAR') return parent === undefined
  return parent === (name === 'STANDARD' || name === 'DAYLIGHT' ? 'VTIMEZONE' : 'VCALENDAR')
}
