/** Components and properties of iCalendar (RFC 5545) that are written; alarms, attachments and everything else go. */
const COMPONENTS: ReadonlySet<string> = new Set(
  'VCALENDAR VEVENT VTODO VTIMEZONE STANDARD DAYLIGHT'.split(' '),
)
const PROPERTIES: ReadonlySet<string> = new Set(
  `METHOD CALSCALE UID DTSTAMP DTSTART DTEND DUE DURATION SUMMARY DESCRIPTION LOCATION ORGANIZER ATTENDEE STATUS SEQUENCE RRULE
   RDATE EXDATE RECURRENCE-ID TZID TZOFFSETFROM TZOFFSETTO TZNAME PRIORITY CLASS TRANSP CREATED LAST-MODIFIED CATEGORIES`.split(
    /\s+/,
  ),
)
const PARAMETERS: ReadonlySet<string> = new Set(
  'TZID VALUE CN ROLE PARTSTAT RSVP CUTYPE LANGUAGE'.split(' '),
)
const TEXTS: ReadonlySet<string> = new Set(
  'SUMMARY DESCRIPTION LOCATION CATEGORIES UID TZID TZNAME'.split(' '),
)
const PEOPLE: ReadonlySet<string> = new Set(['ORGANIZER', 'ATTENDEE'])
const METHODS: ReadonlySet<string> = new Set(
  'PUBLISH REQUEST REPLY CANCEL COUNTER ADD REFRESH DECLINECOUNTER'.split(' '),
)
const MAX_LINES = 20_000

export interface Calendar {
  /** Lines end with CR LF. */
  readonly text: string
  readonly method: string | undefined
  /** What went. */
  readonly removed: number
}

/** The calendar with what is listed, or `undefined` for anything that is none. */
export function rebuildCalendar(raw: string): Calendar | undefined {
  const lines = unfolded(raw)
  if (lines.length > MAX_LINES || !/^BEGIN:VCALENDAR$/i.test(lines[0] ?? '')) return undefined
  const rebuild = new CalendarRebuild()
  for (const line of lines) rebuild.line(line)
  return rebuild.finish()
}

function unfolded(raw: string): readonly string[] {
  return raw
    .replace(/\r\n?/g, '\n')
    .replace(/\n[ \t]/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.trimEnd())
}

class CalendarRebuild {
  readonly #lines: string[] = []
  readonly #open: string[] = []
  /** Name of a component that goes, and how often it is open in itself. */
  #skipping: string | undefined
  #depth = 0
  #removed = 0
  #method: string | undefined
  #done = false

  line(line: string): void {
    const begin = /^BEGIN:([A-Za-z0-9-]{1,40})$/i.exec(line)?.[1]?.toUpperCase()
    const end = /^END:([A-Za-z0-9-]{1,40})$/i.exec(line)?.[1]?.toUpperCase()
    if (this.#done) return
    if (this.#skipping !== undefined) this.#skip(begin, end)
    else if (begin !== undefined) this.#begin(begin)
    else if (end !== undefined) this.#end(end)
    else this.#property(line)
  }

  finish(): Calendar | undefined {
    while (this.#open.length > 0) this.#end(this.#open.at(-1)!)
    const text = this.#lines.map((line) => `${line}\r\n`).join('')
    const useful = this.#lines.some((line) => line === 'BEGIN:VEVENT' || line === 'BEGIN:VTODO')
    return useful ? { text, method: this.#method, removed: this.#removed } : undefined
  }

  #skip(begin: string | undefined, end: string | undefined): void {
    if (begin === this.#skipping) this.#depth++
    if (end === this.#skipping && --this.#depth === 0) this.#skipping = undefined
  }

  #begin(name: string): void {
    if (!mayNest(name, this.#open.at(-1))) {
      this.#removed++
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
    const written = this.#open.length === 0 ? undefined : propertyLine(line)
    if (written === undefined) this.#removed++
    else if (written.startsWith('METHOD:')) this.#setMethod(written)
    else this.#lines.push(written)
  }

  #setMethod(line: string): void {
    const method = line.slice(7).toUpperCase()
    const first = this.#open.length === 1 && this.#lines.length === 3 && this.#method === undefined
    if (!first || !METHODS.has(method)) {
      this.#removed++
      return
    }
    this.#method = method
    this.#lines.push(`METHOD:${method}`)
  }
}

function mayNest(name: string, parent: string | undefined): boolean {
  if (!COMPONENTS.has(name)) return false
  if (name === 'VCALENDAR') return parent === undefined
  return parent === (name === 'STANDARD' || name === 'DAYLIGHT' ? 'VTIMEZONE' : 'VCALENDAR')
}

/** `NAME;PARAMETER=value:value` in the written spelling. */
function propertyLine(line: string): string | undefined {
  const colon = valueStart(line)
  if (colon < 0) return undefined
  const [name = '', ...raw] = splitParameters(line.slice(0, colon))
  const upper = name.toUpperCase()
  const value = PROPERTIES.has(upper) ? valueText(upper, line.slice(colon + 1)) : undefined
  if (value === undefined) return undefined
  const parameters = new Map<string, string>()
  for (const parameter of raw) {
    const [key, text] = parameterText(parameter)
    if (text !== undefined && !parameters.has(key)) parameters.set(key, text)
  }
  return `${upper}${[...parameters].map(([key, text]) => `;${key}=${text}`).join('')}:${value}`
}

function valueStart(line: string): number {
  let quoted = false
  for (let at = 0; at < Math.min(line.length, 2_000); at++) {
    if (line.charAt(at) === '"') quoted = !quoted
    else if (line.charAt(at) === ':' && !quoted) return at
  }
  return -1
}

function splitParameters(head: string): string[] {
  return head.match(/(?:"[^"]*"|[^;"]+)+/g) ?? []
}

function parameterText(raw: string): [string, string | undefined] {
  const equals = raw.indexOf('=')
  const key = raw.slice(0, Math.max(0, equals)).toUpperCase()
  if (!PARAMETERS.has(key)) return [key, undefined]
  const value = clean(raw.slice(equals + 1).replaceAll('"', ''))
    .trim()
    .slice(0, 200)
    .toWellFormed()
    .trim()
  if (value === '' || value.includes('\\')) return [key, undefined]
  return [key, /[^A-Za-z0-9-]/.test(value) ? `"${value}"` : value]
}

function valueText(name: string, raw: string): string | undefined {
  const value = clean(raw).trim()
  if (TEXTS.has(name)) return value.length <= 100_000 ? value : undefined
  if (PEOPLE.has(name))
    return /^mailto:[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9._-]{1,253}$/i.test(value)
      ? `mailto:${value.slice(7)}`
      : undefined
  return /^[A-Za-z0-9+:;=,./-]{1,2000}$/.test(value) ? value : undefined
}

function clean(raw: string): string {
  return raw.replace(
    /[\u0000-\u001F\u007F-\u009F\u200B\u200E\u200F\u2028-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\uFFF9-\uFFFB\p{Surrogate}\u{E0000}-\u{E007F}]/gu,
    '',
  )
}
