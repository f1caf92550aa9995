/**
 * Open points: where the sources disagree or say nothing. Every reading is data, with the one that is in force where a town chose none.
 */
import { EDITIONS, OPEN_POINTS, SekishoError } from '@sekisho/core'
import type {
  Edition,
  FactValue,
  IsoDate,
  OpenPointId,
  QuestionName,
  Readings,
} from '@sekisho/core'

/**
 * How a reading comes into force. `reading`: a town chooses, and judgements change. `display`: a town chooses, and only what is shown changes.
 * `edition`: by the edition the town names. `design`: the product is built so that both can be lived with.
 */
export type OpenPointKind = 'reading' | 'display' | 'edition' | 'design'

/** What a reading makes of the facts of a question. */
export type SettledFacts = Readonly<Record<string, FactValue>>

/** One way to read an open point. */
export interface OpenReading {
  readonly id: string
  /** A few words for a list. */
  readonly short: string
  readonly text: string
  readonly source: string
  /** What changes for a town under this reading. */
  readonly changes: string
  /** Lets more pass than the default: a town needs a paper for it, and nothing that rests on it is ever `verified`. */
  readonly lenient: boolean
  /** The edition that brought it; with an older one the default is in force whatever a town chose. */
  readonly from?: Edition
  /** The facts it settles, by question. */
  readonly facts: Readonly<Partial<Record<QuestionName, SettledFacts>>>
}

export interface OpenPoint {
  readonly id: OpenPointId
  readonly kind: OpenPointKind
  readonly title: string
  /** What is open, as a question. */
  readonly question: string
  /** The day on which the sources were last looked at. */
  readonly looked: IsoDate
  /** Id of the reading that is in force where a town chose none. */
  readonly default: string
  readonly readings: readonly OpenReading[]
  /** On what it acts, by the names that screens and rules use. */
  readonly acts: {
    readonly questions: readonly string[]
    readonly rules: readonly string[]
    readonly facts: readonly string[]
  }
  /** Where it lives in the product: a file and a name in it. */
  readonly lives: readonly {
    readonly path: string
    readonly name: string
    readonly about: string
  }[]
}

/** What decides which readings are in force. */
export interface ReadBy {
  readonly edition: Edition
  readonly readings?: Readings
}

/** The reading in force. */
export function readingOf(point: OpenPoint, { edition, readings = {} }: ReadBy): OpenReading {
  const chosen = readingNamed(point, readings[point.id] ?? point.default)
  const exists =
    chosen.from === undefined || EDITIONS.indexOf(chosen.from) <= EDITIONS.indexOf(edition)
  return exists ? chosen : readingNamed(point, point.default)
}

function readingNamed(point: OpenPoint, id: string): OpenReading {
  const reading = point.readings.find((one) => one.id === id)
  if (reading === undefined)
    throw new SekishoError('CONFIG_INVALID', `${point.id}: no such reading`)
  return reading
}

/** Open points whose readings settle facts of a question. */
export function openPointsOn(
  points: readonly OpenPoint[],
  question: QuestionName,
): readonly OpenPoint[] {
  return points.filter(({ readings }) =>
    readings.some(({ facts }) => facts[question] !== undefined),
  )
}

/** The facts of a question that the readings in force settle. */
export function settledFacts(
  points: readonly OpenPoint[],
  question: QuestionName,
  by: ReadBy,
): SettledFacts {
  return Object.assign(
    {},
    ...openPointsOn(points, question).map((point) => readingOf(point, by).facts[question]),
  ) as SettledFacts
}

const KINDS = ['reading', 'display', 'edition', 'design'] as const satisfies OpenPointKind[]

/**
 * Reads the table of open points.
 *
 * @throws SekishoError CONFIG_INVALID when it is damaged: a reading that settles fewer facts than another would leave one to whoever fills the form.
 */
export function readOpenPoints(file: string, text: string): readonly OpenPoint[] {
  const { points: data } = JSON.parse(text) as { readonly points?: unknown }
  if (!Array.isArray(data)) throw invalid(file, 'expected a list of points')
  const points = data.map((entry: unknown) => readPoint(file, entry))
  if (points.map(({ id }) => id).join() !== OPEN_POINTS.join())
    throw invalid(file, 'not every open point once, in order')
  return points
}

function readPoint(file: string, entry: unknown): OpenPoint {
  const point = (typeof entry === 'object' && entry !== null ? entry : {}) as Partial<OpenPoint>
  const where = `${file}: ${String(point.id)}`
  for (const name of ['title', 'question', 'looked', 'default'] as const)
    if (typeof point[name] !== 'string' || point[name] === '') throw invalid(where, name)
  if (!KINDS.some((kind) => kind === point.kind)) throw invalid(where, 'kind')
  const readings = (point.readings ?? []).map((one) => readReading(where, one))
  if (readings.length < 2) throw invalid(where, 'an open point has at least two readings')
  if (readings.find(({ id }) => id === point.default)?.lenient !== false)
    throw invalid(where, 'the default is not among the readings, or is lenient')
  if (new Set(readings.map(factNames)).size > 1)
    throw invalid(where, 'the readings do not settle the same facts')
  if (!point.acts || !point.lives?.length) throw invalid(where, 'acts or lives')
  return { ...(point as OpenPoint), readings }
}

function readReading(where: string, entry: Partial<OpenReading>): OpenReading {
  for (const name of ['id', 'short', 'text', 'source', 'changes'] as const)
    if (typeof entry[name] !== 'string' || entry[name] === '') throw invalid(where, name)
  return { lenient: false, facts: {}, ...(entry as Omit<OpenReading, 'lenient' | 'facts'>) }
}

function factNames({ facts }: OpenReading): string {
  const names = Object.entries(facts).flatMap(([question, settled]) =>
    Object.keys(settled).map((name) => `${question} ${name}`),
  )
  return names.toSorted().join()
}

function invalid(where: string, what: string): SekishoError {
  return new SekishoError('CONFIG_INVALID', `${where}: ${what}`)
}
