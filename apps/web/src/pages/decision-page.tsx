import type { ApprovalCard } from '@sekisho/server/api'
import { useEffect, useRef } from 'react'
import type { ComponentType } from 'react'
import { DecisionForm } from '../forms/decision.tsx'
import { Banner } from '../ui/banner.tsx'
import { say } from '../words/say.ts'
import { InsideLink } from './inside-link.tsx'
import { Refusal } from './refusal.tsx'
import { useDecision } from './use-decision.ts'
import { Waiting } from './waiting.tsx'

/** What every card of something held has, whatever it is. */
type Held = Pick<ApprovalCard, 'sha256' | 'destination' | 'purpose' | 'state' | 'cannotDecide'>

/** One request, with everything needed to decide it in front, and the decision on it. */
export function DecisionPage<Card extends Held>(props: {
  readonly path: string
  /** What the decision is good for, and for nothing else. */
  readonly bound: string
  /** What is said once it is decided. */
  readonly said: (card: Card) => string
  readonly view: ComponentType<{ readonly card: Card }>
}) {
  const { loaded, card, decided, problem, decide } = useDecision<Card>(props.path)
  return (
    <>
      <p className="mb-2 screen-only">
        <InsideLink href="/approve" word={say('frame.back')} />
      </p>
      {card === undefined ? (
        <Waiting loaded={loaded} />
      ) : (
        <>
          {decided !== undefined && <Decided title={props.said(card)} />}
          <props.view card={card} />
          {problem !== undefined && <Refusal problem={problem} live />}
          {card.state === 'held' && decided === undefined && (
            <DecisionForm bound={props.bound} blocked={card.cannotDecide} onDecide={decide} />
          )}
        </>
      )}
    </>
  )
}

/** It takes the focus: the form that was used is gone. */
function Decided({ title }: { readonly title: string }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => place.current?.focus(), [])
  return (
    <div ref={place} tabIndex={-1} data-landing="">
      <Banner tone="good" live title={title}>
        <InsideLink href="/approve" word={say('approve.next')} />
      </Banner>
    </div>
  )
}
