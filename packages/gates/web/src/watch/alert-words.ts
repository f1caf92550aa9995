/** An alert in the sentences that a person reads. */
import { bytesText } from '@sekisho/core'
import type { Town } from '@sekisho/core'
import { shown } from '@sekisho/town'
import words from '../../words/watch.json' with { type: 'json' }
import { filled } from '../lists/list-problem.ts'
import type { Alert } from './alert.ts'

export interface AlertWords {
  readonly short: string
  /** What happened. */
  readonly what: string
  readonly why: string
  /** What to do now. */
  readonly cure: string
  /** Who may take note of it. */
  readonly who: string
}

/** Names that are told in a sentence. */
const NAMES = 3
const LETTERS = 55

export function alertWords(alert: Alert, town: NamedTown): AlertWords {
  const { short, what, why, cure } = words.alerts[keyOf(alert)]
  const { names, count, bytes, usual, service } = alert
  const listed = names.slice(0, NAMES).map((name) => `「${shown(name, LETTERS)}」`)
  const rest = Math.max(count, names.length) - listed.length
  const more = alert.rule === 'WATCH-NEW' && rest > 0 ? filled(words.more, { count: rest }) : ''
  const values = {
    who: askerName(alert, town),
    service: serviceName(service, town),
    names: `${listed.join('')}${more}`,
    count,
    bytes: bytesText(bytes),
    usual: bytesText(usual),
  }
  return { short, what: filled(what, values), why, cure, who: words.who }
}

/** A list that is out already is told in other words than one that soon will be, and an amount that nothing can be compared with in others than one that grew. */
function keyOf({ rule, count, usual }: Alert): keyof typeof words.alerts {
  if (rule === 'WATCH-LIST' && count === 0) return 'WATCH-LIST/out'
  return rule === 'WATCH-SPIKE' && usual === 0 ? 'WATCH-SPIKE/first' : rule
}

export type NamedTown = Pick<Town, 'people' | 'services' | 'systems' | 'departments'>

/** The name of a person or machine of the town; the id of one that it no longer has. */
export function personName(id: string, { people, systems }: NamedTown): string {
  const host = systems.flatMap(({ hosts }) => hosts).find((one) => one.id === id)
  return people.find((one) => one.id === id)?.name ?? host?.name ?? id
}

export function serviceName(id: string, { services }: NamedTown): string {
  return id === '' ? words.unlisted : (services.find((one) => one.id === id)?.name ?? id)
}

export function departmentName(id: string, { departments }: NamedTown): string {
  return departments.find((one) => one.id === id)?.name ?? id
}

function askerName({ person, from }: Alert, town: NamedTown): string {
  if (person !== '') return personName(person, town)
  return from === '' ? words.everybody : filled(words.unknown, { from })
}
