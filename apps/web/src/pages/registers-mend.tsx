import type { Finding, ImportState } from '@sekisho/server/api'
import { useState } from 'react'
import { GivenWorkbookForm } from '../forms/given-workbook.tsx'
import type { Outcome } from '../line/call.ts'
import { useEvery, useLoad } from '../line/load.ts'
import { useMe } from '../line/me.ts'
import { go, usePlace, withQuery } from '../route.ts'
import { Banner } from '../ui/banner.tsx'
import { Cell, Table } from '../ui/table.tsx'
import { safeName } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { Trouble } from './refusal.tsx'
import { RuleId } from './rule-id.tsx'
import { SaveFile } from './save-file.tsx'
import { Waiting } from './waiting.tsx'

/** Excelで直す: out, mended, in, and what it would change. The declaration in force is not written. */
export function MendPart() {
  const place = usePlace()
  const me = useMe()
  const given = place.query.get('import') ?? ''
  const [failure, setFailure] = useState<Extract<Outcome<unknown>, { ok: false }>>()
  return (
    <>
      <p>{say('registers.mendLead')}</p>
      <p className="text-std-16B-170">{say('registers.mendSafe')}</p>
      <section className="screen-only" aria-label={say('registers.tab.mend')}>
        <ul className="my-3 grid gap-1">
          {(['take', 'mend', 'give'] as const).map((step) => (
            <li key={step}>{say(`registers.step.${step}`)}</li>
          ))}
        </ul>
        <div className="my-3 flex flex-wrap gap-3">
          <SaveFile path="/api/registers/export.xlsx">{say('registers.takeNow')}</SaveFile>
          <SaveFile path="/api/registers/template.xlsx">{say('registers.takeTemplate')}</SaveFile>
        </div>
        {me.user.roles.includes('it-officer') ? (
          <GivenWorkbookForm
            key={given}
            onStarted={({ id }) => {
              setFailure(undefined)
              go(withQuery(place, { import: id }))
            }}
            onFailed={setFailure}
          />
        ) : (
          <p>{say('registers.onlyOfficer')}</p>
        )}
        {failure !== undefined && failure.status !== 401 && (
          <Trouble failure={failure} what={say('registers.giveFailed')} />
        )}
      </section>
      {given !== '' && <Given key={`import ${given}`} id={given} />}
    </>
  )
}

/** How often a page asks whether the workbook is read, ms. */
const ASK_MS = 1000

function Given({ id }: { readonly id: string }) {
  const loaded = useLoad<ImportState>(`/api/registers/import/${encodeURIComponent(id)}`)
  const { value, reload } = loaded
  if (value === undefined) return <Waiting loaded={loaded} word={say('registers.working')} />
  switch (value.state) {
    case 'working':
      return <Working seconds={value.seconds} onAsk={reload} />
    case 'stopped':
      return (
        <Banner tone="wait" title={say('registers.stopped')} live>
          <p>{say('registers.stoppedCure')}</p>
        </Banner>
      )
    case 'problems':
      return <Problems state={value} />
    case 'preview':
      return <Preview state={value} />
  }
}

/** Read out once; the seconds are for the eye only. */
function Working(props: { readonly seconds: number; readonly onAsk: () => Promise<void> }) {
  useEvery(props.onAsk, ASK_MS)
  return (
    <div className="border-solid-gray-420 rounded-8 my-4 border p-4">
      <output className="text-std-17B-170 block">{say('registers.working')}</output>
      <p aria-hidden="true" className="tabular-nums">
        {say('roadmap.workingSince', { seconds: props.seconds })}
      </p>
      <p>{say('roadmap.workingLeave')}</p>
    </div>
  )
}

type Of<State extends ImportState['state']> = {
  readonly state: Extract<ImportState, { state: State }>
}

const PROBLEM_HEADS = ['place', 'message', 'cure'] as const

