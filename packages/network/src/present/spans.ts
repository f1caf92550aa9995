/** Spans of a field as people write them. */
import { addressText, macText, rangeText } from '../declared/text.ts'
import { addressOf, DIRECTIONS, PROTOCOLS, STATES, wholeOf } from '../space/field.ts'
import type { Field, Key, Span } from '../space/field.ts'

/** What a field is limited to: these, or all but these; `undefined` when it is not limited. */
export interface Limits {
  readonly except: boolean
  readonly values: readonly string[]
}

/**
 * @param whole what the field could be at most, where less than all of it can exist: addresses of one family, types of ICMP
 * @returns `undefined` for all of it
 */
export function limitsOf(
  field: Field,
  spans: readonly Span[],
  whole: Span = wholeOf(field),
): Limits | undefined {
  const own = inOrder(
    spans.map((span) => (span.until === undefined ? { ...wholeOf(field), from: span.from } : span)),
  )
  const gaps = gapsOf(own, whole)
  if (gaps.length === 0) return undefined
  const [values, others] = [textsOf(field, own), textsOf(field, gaps)]
  // Names have no last: what is open to the end can only be said by what it leaves out.
  const endless = own.some(({ until }) => until === undefined) || values === undefined
  if (!NAMED.has(field) && others !== undefined && (endless || others.length < values.length)) {
    return { except: true, values: others }
  }
  return { except: false, values: values ?? [] }
}

/** Fields with a few values that all have names: none of them is told by what it is not. */
const NAMED: ReadonlySet<Field> = new Set(['family', 'state', 'direction'])

function inOrder(spans: readonly Span[]): readonly Span[] {
  const joined: Span[] = []
  for (const span of spans.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    const last = joined.at(-1)
    if (last && (last.until === undefined || span.from <= last.until)) {
      const until = later(last.until, span.until)
      joined[joined.length - 1] = { from: last.from, ...(until !== undefined && { until }) }
    } else joined.push(span)
  }
  return joined
}

const later = (a: Key | undefined, b: Key | undefined): Key | undefined =>
  a === undefined || b === undefined ? undefined : a > b ? a : b

function gapsOf(spans: readonly Span[], whole: Span): readonly Span[] {
  const gaps: Span[] = []
  let from: Key | undefined = whole.from
  for (const span of spans) {
    if (from !== undefined && span.from > from) gaps.push({ from, until: span.from })
    from = span.until
  }
  const open = from !== undefined && (whole.until === undefined || from < whole.until)
  if (open) gaps.push({ from: from!, ...(whole.until !== undefined && { until: whole.until }) })
  return gaps
}

/** @returns `undefined` when a span cannot be said */
function textsOf(field: Field, spans: readonly Span[]): readonly string[] | undefined {
  const texts: string[] = []
  for (const span of spans) {
    const some = textOf(field, span)
    if (!some) return undefined
    texts.push(...some)
  }
  return texts
}

function textOf(field: Field, { from, until }: Span): readonly string[] | undefined {
  if (typeof from === 'string') return nameText(from, until)
  if (typeof until !== 'bigint') return undefined
  const last = until - 1n
  switch (field) {
    case 'source':
    case 'target':
      return addressTexts(from, last)
    case 'sourceMac':
      return [from === last ? macText(from) : `${macText(from)}-${macText(last)}`]
    case 'state':
      return STATES.slice(Number(from), Number(until))
    case 'direction':
      return DIRECTIONS.slice(Number(from), Number(until))
    case 'protocol':
      return [from === last ? protocolText(from) : `${from}-${last}`]
    case 'family':
      return [4n, 6n].filter((one) => from <= one && one <= last).map((one) => `IPv${one}`)
    default:
      return [from === last ? String(from) : `${from}-${last}`]
  }
}

// `wan` ends before `wan\0`, and all that begin with `eth` before `eth\uffff`.
function nameText(from: string, until: Key | undefined): readonly string[] | undefined {
  if (until === `${from}\0`) return [from]
  return until === `${from}\uffff` ? [`${from}*`] : undefined
}

function addressTexts(from: bigint, last: bigint): readonly string[] {
  const [first, end] = [addressOf(from), addressOf(last)]
  if (first.family === end.family) {
    return [rangeText({ family: first.family, first: first.address, last: end.address })]
  }
  return [`${addressText(4, first.address)}-${addressText(6, end.address)}`]
}

const PROTOCOL_NAMES = new Map(
  Object.entries(PROTOCOLS).map(([name, number]) => [BigInt(number), name.toUpperCase()]),
)
export const protocolText = (number: bigint): string => PROTOCOL_NAMES.get(number) ?? String(number)
