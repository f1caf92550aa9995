import { shown } from '@sekisho/town'
import words from '../../words/ja.json' with { type: 'json' }
import type { Declared } from '../declared/permit.ts'
import type { Filter } from '../filter/filter.ts'
import { filled } from '../prove/findings.ts'
import { limitsOf } from './spans.ts'

/** Names told at most. */
const MOST_NAMES = 20

/** Interfaces that a text names and the declaration does not have: then nothing that is said about either fits. A sentence, or nothing. */
export function unknownPlugs(declared: Declared, filter: Filter): string | undefined {
  const own = new Set(declared.plugs.map(({ name }) => name))
  const names = new Set<string>()
  for (const { conditions } of [...filter.chains.values()].flat()) {
    for (const condition of conditions) {
      if (condition.kind !== 'in') continue
      const { fields, boxes } = condition
      for (const [at, field] of fields.entries()) {
        if (field !== 'in' && field !== 'out') continue
        for (const box of boxes) {
          for (const name of limitsOf(field, box[at]!)?.values ?? []) {
            if (!own.has(name) && name !== 'lo') names.add(name)
          }
        }
      }
    }
  }
  if (names.size === 0) return undefined
  const some = [...names].slice(0, MOST_NAMES).map((name) => `「${shown(name)}」`)
  return filled(words.present.plugs, { names: some.join('') })
}
