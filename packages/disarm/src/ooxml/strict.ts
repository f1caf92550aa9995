import type { XmlAttribute, XmlElement } from '../xml/read.ts'
import { CHART, DRAWING, SHEET, SLIDE, WORD, WORD_DRAWING } from './namespaces.ts'

/**
 * ISO/IEC 29500 Strict under the names of Transitional. Strict renames every namespace and relationship type and spells some values
 * differently (part 4 lists what differs); what is left is the same language, so the same allow-lists judge it.
 */
const STRICT = 'http://purl.oclc.org/ooxml/'
const TRANSITIONAL = 'http://schemas.openxmlformats.org/'

export function isStrict(uri: string): boolean {
  return uri.startsWith(STRICT)
}

/** `…/ooxml/drawingml/chart` → `…/drawingml/2006/chart`; two relationship types also have other last words. */
export function transitionalName(uri: string): string {
  if (!isStrict(uri)) return uri
  const rest = uri.slice(STRICT.length)
  const slash = rest.indexOf('/')
  if (slash < 0) return uri
  const name = `${TRANSITIONAL}${rest.slice(0, slash)}/2006${rest.slice(slash)}`
  return name.replace(/(?<=\/relationships\/)(extended|custom)Properties$/, '$1-properties')
}

/** Spells the values of one element of a Strict part as Transitional does. */
export function toTransitional(element: XmlElement): void {
  element.attributes = element.attributes.filter(
    ({ uri, local }) => local !== 'conformance' || uri !== (element.uri === WORD ? WORD : ''),
  )
  for (const attribute of element.attributes) {
    attribute.value = transitionalValue(element, attribute)
  }
}

/** Attributes that hold a measure or a share; elsewhere `0%` is a number format and `12pt` is somebody's name for something. */
const MEASURED: ReadonlySet<string> = new Set(
  `x y cx cy w h l t r b sx sy kx ky pos amt thresh bright contrast hue sat lum stA stPos endA endPos fontScale lnSpcReduction val
   marL marR indent lIns tIns rIns bIns distT distB distL distR dist blurRad rad before after line left right start end hanging firstLine
   top bottom header footer gutter space percent width height tblpX tblpY leftFromText rightFromText topFromText bottomFromText linePitch`.split(
    /\s+/,
  ),
)
/** Elements of Word whose `w:val` is one. */
const MEASURED_VALUES: ReadonlySet<string> = new Set(
  'sz szCs kern position hps hpsRaise hpsBaseText spacing w trHeight defaultTabStop hyphenationZone zoom drawingGridHorizontalSpacing drawingGridVerticalSpacing'.split(
    ' ',
  ),
)

function transitionalValue(element: XmlElement, { uri, local, value }: XmlAttribute): string {
  if (uri !== '' && uri !== WORD) return value
  if (local === 'uri' && element.uri === DRAWING) return transitionalName(value)
  if (!MEASURED.has(local)) return value
  if (element.uri === WORD && local === 'val' && !MEASURED_VALUES.has(element.local)) return value
  const measured = MEASURE.exec(value)
  if (!measured) return value
  const factor = measured[2] === '%' ? percentFactor(element, local) : unitFactor(element, measured)
  return factor === undefined ? value : String(Math.round(Number(measured[1]) * factor))
}

const MEASURE = /^(-?[0-9]{1,9}(?:\.[0-9]{1,9})?)(%|mm|cm|in|pt|pc|pi)$/

/** What one percent is in Transitional. */
function percentFactor({ uri, attributes }: XmlElement, local: string): number | undefined {
  if (uri === DRAWING || uri === SLIDE || uri.endsWith('/diagram')) return 1000
  if (uri === CHART) return 1
  if (uri !== WORD) return undefined
  const width = local === 'w' && attributes.some((one) => one.local === 'type')
  return width ? 50 : 1
}

const POINTS: Readonly<Record<string, number>> = {
  mm: 72 / 25.4,
  cm: 72 / 2.54,
  in: 72,
  pt: 1,
  pc: 12,
  pi: 12,
}
const EMU_PER_POINT = 12_700
const TWIPS_PER_POINT = 20
const HALF_POINTS: ReadonlySet<string> = new Set(
  'sz szCs kern position hps hpsRaise hpsBaseText'.split(' '),
)

function unitFactor({ uri, local }: XmlElement, measured: RegExpExecArray): number | undefined {
  const points = POINTS[measured[2] ?? ''] ?? 1
  if (uri === DRAWING || uri === SLIDE || uri === WORD_DRAWING) return points * EMU_PER_POINT
  if (uri !== WORD) return undefined
  return points * (HALF_POINTS.has(local) ? 2 : TWIPS_PER_POINT)
}

const DAY = 86_400_000
const ISO_DATE =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2}(?:\.[0-9]{1,9})?))?Z?)?$/
const ISO_TIME = /^T?([0-9]{2}):([0-9]{2})(?::([0-9]{2}(?:\.[0-9]{1,9})?))?Z?$/

/**
 * An ISO 8601 date or time of a cell as the serial number that Excel counts with; `undefined` when it is none.
 * @param from1904 the book counts from 1904-01-01 instead of 1899-12-30
 */
export function serialDate(text: string, from1904: boolean): string | undefined {
  const time = ISO_TIME.exec(text)
  if (time) return decimal(clock(time, 1))
  const date = ISO_DATE.exec(text)
  if (!date) return undefined
  const day = Date.UTC(Number(date[1]), Number(date[2]) - 1, Number(date[3]))
  const origin = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30)
  return decimal((day - origin) / DAY + clock(date, 4))
}

function clock(match: RegExpExecArray, first: number): number {
  const [hours, minutes, seconds] = [0, 1, 2].map((index) => Number(match[first + index] ?? 0))
  return ((hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)) / 86_400
}

function decimal(value: number): string {
  return String(Number(value.toFixed(9)))
}

/** Cells of type `d`; a date that is none stays as text. */
export function plainDate(cell: XmlElement, from1904: boolean): void {
  const type = cell.attributes.find(({ uri, local }) => uri === '' && local === 't')
  const value = cell.children.find(
    (child) => typeof child !== 'string' && child.uri === SHEET && child.local === 'v',
  )
  if (type?.value !== 'd' || value === undefined || typeof value === 'string') return
  const text = value.children.filter((child) => typeof child === 'string').join('')
  const serial = serialDate(text, from1904)
  if (serial === undefined) type.value = 'str'
  else {
    cell.attributes = cell.attributes.filter((one) => one !== type)
    value.children = [serial]
  }
}
