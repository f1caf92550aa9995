/**
 * What falls due in a town, day by day, for 24 months: from the declaration's own dates, the guideline's editions and the laws it knows.
 */
import { eraDate, fiscalYear, fiscalYearDays, fiscalYearLabel } from '@sekisho/core'
import type { Actor, Edition, IsoDate, Town } from '@sekisho/core'
import { loadGuideline, type ControlInfo } from '@sekisho/guideline'
import { incidentClock, todayInJapan } from '@sekisho/town'
import words from '../words/ja.json' with { type: 'json' }
import { daysAfter, lastFreshDay, monthsAfter } from './days.ts'
import type { Paper } from './control-row.ts'
import type { ModelGap } from './gap.ts'
import { shownName } from './shown-name.ts'
import { controlName } from './words.ts'

/** How far the calendar looks. */
export const CALENDAR_MONTHS = 24
/** Months after which what has no interval in the table is looked at again. Ours: no publication we read states it. */
const YEAR = 12

export type DutyKind = keyof typeof words.duties

/** One thing that falls due. */
export interface Duty {
  /** The last day on which it is in order, or the day on which it begins. */
  readonly date: IsoDate
  /** 「令和9年3月31日」. */
  readonly era: string
  /** 「令和8年度」. */
  readonly fiscalYear: string
  readonly kind: DutyKind
  /** Japanese sentence. */
  readonly sentence: string
  readonly who: Actor
  /** Place in the declaration, when it comes from there. */
  readonly path?: string
  /** Id of the control, law or edition, when there is one. */
  readonly about?: string
  /** False when the interval or day is ours and not a publication's. Dates of the declaration are as declared. */
  readonly verified: boolean
}

export interface Calendar {
  readonly from: IsoDate
  /** Last day looked at. */
  readonly until: IsoDate
  /** By day, those of one day by kind. */
  readonly duties: readonly Duty[]
  /** What was due before `from` and still stands in the declaration. */
  readonly overdue: readonly Duty[]
}

export interface CalendarOptions {
  /** Default: today in Japan. */
  readonly at?: IsoDate
  /** Default: the edition the town names. Only an edition published later is told. */
  readonly edition?: Edition
}

/**
 * The calendar of one town.
 *
 * @param gap The table for the town's model: papers of controls that are not asked fall due for nobody.
 */
export function calendarOf(town: Town, gap: ModelGap, options: CalendarOptions = {}): Calendar {
  const from = options.at ?? todayInJapan(new Date())
  const until = daysAfter(monthsAfter(from, CALENDAR_MONTHS), -1)
  const all = [
    ...publications(),
    ...beginnings(),
    ...organisationDuties(town, from, until),
    ...paperDuties(gap, from, until),
    ...flowDuties(town),
    ...exceptionDuties(town),
    ...originals(town, from),
    ...leavings(town),
    ...serviceDuties(town),
    ...contractEnds(town),
    ...incidentDuties(town, gap),
    ...yearEnds(from, until),
  ].map(dated)
  const ends = all.filter(({ kind }) => !ONLY_AHEAD.has(kind))
  return Object.freeze({
    from,
    until,
    duties: all.filter(({ date }) => from <= date && date <= until).toSorted(byDay),
    overdue: ends.filter(({ date }) => date < from).toSorted(byDay),
  })
}

type Undated = Omit<Duty, 'era' | 'fiscalYear'>

/** What has passed without anything to do: a law in force is no duty missed, and who has left has left. */
const ONLY_AHEAD: ReadonlySet<DutyKind> = new Set([
  'edition',
  'law',
  'control-begins',
  'leaving',
  'originals',
  'self-check',
  // Data that are still with the vendor after the end are a finding of the check.
  'contract',
  'contract-paper',
])

const dated = (duty: Undated): Duty =>
  Object.freeze({
    ...duty,
    era: eraDate(duty.date) ?? duty.date,
    fiscalYear: fiscalYearLabel(fiscalYear(duty.date)) ?? String(fiscalYear(duty.date)),
  })

