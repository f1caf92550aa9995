/**
 * What became of a file, for whoever decides on it or receives it: what was taken out and why, what stayed, how alike it is.
 */
import type { Changes, KeptMacro } from '@sekisho/server/api'
import { Badge } from '../ui/badge.tsx'
import { Banner } from '../ui/banner.tsx'
import { Facts } from '../ui/facts.tsx'
import { eraDate } from '../ui/dates.ts'
import { Digest } from '../ui/digest.tsx'
import { More } from '../ui/more.tsx'
import { say } from '../words/say.ts'

/** Beside the state: its pages are pictures. */
export function PicturesMark({ outcome }: { readonly outcome: Changes['outcome'] }) {
  if (outcome !== 'flatten') return null
  return (
    <Badge tone="plain" shape="notice">
      {say('again.pictures')}
    </Badge>
  )
}

/** What was removed: first what would have run or reached out, with why and what next; then the rest. */
export function RemovedList({ changes }: { readonly changes: Changes }) {
  const told = new Set(changes.active.flatMap(({ sentences }) => sentences))
  return (
    <>
      {changes.active.map(({ sentences, why, next }) => (
        <div key={why} className="border-warning-orange-2 my-2 border-l-4 pl-3">
          <Sentences sentences={sentences} />
          <p className="text-dns-16N-130 mt-1">{say('changes.why', { why })}</p>
          <p className="text-dns-16N-130 mt-1">{say('changes.next', { next })}</p>
        </div>
      ))}
      <Sentences sentences={changes.removed.filter((sentence) => !told.has(sentence))} />
    </>
  )
}

export function Sentences({ sentences }: { readonly sentences: readonly string[] }) {
  if (sentences.length === 0) return null
  return (
    <ul className="list-disc pl-5">
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  )
}

/** A macro is still inside: never to be overlooked. `sentence` is the rule's own. */
export function MacroWarning(props: {
  readonly macros: readonly KeptMacro[]
  readonly sentence: string
  readonly advice: string
}) {
  if (props.macros.length === 0) return null
  return (
    <Banner tone="wait" title={props.sentence}>
      <p>{props.advice}</p>
      {props.macros.map((macro) => (
        <Macro key={macro.sha256} macro={macro} />
      ))}
    </Banner>
  )
}

function Macro({ macro }: { readonly macro: KeptMacro }) {
  return (
    <div className="mt-2">
      {macro.name !== '' && (
        <Facts
          rows={[
            { name: say('changes.macroName'), value: macro.name },
            { name: say('changes.macroReason'), value: macro.reason },
            { name: say('changes.macroApproved'), value: macro.approvedBy },
            { name: say('changes.macroUntil'), value: eraDate(new Date(macro.until)) },
          ]}
        />
      )}
      {macro.sha256 !== '' && (
        <More word={say('changes.macroSha')}>
          <Digest>{macro.sha256}</Digest>
        </More>
      )}
    </div>
  )
}
