/** What to write into the declaration so that a decided local breakout passes the cloud gate. It is text for a person: nothing is changed here. */
import { CLOUD_PATTERNS } from '@sekisho/core'
import type { EvidenceEntry, Town } from '@sekisho/core'
import { declarationFor } from '@sekisho/gates/web'
import { todayInJapan } from '@sekisho/town'
import type { DeclarationPage } from '../api.ts'

/** @param entry of a decision; the parts are empty for another question, and for one that was not answered with 通過 */
export function declarationOf(town: Town, { detail, actor }: EvidenceEntry): DeclarationPage {
  const [gate] = town.gates.web ?? []
  const { question, result, subject, facts } = detail
  const passes = question === 'breakout' && result === 'pass'
  if (!gate || !passes || typeof subject !== 'string' || typeof facts !== 'string')
    return { parts: [] }
  const given = JSON.parse(facts) as Readonly<Record<string, unknown>>
  // What goes by another way than through the gate is not the gate's to declare.
  if (given['breakoutPath'] !== 'direct') return { parts: [] }
  const department = town.people.find(({ id }) => id === actor)?.department
  const missing = {
    reason: 'X11-LISTED',
    target: subject,
    service: '',
    pattern: CLOUD_PATTERNS.find((one) => one === given['breakoutPattern']),
    departments: department === undefined ? [] : [department],
    addresses: [],
  }
  return { parts: declarationFor(missing, town, gate, todayInJapan(new Date())) }
}
