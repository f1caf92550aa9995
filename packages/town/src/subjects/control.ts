import type { Control, Edition, IsoDate, Town, TownFacts } from '@sekisho/core'
import { loadGuideline, ruleApplies, type ControlInfo } from '@sekisho/guideline'
import { monthsBefore } from '../date.ts'
import { contradictionsOf } from './contradiction.ts'
import { isInForce, type KindOf, type Subject } from './subject.ts'

/** AP, BT, OP-04 to OP-09, SC: one question per control that is asked of this model, in this edition, on this day. */
export function controlSubjects(
  town: Town,
  at: IsoDate,
  base: TownFacts,
  kindOf: KindOf,
): readonly Subject[] {
  const ordinanceInForce = isOrdinanceInForce(at)
  const contradicted = contradictionsOf(town, at, kindOf)
  return controlsAskedOf(base, at).map((control): Subject => {
    const { entry, index } = entryFor(town.controls, control.id, at)
    const stated = isInForce(entry, at)
    const against = contradicted.get(control.id)
    const path = entry === undefined ? 'controls' : `controls[${index}]`
    return {
      path,
      label: [entry?.title ?? control.id, ...(against === undefined ? [] : [against])].join(
        '」と「',
      ),
      blame: {},
      question: {
        question: 'check-control',
        facts: {
          ...base,
          control: control.id,
          stated,
          fresh: stated && isFresh(entry!, control, at, base.edition),
          contradicted: against !== undefined,
          ordinanceInForce,
        },
      },
    }
  })
}

function controlsAskedOf(base: TownFacts, at: IsoDate): readonly ControlInfo[] {
  const { controls, rules } = loadGuideline()
  const asked = new Set(
    rules
      .filter((rule) => rule.kind === 'forbid' && rule.question === 'check-control')
      .filter((rule) => ruleApplies(rule, base))
      .map(({ id }) => id),
  )
  return controls.filter(({ id, since }) => asked.has(id) && (since === undefined || since <= at))
}

// Of several papers the newest that exists on the day counts; a paper still to come is only where to look.
function entryFor(
  controls: readonly Control[],
  id: string,
  at: IsoDate,
): { readonly entry?: Control; readonly index: number } {
  const own = controls.flatMap((entry, index) => (entry.control === id ? [{ entry, index }] : []))
  const existing = own.filter(({ entry }) => isInForce(entry, at))
  const newest = existing.toSorted((a, b) => (a.entry.date < b.entry.date ? 1 : -1))[0]
  return newest ?? own[0] ?? { index: -1 }
}

function isFresh(paper: Control, control: ControlInfo, at: IsoDate, edition: Edition): boolean {
  const published = loadGuideline().editions.find(({ id }) => id === edition)?.published ?? ''
  // An edition of which we know the month only is `YYYY-MM`: the papers of that month come after it.
  const afterEdition = control.afterEdition !== true || published <= paper.date
  return afterEdition && monthsBefore(at, control.months) <= paper.date
}

function isOrdinanceInForce(at: IsoDate): boolean {
  const ordinance = loadGuideline().laws.find(({ id }) => id === 'ORD80')
  return ordinance !== undefined && ordinance.inForce <= at
}