function Problems({ state: { name, problems } }: Of<'problems'>) {
  const title = say('registers.problems', { name: safeName(name), count: problems.length })
  return (
    <>
      <Banner tone="bad" title={title} live />
      <Table
        caption={say('registers.problemsTable')}
        head={PROBLEM_HEADS.map((head) => say(`registers.head.${head}`))}
      >
        {problems.map(({ place, message, cure, reason }) => (
          <tr key={`${place} ${reason} ${message}`}>
            <Cell>{safeName(place)}</Cell>
            <Cell>{safeName(message)}</Cell>
            <Cell>
              {safeName(cure)}
              <p className="text-mono-14N-150">{reason}</p>
            </Cell>
          </tr>
        ))}
      </Table>
    </>
  )
}

const CHANGE_HEADS = ['effect', 'message', 'place'] as const

function Preview({ state }: Of<'preview'>) {
  const { id, counts, changes, more, crossings, appear, vanish, notices } = state
  const name = safeName(state.name)
  if (changes.length === 0)
    return (
      <>
        <Banner tone="good" title={say('registers.same', { name })} live />
        <Sentences title="notices" sentences={notices} />
      </>
    )
  return (
    <section aria-labelledby="preview">
      <h2 id="preview" className="text-std-20B-160 mt-4">
        {say('registers.preview', { name })}
      </h2>
      <p aria-live="polite">{say('registers.previewCount', { ...counts })}</p>
      <Table
        caption={say('registers.changes')}
        head={CHANGE_HEADS.map((head) => say(`registers.head.${head}`))}
      >
        {changes.map(({ effect, sentence, place = '' }) => (
          <tr key={`${effect} ${place} ${sentence}`}>
            <Cell narrow>{say(`registers.effect.${effect}`)}</Cell>
            <Cell>{safeName(sentence)}</Cell>
            <Cell narrow>{safeName(place)}</Cell>
          </tr>
        ))}
      </Table>
      {more > 0 && <p>{say('registers.more', { count: more })}</p>}
      <Sentences title="crossings" sentences={crossings} />
      <Findings title="appear" findings={appear} />
      <Findings title="vanish" findings={vanish} />
      {notices.length > 0 && <Sentences title="notices" sentences={notices} />}
      <Next id={id} />
    </section>
  )
}

function Sentences(props: {
  readonly title: 'crossings' | 'notices'
  readonly sentences: readonly string[]
}) {
  return (
    <>
      <h3 className="text-std-17B-170 mt-4">{say(`registers.${props.title}`)}</h3>
      {props.sentences.length === 0 && <p>{say('registers.nothing')}</p>}
      <ul className="list-disc pl-6">
        {props.sentences.map((sentence) => (
          <li key={sentence}>{safeName(sentence)}</li>
        ))}
      </ul>
    </>
  )
}

function Findings(props: {
  readonly title: 'appear' | 'vanish'
  readonly findings: readonly Finding[]
}) {
  return (
    <>
      <h3 className="text-std-17B-170 mt-4">{say(`registers.${props.title}`)}</h3>
      {props.findings.length === 0 && <p>{say('registers.nothing')}</p>}
      <ul className="list-disc pl-6">
        {props.findings.map(({ rule, message, cure, path }) => (
          <li key={`${rule} ${path ?? ''} ${message}`}>
            <RuleId id={rule} />{' '}
            {props.title === 'vanish'
              ? safeName(message)
              : say('registers.finding', {
                  message: safeName(message),
                  cure: safeName(cure.sentence),
                })}
          </li>
        ))}
      </ul>
    </>
  )
}

/** What is left to do by hand: a page that could put a declaration in force would be one more way for an attacker. */
function Next({ id }: { readonly id: string }) {
  return (
    <>
      <h3 className="text-std-17B-170 mt-4">{say('registers.next.title')}</h3>
      <p className="text-std-16B-170">{say('registers.mendSafe')}</p>
      <ul className="mb-3 list-disc pl-6">
        {(['save', 'apply', 'check', 'force'] as const).map((step) => (
          <li key={step}>{say(`registers.next.${step}`)}</li>
        ))}
      </ul>
      <SaveFile kind="main" path={`/api/registers/import/${id}.yaml`}>
        {say('registers.yaml')}
      </SaveFile>
    </>
  )
}
