import type { DecisionRow, NewDecision } from '@sekisho/server/api'
import type { Form as QuestionForm } from '@sekisho/core'
import { useState } from 'react'
import { call } from '../line/call.ts'
import type { Outcome } from '../line/call.ts'
import { Trouble } from '../pages/refusal.tsx'
import { Button } from '../ui/button.tsx'
import { TextArea, TextField } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { say } from '../words/say.ts'
import type { Applied } from './applied.ts'
import type { Given } from './facts.tsx'

/** Keeps an answer in the log: what it is about, and why it takes the place of an earlier one. */
export function RecordForm(props: {
  readonly form: QuestionForm
  readonly given: Given
  readonly before: DecisionRow | undefined
  /** What is already written in, for somebody who came from a page of the gate. */
  readonly applied?: Applied | undefined
  readonly onSaved: (row: DecisionRow) => void
}) {
  const { form, given, before, applied } = props
  const [subject, setSubject] = useState(before?.subject ?? applied?.subject ?? '')
  const [reason, setReason] = useState(applied?.because ?? '')
  const [missing, setMissing] = useState(false)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Extract<Outcome<unknown>, { ok: false }>>()
  // A second press of the same button is the same decision.
  const [idempotencyKey] = useState(() => crypto.randomUUID())
  const needsReason = before !== undefined
  const save = async (): Promise<void> => {
    if (subject.trim() === '' || (needsReason && reason.trim() === '')) return setMissing(true)
    setBusy(true)
    const outcome = await call<DecisionRow>('POST', '/api/decisions', {
      idempotencyKey,
      question: form.question,
      subject: subject.trim(),
      facts: given,
      reason: reason.trim(),
      ...(before === undefined ? {} : { supersedes: before.number }),
    } satisfies NewDecision)
    setBusy(false)
    if (outcome.ok) return props.onSaved(outcome.value)
    return setFailure(outcome)
  }
  return (
    <section
      aria-labelledby="record"
      className="border-solid-gray-420 rounded-12 screen-only my-6 border p-4"
    >
      <h2 id="record" className="text-std-20B-160 mb-2">
        {say('decide.record')}
      </h2>
      <Form className="flex flex-col gap-4" onSubmit={() => void save()}>
        <TextField
          label={say('decide.subject')}
          mark={say('frame.required')}
          help={say('decide.subjectHelp')}
          error={missing && subject.trim() === '' ? say('decide.subjectMissing') : undefined}
          name="subject"
          maxLength={200}
          value={subject}
          onChange={setSubject}
        />
        <TextArea
          label={say(needsReason ? 'decide.becauseNeeded' : 'decide.because')}
          {...(needsReason ? { mark: say('frame.required') } : {})}
          help={say('decide.becauseHelp')}
          error={
            missing && needsReason && reason.trim() === ''
              ? say('decide.becauseMissing')
              : undefined
          }
          name="reason"
          maxLength={1000}
          value={reason}
          onChange={setReason}
        />
        {failure !== undefined && <Trouble failure={failure} what={say('decide.saveFailed')} />}
        <p>
          <Button type="submit" blocked={busy ? say('decide.answering') : undefined}>
            {say('decide.save')}
          </Button>
        </p>
      </Form>
    </section>
  )
}
