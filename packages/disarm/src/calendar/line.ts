import { cleanText } from '../html/words.ts'
import { ruleOf, writtenValue } from './value.ts'

const PARAMETERS: ReadonlySet<string> = new Set(
  'TZID VALUE CN ROLE PARTSTAT RSVP CUTYPE LANGUAGE FBTYPE'.split(' '),
)
const VALUES: ReadonlySet<string> = new Set('DATE DATE-TIME PERIOD DURATION TEXT URI'.split(' '))

/** A property as it is written, and what went on the way, by rule. */
export interface Line {
  readonly name: string
  /** `undefined` when the whole property goes. */
  readonly text: string | undefined
  readonly removed: readonly string[]
  /** Characters that nobody sees. */
  readonly unseen: number
}

/** `NAME;PARAMETER=value:value` in the written spelling. */
export function propertyLine(line: string): Line {
  const colon = valueStart(line)
  const [raw = '', ...rest] = colon < 0 ? [] : splitParameters(line.slice(0, colon))
  const name = raw.toUpperCase()
  const gone = (rule: string): Line => ({ name, text: undefined, removed: [rule], unseen: 0 })
  // A value in a coding of vCalendar would be shown as the signs of the coding.
  if (colon < 0 || rest.some((one) => /^ENCODING=(?:QUOTED|B)/i.test(one)))
    return gone(ruleOf(name))
  const value = writtenValue(name, line.slice(colon + 1))
  if ('rule' in value) return gone(value.rule)
  const { text, left } = writtenParameters(rest)
  const removed = Array.from({ length: left }, () => 'ICS-PART')
  return { name, text: `${name}${text}:${value.text}`, removed, unseen: value.unseen }
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

function writtenParameters(raw: readonly string[]): {
  readonly text: string
  readonly left: number
} {
  const written = new Map<string, string>()
  for (const parameter of raw) {
    const [key, text] = parameterText(parameter)
    if (text !== undefined && !written.has(key)) written.set(key, text)
  }
  const text = [...written].map(([key, value]) => `;${key}=${value}`).join('')
  return { text, left: raw.length - written.size }
}

function parameterText(raw: string): [string, string | undefined] {
  const equals = raw.indexOf('=')
  const key = raw.slice(0, Math.max(0, equals)).toUpperCase()
  if (!PARAMETERS.has(key)) return [key, undefined]
  const value = cleanText(raw.slice(equals + 1).replaceAll(/["\t]/g, ''))
    .text.trim()
    .slice(0, 200)
    .toWellFormed()
    .trim()
  if (value === '' || value.includes('\\')) return [key, undefined]
  if (key === 'FBTYPE' && !/^[A-Za-z-]{1,20}$/.test(value)) return [key, undefined]
  if (key === 'VALUE') return [key, VALUES.has(value.toUpperCase()) ? value : undefined]
  return [key, /[^A-Za-z0-9-]/.test(value) ? `"${value}"` : value]
}
