import type { Finding, Town } from '@sekisho/core'
import { shown } from '@sekisho/town'
import words from '../../words/ja.json' with { type: 'json' }
import { clauseOf } from '../dialects/dialect.ts'
import type { NotSupported, Vendor } from '../dialects/dialect.ts'
import type { Filter, Unsaid } from '../filter/filter.ts'
import { clause, filled } from './findings.ts'

/** Flows that are declared and left out because a dialect cannot say them, one finding for each reason. Notes: the text is right as it is. */
export function notSupportedFindings(
  town: Town,
  vendor: Vendor,
  notSupported: readonly NotSupported[],
): readonly Finding[] {
  return notSupported.flatMap(({ permit, lacks }) =>
    lacks.map((lack) => {
      const sentence = words.notSupported[lack]
      const values = {
        flow: shown(permit.flow.name),
        maker: words.makers[vendor],
        expires: permit.expires ?? '',
      }
      return {
        rule: 'NET-NOT-SUPPORTED',
        ...clause(clauseOf(permit)),
        effect: 'note',
        message: filled(sentence.message, values),
        cure: { sentence: sentence.cure, who: 'it-officer' },
        path: `flows[${town.flows.indexOf(permit.flow)}]`,
      } satisfies Finding
    }),
  )
}

/** What whoever loads a text of this dialect should know: it is true of every flow in it. */
export const vendorLimits = (vendor: Vendor): readonly string[] => words.limits[vendor]

/** What a proof over this filter says nothing about, in sentences. */
export function unsaidSentences({ unsaid = [] }: Filter): readonly string[] {
  const about = new Set<Unsaid['about']>(unsaid.map((one) => one.about))
  return [...about].map((one) => words.unsaid[one])
}