const byDay = (a: Duty, b: Duty): number =>
  compare(a.date, b.date) || compare(a.kind, b.kind) || compare(a.sentence, b.sentence)
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function say(kind: DutyKind, name = '', duty = ''): Pick<Duty, 'kind' | 'sentence'> {
  const said = { name: shownName(name), duty }
  return {
    kind,
    sentence: words.duties[kind].replaceAll(
      /\{(name|duty)\}/gu,
      (_, key: 'name' | 'duty') => said[key],
    ),
  }
}

/** An edition of which we know only the month is left out: a day would be invented. */
function publications(): readonly Undated[] {
  const { editions, laws } = loadGuideline()
  return [
    ...editions
      .filter(({ published }) => published.length === 10)
      .map(({ id, name, published }) => ({
        ...say('edition', name),
        date: published,
        who: 'ciso' as const,
        about: id,
        verified: true,
      })),
    ...laws.map(({ id, name, inForce }) => ({
      ...say('law', name),
      date: inForce,
      who: 'ciso' as const,
      about: id,
      verified: true,
    })),
  ]
}

function beginnings(): readonly Undated[] {
  return loadGuideline().controls.flatMap(({ id, since }) =>
    since === undefined
      ? []
      : [
          {
            ...say('control-begins', controlName(id)),
            date: since,
            who: 'it-officer' as const,
            about: id,
            verified: true,
          },
        ],
  )
}

function organisationDuties(town: Town, from: IsoDate, until: IsoDate): readonly Undated[] {
  const { committee, logs } = town.organisation
  const { controls } = loadGuideline()
  const verifiedFor = (id: string): boolean =>
    controls.find((control) => control.id === id)?.monthsVerified === true
  const committeeDuty = { who: 'ciso', about: 'OP-01', verified: verifiedFor('OP-01') } as const
  const logDuty = { who: 'it-officer', about: 'OP-03', verified: verifiedFor('OP-03') } as const
  return [
    ...yearly(committee?.lastMet, from, until).map((date) => ({
      ...say(committee?.lastMet === undefined ? 'committee-never' : 'committee'),
      ...committeeDuty,
      date,
      path: 'organisation.committee',
    })),
    ...yearly(logs?.lastReviewed, from, until).map((date) => ({
      ...say(logs?.lastReviewed === undefined ? 'log-review-never' : 'log-review'),
      ...logDuty,
      date,
      path: 'organisation.logs',
    })),
  ]
}

/** Every year after the last time, each taken to be done on its day; never done is due on the first day. */
function yearly(last: IsoDate | undefined, from: IsoDate, until: IsoDate): readonly IsoDate[] {
  if (last === undefined || last > until) return last === undefined ? [from] : []
  const due = lastFreshDay(last, YEAR)
  if (due < from) return [due]
  const days = [due]
  for (let day = monthsAfter(due, YEAR); day <= until; day = monthsAfter(day, YEAR)) days.push(day)
  return days
}

function paperDuties({ rows }: ModelGap, from: IsoDate, until: IsoDate): readonly Undated[] {
  const infos = new Map(loadGuideline().controls.map((control) => [control.id, control]))
  return rows
    .filter(({ state }) => state !== 'not-asked')
    .flatMap(({ control, papers }) => {
      const info = infos.get(control)
      if (info === undefined) return []
      return papers.flatMap((paper) => renewals(paper, info, from, until))
    })
}

/** The last day of a paper, then each year's as if it were renewed on that day. A paper already too old is due once. */
function renewals(
  { title, until: first, path }: Paper,
  { id, months, monthsVerified }: ControlInfo,
  from: IsoDate,
  until: IsoDate,
): readonly Undated[] {
  if (first === undefined) return []
  const days = [first]
  if (from <= first)
    for (let day = monthsAfter(first, months); day <= until; day = monthsAfter(day, months))
      days.push(day)
  return days.map((date) => ({
    ...say('paper', title),
    date,
    who: 'it-officer',
    about: id,
    verified: monthsVerified,
    ...(path !== undefined && { path }),
  }))
}

function flowDuties(town: Town): readonly Undated[] {
  return town.flows.flatMap(({ name, expires }, index) =>
    expires === undefined
      ? []
      : [
          {
            ...say('flow', name),
            date: expires,
            who: 'it-officer' as const,
            about: 'ZN-06',
            path: `flows[${index}].expires`,
            verified: true,
          },
        ],
  )
}

