import { eraDate, INCIDENT_ASPECTS } from '@sekisho/core'
import type { Incident, IsoDate, Town, TownFacts } from '@sekisho/core'
import { clockFor, loadGuideline } from '@sekisho/guideline'
import type { LegalClock } from '@sekisho/guideline'
import words from '../../words/register.json' with { type: 'json' }
import { daysAfter, daysBetween } from '../date.ts'
import { sentence } from '../sentence.ts'
import type { Blame, Subject } from './subject.ts'

/** One question for every incident: which report or notice is still open, and which is late. */
export function incidentSubjects(town: Town, at: IsoDate, base: TownFacts): readonly Subject[] {
  return town.incidents.map((incident, index) => ({
    path: `incidents[${index}]`,
    label: incident.name,
    blame: deadlines(incident, `incidents[${index}]`),
    question: { question: 'incident', facts: { ...base, ...factsOf(incident, at) } },
  }))
}

function factsOf(incident: Incident, at: IsoDate) {
  const { found, sort, sign, involves, persons, reported } = incident
  const done = (day: IsoDate | undefined): boolean => day !== undefined && day <= at
  return {
    ...Object.fromEntries(INCIDENT_ASPECTS.map((aspect) => [aspect, involves.includes(aspect)])),
    incidentSort: sort,
    incidentSign: sign,
    csirtTold: done(reported.csirt),
    cisoTold: done(reported.ciso),
    personsAffected: persons,
    stronglyEncrypted: incident.stronglyEncrypted,
    otherSideReported: done(reported.otherSide),
    daysSinceKnown: Math.max(0, daysBetween(found, at)),
    // A final report that comes first is the first report too.
    firstReportMade: done(reported.first) || done(reported.final),
    finalReportMade: done(reported.final),
    nineFieldsComplete: incident.nineFieldsComplete,
    personsNotified: done(reported.persons),
  }
}

/** The legal clock of a rule for an incident, with its last day; absent where the law names none. */
export function incidentClock(
  rule: string,
  { found, involves }: Incident,
): { readonly clock: LegalClock; readonly until: IsoDate } | undefined {
  const wrongfulPurpose = involves.includes('wrongfulPurpose')
  const clock = clockFor(loadGuideline().clocks, rule, { wrongfulPurpose })
  return clock?.days === undefined ? undefined : { clock, until: daysAfter(found, clock.days) }
}

function deadlines(incident: Incident, path: string): Readonly<Record<string, Blame>> {
  const rules = new Set(loadGuideline().clocks.map(({ rule }) => rule))
  return Object.fromEntries(
    [...rules].flatMap((rule) => {
      const date = incidentClock(rule, incident)?.until
      if (date === undefined) return []
      const label = sentence(words.due, { name: incident.name, date: eraDate(date) ?? date })
      return [[rule, { path, label }]]
    }),
  )
}
