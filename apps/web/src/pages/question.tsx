import type { DecisionAnswer, DecisionRow, Form } from '@sekisho/server/api'
import { useRef, useState } from 'react'
import { call } from '../line/call.ts'
import type { Outcome } from '../line/call.ts'
import { useLoad } from '../line/load.ts'
import { useMe } from '../line/me.ts'
import { FactsForm, firstMissing } from '../forms/facts.tsx'
import type { Given } from '../forms/facts.tsx'
import { appliedFor } from '../forms/applied.ts'
import type { Applied } from '../forms/applied.ts'
import { RecordForm } from '../forms/record-decision.tsx'
import { go, usePlace } from '../route.ts'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { safeName } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { AnswerView } from './answer-view.tsx'
import { DeclarationPart } from './declaration-part.tsx'
import { Trouble } from './refusal.tsx'
import { Waiting } from './waiting.tsx'

/** One question: its facts, its answer, and the record of it. */
export function QuestionPage({ name }: { readonly name: string }) {
  const { query } = usePlace()
  const { user } = useMe()
  const from = query.get('from')
  const form = useLoad<Form>(`/api/questions/${name}`)
  const before = useLoad<DecisionRow>(
    from === null ? '/api/questions' : `/api/decisions/${encodeURIComponent(from)}`,
  )
  const failure = form.failure ?? (from === null ? undefined : before.failure)
  if (form.value === undefined || (from !== null && before.value === undefined))
    return <Waiting loaded={{ failure, reload: form.reload }} />
  const earlier = from === null ? undefined : before.value
  const applied = earlier ? undefined : appliedFor(form.value, query, user.department)
  return (
    <>
      <Asking form={form.value} before={earlier} applied={applied} />
      {earlier && <DeclarationPart row={earlier} />}
    </>
  )
}

type Failure = Extract<Outcome<unknown>, { ok: false }>

function Asking({
  form,
  before,
  applied,
}: {
  readonly form: Form
  readonly before: DecisionRow | undefined
  readonly applied: Applied | undefined
}) {
  const [given, setGiven] = useState<Given>(
    before === undefined ? (applied?.given ?? {}) : askedOf(form, before.facts),
  )
  const [shown, setShown] = useState<{ readonly given: Given; readonly said: DecisionAnswer }>()
  const [failure, setFailure] = useState<Failure>()
  const [missing, setMissing] = useState(false)
  const [busy, setBusy] = useState(false)
  const result = useRef<HTMLDivElement>(null)
  const answer = async (): Promise<void> => {
    if (firstMissing(form, given) !== undefined) return setMissing(true)
    setMissing(false)
    setBusy(true)
    const path = `/api/questions/${form.question}/answer`
    const said = await call<DecisionAnswer>('POST', path, { facts: given })
    setBusy(false)
    setFailure(said.ok ? undefined : said)
    if (said.ok) setShown({ given, said: said.value })
    requestAnimationFrame(() => result.current?.focus())
  }
  const current = shown?.given === given ? shown.said : undefined
  return (
    <>
      <h2 className="text-std-20B-160 mb-1">{form.title}</h2>
      <p>{form.lead}</p>
      {before !== undefined && (
        <Banner
          tone="plain"
          title={say('decide.replacing', {
            number: before.number,
            subject: safeName(before.subject),
          })}
        />
      )}
      {applied !== undefined && (
        <Banner tone="plain" title={say('decide.applied')}>
          <p>{applied.subject}</p>
          <p>{say('decide.appliedLead')}</p>
        </Banner>
      )}
      <Examples form={form} onChoose={setGiven} />
      <FactsForm
        form={form}
        given={given}
        showMissing={missing}
        busy={busy}
        onChange={setGiven}
        onAnswer={() => void answer()}
      />
      <div ref={result} tabIndex={-1} aria-live="polite">
        {failure !== undefined && <Trouble failure={failure} what={say('decide.failed')} />}
        {shown !== undefined && current === undefined && (
          <Banner tone="wait" title={say('decide.changed')} />
        )}
        {current !== undefined && (
          <>
            <AnswerView said={current} />
            <p className="screen-only my-3">
              <Button kind="second" onPress={() => print()}>
                {say('decide.print')}
              </Button>
            </p>
          </>
        )}
      </div>
      {current !== undefined && (
        <RecordForm
          form={form}
          given={given}
          before={before}
          applied={applied}
          onSaved={({ number }) => go(`/decide?saved=${number}`)}
        />
      )}
    </>
  )
}

/** Of the facts of a decision, those that the form asks; what was found or belongs to the town is found again. */
function askedOf(form: Form, facts: DecisionRow['facts']): Given {
  return Object.fromEntries(
    form.facts.flatMap(({ name }) => {
      const value = facts[name]
      return value === undefined ? [] : [[name, value] as const]
    }),
  )
}

function Examples(props: { readonly form: Form; readonly onChoose: (given: Given) => void }) {
  const { form, onChoose } = props
  return (
    <details className="border-solid-gray-420 rounded-8 screen-only my-4 border p-3">
      <summary className="text-std-16B-170 target cursor-pointer">{say('decide.examples')}</summary>
      <p>{say('decide.examplesLead')}</p>
      <ul className="mt-2 grid gap-2">
        {form.examples.map(({ title, note, facts }) => (
          <li key={title} className="flex flex-wrap items-center gap-x-4 gap-y-1">
            <Button
              kind="second"
              small
              label={say('decide.example', { title })}
              onPress={() => onChoose(facts as Given)}
            >
              {title}
            </Button>
            <span>{note}</span>
          </li>
        ))}
      </ul>
    </details>
  )
}