function exceptionDuties(town: Town): readonly Undated[] {
  const by = { who: 'it-officer', verified: true } as const
  return [
    ...town.systems.flatMap(({ hosts }, index) =>
      hosts.flatMap(({ name, removableMedia }, nth) =>
        removableMedia.exceptions.map(({ until }, at) => ({
          ...say('media', name),
          ...by,
          date: until,
          path: `systems[${index}].hosts[${nth}].removableMedia.exceptions[${at}].until`,
        })),
      ),
    ),
    ...town.macros.map(({ name, until }, index) => ({
      ...say('macro', name),
      ...by,
      date: until,
      path: `macros[${index}].until`,
    })),
    ...town.exceptions.flatMap(({ subject, until }, index) =>
      until === undefined
        ? []
        : [
            {
              ...say('exception', subject),
              ...by,
              date: until,
              path: `exceptions[${index}].until`,
            },
          ],
    ),
  ]
}

function originals(town: Town, from: IsoDate): readonly Undated[] {
  return town.gates.file.map(({ originalDays }, index) => ({
    ...say('originals'),
    date: daysAfter(from, originalDays),
    who: 'it-officer',
    path: `gates.file[${index}].originalDays`,
    verified: true,
  }))
}

function leavings(town: Town): readonly Undated[] {
  return town.people.flatMap(({ name, until }, index) =>
    until === undefined
      ? []
      : [
          {
            ...say('leaving', name),
            date: until,
            who: 'it-officer' as const,
            path: `people[${index}].until`,
            verified: true,
          },
        ],
  )
}

function serviceDuties(town: Town): readonly Undated[] {
  return town.services.flatMap(({ name, ismap, dutiesDocument, termsDocument }, index) => {
    const dates = [
      ['ismap', ismap?.checked, 'ismap.checked'],
      ['service-duties', dutiesDocument?.date, 'dutiesDocument'],
      ['service-terms', termsDocument?.date, 'termsDocument'],
    ] as const
    return dates.flatMap(([kind, date, key]) =>
      date === undefined
        ? []
        : [
            {
              ...say(kind, name),
              date: lastFreshDay(date, YEAR),
              who: 'it-officer' as const,
              path: `services[${index}].${key}`,
              verified: false,
            },
          ],
    )
  })
}

function contractEnds(town: Town): readonly Undated[] {
  const by = { who: 'clerk', verified: true } as const
  return [
    ...town.contracts.map(({ name, ends }, index) => ({
      ...say('contract', name),
      ...by,
      date: ends,
      path: `contracts[${index}].ends`,
    })),
    ...town.contractPapers.flatMap(({ name, until }, index) =>
      until === undefined
        ? []
        : [
            {
              ...say('contract-paper', name),
              ...by,
              date: until,
              path: `contractPapers[${index}].until`,
            },
          ],
    ),
    ...town.media.flatMap(({ name, use, disposed }, index) =>
      use?.until === undefined || disposed !== undefined
        ? []
        : [{ ...say('medium', name), ...by, date: use.until, path: `media[${index}].use.until` }],
    ),
  ]
}

/** Reports and notices that the check finds open, on the last day that the law gives. */
function incidentDuties(town: Town, { others }: ModelGap): readonly Undated[] {
  return others.flatMap(({ rule, path, cure }) => {
    const index = /^incidents\[(\d+)\]$/u.exec(path ?? '')?.[1]
    const incident = index === undefined ? undefined : town.incidents[Number(index)]
    const due = incident && incidentClock(rule, incident)
    if (!due || path === undefined) return []
    return [
      {
        ...say('incident', incident.name, due.clock.duty),
        date: due.until,
        who: cure.who,
        about: rule,
        path,
        verified: due.clock.verified,
      },
    ]
  })
}

function yearEnds(from: IsoDate, until: IsoDate): readonly Undated[] {
  const ends: Undated[] = []
  for (let year = fiscalYear(from); fiscalYearDays(year).until <= until; year += 1)
    ends.push({
      ...say('self-check'),
      date: fiscalYearDays(year).until,
      who: 'ciso',
      verified: false,
    })
  return ends
}
