import type { NewOriginalRequest, OriginalDecision } from '@sekisho/server/api'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { TextArea, TextField } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { say } from '../words/say.ts'

/** The server takes no longer ones. */
const MOST_LETTERS = 200
const NUMBER_LETTERS = 20

/** Asks to see the mail as it came. */
export function OriginalRequestForm(props: {
  /** Whether it was taken; what was typed stays otherwise. */
  readonly onAsk: (wish: NewOriginalRequest) => Promise<boolean>
}) {
  const [number, setNumber] = useState('')
  const [reason, setReason] = useState('')
  const [missing, setMissing] = useState(false)
  const [busy, setBusy] = useState(false)
  const ask = async (): Promise<void> => {
    if (number.trim() === '' || reason.trim() === '') return setMissing(true)
    setBusy(true)
    if (await props.onAsk({ number: number.trim(), reason: reason.trim() })) {
      setNumber('')
      setReason('')
    }
    setBusy(false)
  }
  return (
    <Form
      label={say('original.ask')}
      onSubmit={() => void ask()}
      className="mt-4 flex max-w-2xl flex-col gap-4 screen-only"
    >
      <TextField
        label={say('original.number')}
        help={say('original.numberHelp')}
        name="number"
        maxLength={NUMBER_LETTERS}
        value={number}
        onChange={setNumber}
        error={missing && number.trim() === '' ? say('original.numberMissing') : undefined}
      />
      <TextArea
        label={say('original.reason')}
        help={say('original.reasonHelp')}
        name="reason"
        maxLength={MOST_LETTERS}
        value={reason}
        onChange={setReason}
        error={missing && reason.trim() === '' ? say('original.reasonMissing') : undefined}
      />
      <div>
        <Button type="submit" blocked={busy ? say('approve.sending') : undefined}>
          {say('original.send')}
        </Button>
      </div>
    </Form>
  )
}

/** Yes, or no with a reason. As for files there is no sending by Enter. */
export function OriginalDecisionForm(props: {
  readonly number: string
  readonly onDecide: (decision: OriginalDecision['decision'], comment: string) => Promise<void>
}) {
  const [comment, setComment] = useState('')
  const [missing, setMissing] = useState(false)
  const [busy, setBusy] = useState(false)
  const blocked = busy ? say('approve.sending') : undefined
  const decide = async (choice: OriginalDecision['decision']): Promise<void> => {
    if (choice === 'return' && comment.trim() === '') return setMissing(true)
    setBusy(true)
    await props.onDecide(choice, comment.trim())
    setBusy(false)
  }
  return (
    <Form
      label={props.number}
      onSubmit={() => undefined}
      className="mt-3 flex max-w-2xl flex-col gap-3 screen-only"
    >
      <p className="text-dns-16N-130">{say('original.bound')}</p>
      <TextArea
        label={say('original.comment')}
        help={say('original.commentHelp')}
        name={`comment-${props.number}`}
        maxLength={MOST_LETTERS}
        value={comment}
        onChange={(text) => {
          setComment(text)
          setMissing(false)
        }}
        error={missing ? say('original.reasonMissing') : undefined}
      />
      <div className="flex flex-wrap gap-4">
        <Button blocked={blocked} onPress={() => void decide('approve')}>
          {say('original.approve')}
        </Button>
        <Button kind="second" blocked={blocked} onPress={() => void decide('return')}>
          {say('original.return')}
        </Button>
      </div>
    </Form>
  )
}
