import type { RoadmapState, TargetsPage } from '@sekisho/server/api'
import { useState } from 'react'
import { GivenTargetForm } from '../forms/given-target.tsx'
import type { Outcome } from '../line/call.ts'
import { useEvery, useLoad } from '../line/load.ts'
import { useMe } from '../line/me.ts'
import { go, usePlace, withQuery } from '../route.ts'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { More } from '../ui/more.tsx'
import { Cell, Table } from '../ui/table.tsx'
import { safeName } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { Trouble } from './refusal.tsx'
import { RoadmapView } from './roadmap-view.tsx'
import { SaveButtons } from './save-buttons.tsx'
import { Waiting } from './waiting.tsx'

/** 工程表: the way to another declaration, and what it takes. */
export function RoadmapPart() {
  const { query } = usePlace()
  const loaded = useLoad<TargetsPage>('/api/roadmap/targets')
  const { value } = loaded
  if (value === undefined) return <Waiting loaded={loaded} />
  const path = pathOf(query)
  return (
    <>
      <p className="screen-only">{say('roadmap.lead')}</p>
      <Pick key={path ?? ''} targets={value.targets} />
      {path !== undefined && <Computed key={path} path={path} />}
      <Given key={query.get('given') ?? ''} />
    </>
  )
}

/** Where the chosen way is asked for; `undefined` as long as none is chosen. */
function pathOf(query: URLSearchParams): string | undefined {
  const given = query.get('given') ?? ''
  if (given !== '') return `/api/roadmap/given/${encodeURIComponent(given)}`
  const [target, at] = [query.get('target') ?? '', query.get('at') ?? '']
  return target === ''
    ? undefined
    : `/api/roadmap?${new URLSearchParams({ target, at }).toString()}`
}

function Pick({ targets }: TargetsPage) {
  const place = usePlace()
  const given = place.query.get('given') ?? ''
  const current = given === '' ? (place.query.get('target') ?? '') : GIVEN
  const [chosen, choose] = useState(current)
  if (targets.length === 0 && given === '')
    return (
      <Banner tone="plain" title={say('roadmap.noTargets')}>
        {say('roadmap.noTargetsHow')}
      </Banner>
    )
  const options = [
    { value: '', label: say('roadmap.choose') },
    ...targets.map((target) => ({ value: target.id, label: targetLabel(target) })),
    ...(given === '' ? [] : [{ value: GIVEN, label: say('roadmap.optionGiven') }]),
  ]
  const label = options.find(({ value }) => value === current)?.label
  // Not at once when it is chosen: each stop of the arrow keys would begin a long computation.
  const see = (): void => {
    if (chosen !== '' && chosen !== GIVEN) go(withQuery(place, { target: chosen, given: '' }))
  }
  return (
    <>
      {current !== '' && label !== undefined && (
        <p className="paper-only">{say('roadmap.paperTarget', { target: label })}</p>
      )}
      <Form className="screen-only my-3 flex flex-wrap items-end gap-4" onSubmit={see}>
        <div className="w-full max-w-md">
          <Choice
            label={say('roadmap.target')}
            name="target"
            value={chosen}
            options={options}
            onChange={choose}
          />
        </div>
        <Button
          type="submit"
          kind={chosen === current ? 'second' : 'main'}
          blocked={chosen === '' ? say('roadmap.chooseFirst') : undefined}
        >
          {say('roadmap.see')}
        </Button>
      </Form>
    </>
  )
}

/** No folder is called so: a name cannot hold a slash. */
const GIVEN = '/'

/** A target by its model and the name of its folder. */
export function targetLabel({ id, model }: TargetsPage['targets'][number]): string {
  if (model === undefined) return say('roadmap.optionUnreadable', { id: safeName(id) })
  return say('roadmap.option', { model, id: safeName(id) })
}

/** How often a page asks whether the way is found, ms. */
const ASK_MS = 1000

function Computed({ path }: { readonly path: string }) {
  const loaded = useLoad<RoadmapState>(path)
  const { value, reload } = loaded
  if (value === undefined) return <Waiting loaded={loaded} word={say('roadmap.working')} />
  switch (value.state) {
    case 'working':
      return <Working seconds={value.seconds} onAsk={reload} />
    case 'unreadable':
      return <Problems problems={value.problems} />
    case 'stopped':
      return (
        <Banner tone="wait" title={say('roadmap.stopped')} live>
          <p>{say('roadmap.stoppedWhy')}</p>
          <p>{say('roadmap.stoppedCure')}</p>
        </Banner>
      )
    case 'done':
      return <RoadmapView page={value.page} save={<SaveWay id={value.id} />} />
  }
}

function SaveWay({ id }: Pick<RoadmapState, 'id'>) {
  const made = `/api/roadmap/made/${id}`
  return <SaveButtons query="" paths={{ excel: `${made}.xlsx`, pdf: `${made}.pdf` }} />
}

/** Read out once; the seconds are for the eye only. */
function Working(props: { readonly seconds: number; readonly onAsk: () => Promise<void> }) {
  useEvery(props.onAsk, ASK_MS)
  return (
    <div className="border-solid-gray-420 rounded-8 my-4 border p-4">
      <output className="text-std-17B-170 block">{say('roadmap.working')}</output>
      <p aria-hidden="true" className="tabular-nums">
        {say('roadmap.workingSince', { seconds: props.seconds })}
      </p>
      <p>{say('roadmap.workingLeave')}</p>
    </div>
  )
}

type Unreadable = Extract<RoadmapState, { state: 'unreadable' }>

const PROBLEM_HEADS = ['place', 'message', 'cure'] as const

/** What keeps files from being read, by place. */
export function Problems({ problems }: Pick<Unreadable, 'problems'>) {
  return (
    <>
      <Banner tone="bad" title={say('roadmap.unreadable', { count: problems.length })} live />
      <Table
        caption={say('roadmap.problems')}
        head={PROBLEM_HEADS.map((head) => say(`roadmap.problem.${head}`))}
      >
        {problems.map(({ file, line, path, message, cure = '' }) => (
          <tr key={`${file} ${line ?? ''} ${path} ${message}`}>
            <Cell narrow>
              {line === undefined
                ? say(`roadmap.file.${file}`)
                : say('roadmap.place', { file: say(`roadmap.file.${file}`), line })}
            </Cell>
            <Cell>{safeName(message)}</Cell>
            <Cell>{safeName(cure)}</Cell>
          </tr>
        ))}
      </Table>
    </>
  )
}

/** Only those who mend the town bring files; the server says the same. */
function Given() {
  const place = usePlace()
  const me = useMe()
  const [failure, setFailure] = useState<Extract<Outcome<unknown>, { ok: false }>>()
  if (!me.user.roles.includes('it-officer')) return null
  return (
    <section className="screen-only mt-6">
      <More word={say('roadmap.given')}>
        <GivenTargetForm
          at={place.query.get('at') ?? ''}
          onStarted={({ id }) => go(withQuery(place, { given: id, target: '' }))}
          onFailed={setFailure}
        />
        {failure !== undefined && failure.status !== 401 && (
          <Trouble failure={failure} what={say('roadmap.given.failed')} />
        )}
      </More>
    </section>
  )
}
