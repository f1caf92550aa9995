import type { Decision } from '@sekisho/server/api'
import { useId, useState } from 'react'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { TextArea } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { say } from '../words/say.ts'

const MOST_LETTERS = 500

/** Approve, or return with a reason. There is no sending by Enter: which of the two it would be is not obvious. */
export function DecisionForm(props: {
  /** What the decision is good for, and for nothing else. */
  readonly bound: string
  /** Why this person cannot decide this request. */
  readonly blocked: string | undefined
  readonly onDecide: (decision: Decision['decision'], comment: string) => Promise<void>
}) {
  const [comment, setComment] = useState('')
  const [missing, setMissing] = useState(false)
  const [busy, setBusy] = useState(false)
  const blocked = props.blocked ?? (busy ? say('approve.sending') : undefined)
  const reasonId = useId()
  const decide = async (decision: Decision['decision']): Promise<void> => {
    if (decision === 'return' && comment.trim() === '') return setMissing(true)
    setBusy(true)
    await props.onDecide(decision, comment.trim())
    setBusy(false)
  }
  return (
    <section
      aria-labelledby="decide"
      className="border-solid-gray-420 mt-6 border-t pt-4 screen-only"
    >
      <h2 id="decide" className="text-std-18B-160 mb-1">
        {say('approve.decide')}
      </h2>
      <p className="text-dns-16N-130 mb-3">{props.bound}</p>
      <Form
        label={say('approve.decide')}
        onSubmit={() => undefined}
        className="flex max-w-2xl flex-col gap-4"
      >
        <TextArea
          label={say('approve.comment')}
          help={say('approve.commentHelp')}
          name="comment"
          maxLength={MOST_LETTERS}
          value={comment}
          onChange={(text) => {
            setComment(text)
            setMissing(false)
          }}
          error={missing ? say('approve.commentMissing') : undefined}
        />
        {blocked !== undefined && (
          <div id={reasonId}>
            <Banner tone="plain" title={blocked} />
          </div>
        )}
        <div className="flex flex-wrap items-center gap-4">
          <Button blocked={blocked} reasonAt={reasonId} onPress={() => void decide('approve')}>
            {say('approve.approve')}
          </Button>
          <Button
            kind="second"
            blocked={blocked}
            reasonAt={reasonId}
            onPress={() => void decide('return')}
          >
            {say('approve.return')}
          </Button>
        </div>
      </Form>
    </section>
  )
}
