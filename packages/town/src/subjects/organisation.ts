import type { IsoDate, Town, TownFacts } from '@sekisho/core'
import { yearBefore } from '../date.ts'
import { isInForce, type Blame, type Subject } from './subject.ts'

/** OP-01 to OP-03: one question for the body. */
export function organisationSubject(town: Town, at: IsoDate, base: TownFacts): Subject {
  const { ciso, csirt, committee, monitoring, logs } = town.organisation
  const withinYear = (day: IsoDate | undefined): boolean =>
    day !== undefined && yearBefore(at) <= day && day <= at
  const open = town.exceptions.filter((one) => one.until === undefined || one.until < at)
  return {
    path: 'organisation',
    label: town.name,
    blame: organisationBlame(town, at, open),
    question: {
      question: 'check-organisation',
      facts: {
        ...base,
        cisoDocumented: isInForce(ciso, at),
        csirtDocumented: isInForce(csirt, at),
        committeeDocumented: isInForce(committee, at),
        committeeMetWithinYear: withinYear(committee?.lastMet),
        networkMonitored: isInForce(monitoring, at),
        complianceChecked: monitoring?.complianceChecked ?? false,
        openEndedExceptions: open.length,
        logsAcquired: isInForce(logs, at),
        logRetentionDays: logs?.retentionDays ?? 0,
        logTamperProtected: logs?.tamperProtected ?? false,
        logReviewed: withinYear(logs?.lastReviewed),
      },
    },
  }
}

function organisationBlame(
  town: Town,
  at: IsoDate,
  open: Town['exceptions'],
): Readonly<Record<string, Blame>> {
  const paper = (['ciso', 'csirt'] as const).find((key) => !isInForce(town.organisation[key], at))
  const watched = isInForce(town.organisation.monitoring, at)
  const first = open[0] === undefined ? -1 : town.exceptions.indexOf(open[0])
  return {
    'OP-01': `organisation.${paper ?? 'committee.lastMet'}`,
    'OP-02':
      watched && open[0] !== undefined
        ? { path: `exceptions[${first}]`, label: open.map((one) => one.subject).join('、') }
        : 'organisation.monitoring',
    'OP-03': 'organisation.logs',
  }
}
