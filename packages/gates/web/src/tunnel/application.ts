/** ［利用を申請する］: the decision form of the town, with what the gate knows already written into it. */
import type { CloudPattern } from '@sekisho/core'
import { shownName } from '../../../file/src/name.ts'

/** Refusals that a decision of the town would lift. Of the others an application lifts none: a cut service, a strange certificate. */
const LIFTED: ReadonlySet<string> = new Set(['X11-LISTED', 'X11-PERSON', 'X11-PORT', 'X11-MODEL'])

/** Longest subject that the form takes. */
const SUBJECT_MAX = 200

export interface Application {
  /** Number of the refused request. */
  readonly number: string
  readonly reason: string
  /** `host:port` as asked for. */
  readonly target: string
  /** Declared service it would belong to; empty when none. */
  readonly service: string
  /** What that service is used for, when it is declared. */
  readonly pattern: CloudPattern | undefined
}

/**
 * Address of the form, filled in. The department is not in it: the form knows it from who signs in, and addresses end up in logs.
 * What is in it is only a beginning: the form checks each value, shows it, and the person signs in and records it.
 *
 * @param form address of the form, e.g. `https://sekisho.example/decide/breakout`
 * @returns nothing when an application would lift nothing
 */
export function applicationAddress(form: string, about: Application): string | undefined {
  if (!LIFTED.has(about.reason)) return undefined
  const known: Readonly<Record<string, string>> = {
    subject: shownName(about.target).slice(0, SUBJECT_MAX),
    refused: about.number,
    breakoutPath: 'direct',
    breakoutListed: String(about.service !== ''),
    breakoutPattern: about.pattern ?? '',
    service: about.service,
  }
  const query = Object.entries(known).filter(([, value]) => value !== '')
  return `${form}${form.includes('?') ? '&' : '?'}${new URLSearchParams(query).toString()}`
}
