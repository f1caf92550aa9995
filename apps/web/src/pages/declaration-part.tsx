import type { DecisionRow, DeclarationPage } from '@sekisho/server/api'
import { useLoad } from '../line/load.ts'
import { checks, useMe } from '../line/me.ts'
import { say } from '../words/say.ts'
import { DeclarationParts } from './declaration-parts.tsx'

/** For the officer who carries a decision out: the text that would let the destination through, to be copied. */
export function DeclarationPart({ row }: { readonly row: DecisionRow }) {
  const wanted = checks(useMe()) && row.question === 'breakout' && row.result === 'pass'
  return wanted && row.supersededBy === undefined ? <Declaration number={row.number} /> : null
}

function Declaration({ number }: { readonly number: string }) {
  const { value } = useLoad<DeclarationPage>(`/api/decisions/${number}/declaration`)
  if (value === undefined || value.parts.length === 0) return null
  return (
    <section aria-labelledby="declaration" className="my-6">
      <h2 id="declaration" className="text-std-20B-160 mb-2">
        {say('decide.declaration')}
      </h2>
      <p>{say('decide.declarationLead')}</p>
      <DeclarationParts parts={value.parts} />
    </section>
  )
}
