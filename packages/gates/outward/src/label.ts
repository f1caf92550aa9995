/**
 * The class of what is sent: every label that stands on it, and the highest of them.
 */
import { compareClass, foreignClass, readClass } from '@sekisho/core'
import type { ConfidentialityLevel } from '@sekisho/core'

/** A mark of the town beside 自治体機密性…, e.g. 「庁外秘」. */
export interface OwnMark {
  readonly text: string
  readonly level: ConfidentialityLevel
}

/** What the town says about labels. */
export interface LabelTerms {
  /** The class of what bears none; `ask` sends it back to its writer. */
  readonly unlabelled: ConfidentialityLevel | 'ask'
  readonly marks: readonly OwnMark[]
}

/** A text that may bear a label, and where it stands: `subject`, `text`, `attachment 2 properties`, … */
export interface LabelPlace {
  readonly place: string
  readonly text: string
  /** A heading or a property, where a label stands by itself; in running text only a label in brackets or at the head of a line is one. */
  readonly heading: boolean
}

export interface FoundLabel {
  readonly place: string
  /** As our own table spells it: `自治体機密性2`, `機密性3`, or the town's own mark. */
  readonly label: string
  /** Absent for a label of another scheme, which can mean more than one class. */
  readonly level?: ConfidentialityLevel
}

export interface LabelReading {
  readonly state: 'known' | 'missing' | 'other-scheme'
  /** Highest of what was found; of mail without a label what the town says. Worth nothing while the state is not `known`. */
  readonly level: ConfidentialityLevel
  readonly found: readonly FoundLabel[]
}

/** At most so many are listed; the highest of all counts. */
const MAX_FOUND = 50

export function readLabels(
  places: readonly LabelPlace[],
  { unlabelled, marks }: LabelTerms,
): LabelReading {
  const all = places.flatMap((place) => [...labelsIn(place), ...marksIn(place, marks)])
  const found = distinct(all).slice(0, MAX_FOUND)
  const level = highest(all.flatMap((one) => one.level ?? []))
  if (all.some((one) => one.level === undefined))
    return { state: 'other-scheme', level: level ?? UNKNOWN, found }
  if (level !== undefined) return { state: 'known', level, found }
  if (unlabelled === 'ask') return { state: 'missing', level: UNKNOWN, found }
  return { state: 'known', level: unlabelled, found }
}

/** Stopped by X4-LABEL for its state; a higher class here would only give its writer a second, misleading sentence. */
const UNKNOWN: ConfidentialityLevel = '1'

/** With the letters of full width, with blanks between, with or without 「の」: as people type it. */
const LABEL = /(自治体|国|旧)?の?機密性(3A|3B|3C|1|2|3)(?![0-9A-Z])/giu
/** What stands in front of a label that is meant as one. */
const MEANT = /(?:^|\n|[【〔［[（(《〈<>「『＜:：=_])\s*$/u

function labelsIn({ place, text, heading }: LabelPlace): readonly FoundLabel[] {
  const plain = text.normalize('NFKC').replaceAll(/[ \t\u200B-\u200F\u2060\uFEFF]+/gu, '')
  return [...plain.matchAll(LABEL)].flatMap((match): readonly FoundLabel[] => {
    if (!heading && !MEANT.test(plain.slice(Math.max(0, match.index - 4), match.index))) return []
    const label = `${match[1] ?? ''}機密性${(match[2] ?? '').toUpperCase()}`
    const municipal = readClass(label)
    if (municipal?.scheme === '自治体機密性') return [{ place, label, level: municipal.level }]
    // A bare 3B has no other scheme; a bare 3 has two.
    const own = readClass(`自治体${label}`)
    const bare = match[1] === undefined && foreignClass(label) === undefined
    if (bare && own?.scheme === '自治体機密性') return [{ place, label, level: own.level }]
    return [foreign(place, label)]
  })
}

/** A national or former label whose rows of the table all mean one class is that class. */
function foreign(place: string, label: string): FoundLabel {
  const [only, ...more] = foreignClass(label)?.candidates ?? []
  const value = only === undefined || more.length > 0 ? undefined : readClass(only)
  return value?.scheme === '自治体機密性' ? { place, label, level: value.level } : { place, label }
}

function marksIn(
  { place, text, heading }: LabelPlace,
  marks: LabelTerms['marks'],
): readonly FoundLabel[] {
  const plain = text.normalize('NFKC')
  return marks.flatMap((mark): readonly FoundLabel[] => {
    const at = plain.indexOf(mark.text.normalize('NFKC'))
    if (at < 0) return []
    const meant = heading || MEANT.test(plain.slice(Math.max(0, at - 4), at))
    return meant ? [{ place, label: mark.text, level: mark.level }] : []
  })
}

function highest(levels: readonly ConfidentialityLevel[]): ConfidentialityLevel | undefined {
  const scheme = '自治体機密性'
  return levels.toSorted((a, b) => {
    const compared = compareClass({ scheme, level: b }, { scheme, level: a })
    return compared.ok ? compared.order : 0
  })[0]
}

function distinct(all: readonly FoundLabel[]): readonly FoundLabel[] {
  const seen = new Map(all.map((one) => [`${one.place}\n${one.label}`, one]))
  return [...seen.values()]
}
