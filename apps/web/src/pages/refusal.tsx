import type { Problem } from '@sekisho/server/api'
import type { ReactNode } from 'react'
import type { Outcome } from '../line/call.ts'
import { Button } from '../ui/button.tsx'
import { FourLines } from '../ui/four-lines.tsx'
import { When } from '../ui/when.tsx'
import { localProblem, shortReason } from '../words/problem.ts'
import { say } from '../words/say.ts'
import { RuleId } from './rule-id.tsx'

type Failure = Extract<Outcome<unknown>, { ok: false }>

/** A refusal in four lines, whoever refused: a rule, a person, the server or the line. */
export function Refusal(props: {
  readonly problem: Problem
  readonly live?: boolean
  /** The third line, when this page knows better what can be done from here. */
  readonly cure?: ReactNode
  readonly deed?: ReactNode
}) {
  const { problem, live } = props
  return (
    <FourLines
      what={problem.what}
      why={problem.why}
      cure={props.cure ?? problem.cure}
      deed={props.deed}
      labels={{ why: say('frame.why'), cure: say('frame.cure') }}
      last={
        <>
          {problem.number === ''
            ? say('frame.noNumber')
            : say('frame.number', { number: problem.number })}
          {'　'}
          <When at={problem.at} />
          {'　'}
          <ReasonId id={problem.reason} />
        </>
      }
      live={live === true}
    />
  )
}

/** What the browser itself refuses (a cut line) has nobody to explain it. */
function ReasonId({ id }: { readonly id: string }) {
  return shortReason(id) === undefined ? (
    <RuleId id={id} />
  ) : (
    <span className="text-mono-14N-150">{id}</span>
  )
}

/** A request that failed, with a way to try again. */
export function Trouble(props: {
  readonly failure: Failure
  readonly what: string
  readonly onRetry?: () => void
}) {
  return (
    <div className="my-4 flex flex-col items-start gap-3">
      <Refusal problem={problemOf(props.failure, props.what)} live />
      {props.onRetry !== undefined && (
        <Button kind="second" onPress={props.onRetry}>
          {say('frame.retry')}
        </Button>
      )}
    </div>
  )
}

/** The server's own words when it gave some, otherwise ours by what happened to the request. */
export function problemOf(failure: Failure, what: string): Problem {
  if (failure.problem !== undefined) return failure.problem
  if (failure.status === 0) return localProblem('LINE-DOWN', what)
  if (failure.status === 401) return localProblem('SIGNED-OUT', what)
  if (failure.status === 404) return localProblem('NOT-FOUND', what)
  return localProblem('SERVER-TROUBLE', what)
}
