import type { CloudAlertView, CloudNote, CloudPage, Problem } from '@sekisho/server/api'
import { useState } from 'react'
import { call } from '../line/call.ts'
import { Badge } from '../ui/badge.tsx'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { Facts } from '../ui/facts.tsx'
import { TextArea } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { SafeName } from '../ui/safe-name.tsx'
import { When } from '../ui/when.tsx'
import { nameParts } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { Refusal, problemOf } from './refusal.tsx'
import { RuleId } from './rule-id.tsx'

const LETTERS = { least: 4, most: 500 }

/** What somebody has to look at: what, since when, what to do, and who may say that it was looked at. */
export function CloudAlerts(props: {
  readonly page: CloudPage
  readonly onDone: () => Promise<void>
}) {
  const { alerts, learning } = props.page
  const open = alerts.filter(({ noted }) => noted === undefined)
  const noted = alerts.filter((one) => one.noted !== undefined)
  return (
    <>
      {learning && <p>{say('cloud.learning')}</p>}
      {open.length === 0 ? (
        <Banner tone="good" title={say('cloud.quiet')} />
      ) : (
        <Section title={say('cloud.open')} alerts={open} onDone={props.onDone} />
      )}
      {noted.length > 0 && (
        <Section title={say('cloud.noted')} alerts={noted} onDone={props.onDone} />
      )}
    </>
  )
}

function Section(props: {
  readonly title: string
  readonly alerts: readonly CloudAlertView[]
  readonly onDone: () => Promise<void>
}) {
  return (
    <section aria-label={props.title} className="mt-4">
      <h2 className="text-std-20B-150 mb-2">{props.title}</h2>
      <ul className="grid gap-4">
        {props.alerts.map((alert) => (
          <Alert key={alert.id} alert={alert} onDone={props.onDone} />
        ))}
      </ul>
    </section>
  )
}

function Alert(props: { readonly alert: CloudAlertView; readonly onDone: () => Promise<void> }) {
  const { alert } = props
  const [problem, setProblem] = useState<Problem>()
  const note = async (reason: string): Promise<void> => {
    const body: CloudNote = { reason }
    const answer = await call('POST', `/api/cloud/alerts/${encodeURIComponent(alert.id)}`, body)
    setProblem(answer.ok ? undefined : problemOf(answer, say('frame.failedAction')))
    if (answer.ok) await props.onDone()
  }
  const done = alert.noted !== undefined
  return (
    <li className="border-solid-gray-420 rounded-12 border p-4">
      <div className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-1">
        <Badge tone={done ? 'good' : 'wait'} shape={done ? 'check' : 'hold'}>
          {alert.short}
        </Badge>
        <span>
          <When at={alert.since} />
        </span>
        <span className="text-mono-14N-150">{alert.id}</span>
        <RuleId id={alert.rule} />
      </div>
      <p className="mb-2">
        <SafeName parts={nameParts(alert.what)} running />
      </p>
      <Facts rows={factsOf(alert)} />
      {alert.mayNote && <NoteForm alert={alert} onNote={note} />}
      {problem !== undefined && <Refusal problem={problem} live />}
    </li>
  )
}

function factsOf({ why, cure, who, noted }: CloudAlertView) {
  return [
    { name: say('cloud.why'), value: why },
    { name: say('cloud.todo'), value: cure },
    ...(noted === undefined
      ? [{ name: say('cloud.who'), value: who }]
      : [
          {
            name: say('cloud.notedBy'),
            value: (
              <>
                <span className="name">{noted.by}</span>　<When at={noted.at} />
              </>
            ),
          },
          {
            name: say('cloud.notedText'),
            value: <SafeName parts={nameParts(noted.reason)} running />,
          },
        ]),
  ]
}

function NoteForm(props: {
  readonly alert: CloudAlertView
  readonly onNote: (reason: string) => Promise<void>
}) {
  const [reason, setReason] = useState('')
  const [short, setShort] = useState(false)
  const [busy, setBusy] = useState(false)
  const send = async (): Promise<void> => {
    const letters = [...reason.trim()].length
    if (letters < LETTERS.least || letters > LETTERS.most) return setShort(true)
    setBusy(true)
    await props.onNote(reason.trim())
    setBusy(false)
  }
  return (
    <Form
      label={say('cloud.noteOne', { name: props.alert.id })}
      onSubmit={() => undefined}
      className="mt-3 flex max-w-2xl flex-col gap-3 screen-only"
    >
      <TextArea
        label={say('cloud.note')}
        help={say('cloud.noteHelp')}
        name={`note-${props.alert.id}`}
        maxLength={LETTERS.most}
        value={reason}
        onChange={(text) => {
          setReason(text)
          setShort(false)
        }}
        error={short ? say('cloud.noteShort') : undefined}
      />
      <div>
        <Button
          label={say('cloud.noteOne', { name: props.alert.id })}
          blocked={busy ? say('approve.sending') : undefined}
          onPress={() => void send()}
        >
          {say('cloud.noteSend')}
        </Button>
      </div>
    </Form>
  )
}
