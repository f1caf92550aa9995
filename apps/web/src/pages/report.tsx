import type { ReportState, ReportWish, TargetsPage, TownCheck } from '@sekisho/server/api'
import { useState } from 'react'
import { call } from '../line/call.ts'
import type { Outcome } from '../line/call.ts'
import { useEvery, useLoad } from '../line/load.ts'
import { go, usePlace, withQuery } from '../route.ts'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { Digest } from '../ui/digest.tsx'
import { Choice, TextField } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { Progress } from '../ui/progress.tsx'
import { sizeText } from '../ui/size.ts'
import { Cell, Table } from '../ui/table.tsx'
import { shortDay } from '../ui/dates.ts'
import { say } from '../words/say.ts'
import { Refusal, Trouble } from './refusal.tsx'
import { Problems, targetLabel } from './roadmap.tsx'
import { SaveFile } from './save-file.tsx'
import { Waiting } from './waiting.tsx'

type Failure = Extract<Outcome<unknown>, { ok: false }>

/** 報告書一式: the set for a council or an auditor, made while one may leave. */
export function ReportPart() {
  const set = usePlace().query.get('set') ?? ''
  return (
    <>
      <p>{say('report.lead')}</p>
      <p>{say('report.same')}</p>
      <Wish />
      {set !== '' && <Made key={set} id={set} />}
    </>
  )
}

function Wish() {
  const { query } = usePlace()
  const asked = new URLSearchParams({
    at: query.get('at') ?? '',
    edition: query.get('edition') ?? '',
  }).toString()
  const check = useLoad<TownCheck>(`/api/check?${asked}`)
  const targets = useLoad<TargetsPage>('/api/roadmap/targets')
  const failure = check.failure ?? targets.failure
  const reload = async (): Promise<void> => {
    await Promise.all([check.reload(), targets.reload()])
  }
  if (check.value === undefined || targets.value === undefined)
    return <Waiting loaded={{ failure, reload }} />
  return <WishForm check={check.value} targets={targets.value.targets} />
}

function WishForm(props: { readonly check: TownCheck; readonly targets: TargetsPage['targets'] }) {
  const place = usePlace()
  const [at, setAt] = useState(props.check.at)
  const [edition, setEdition] = useState<string>(props.check.edition)
  const [target, setTarget] = useState('')
  const [failure, setFailure] = useState<Failure>()
  const [busy, setBusy] = useState(false)
  const make = async (): Promise<void> => {
    setBusy(true)
    setFailure(undefined)
    const wish = { at, edition, ...(target !== '' && { target }) } as ReportWish
    const result = await call<ReportState>('POST', '/api/report', wish)
    setBusy(false)
    if (result.ok) go(withQuery(place, { set: result.value.id }))
    else if (result.status !== 401) setFailure(result)
  }
  const options = [
    { value: '', label: say('report.targetNone') },
    ...props.targets.map((one) => ({ value: one.id, label: targetLabel(one) })),
  ]
  return (
    <>
      <Form
        className="screen-only my-3 flex flex-wrap items-end gap-4"
        onSubmit={() => void make()}
      >
        <TextField label={say('check.at')} name="at" type="date" value={at} onChange={setAt} />
        <Choice
          label={say('check.edition')}
          name="edition"
          value={edition}
          options={props.check.editions.map((one) => ({ value: one, label: one }))}
          onChange={setEdition}
        />
        {props.targets.length > 0 && (
          <div className="w-full max-w-md">
            <Choice
              label={say('report.target')}
              name="target"
              help={say('report.targetHelp')}
              value={target}
              options={options}
              onChange={setTarget}
            />
          </div>
        )}
        <Button type="submit" blocked={busy ? say('report.working') : undefined}>
          {say('report.make')}
        </Button>
      </Form>
      {failure !== undefined && <Trouble failure={failure} what={say('report.failed')} />}
    </>
  )
}

/** How often a page asks whether the set is made, ms. */
const ASK_MS = 1000

function Made({ id }: { readonly id: string }) {
  const loaded = useLoad<ReportState>(`/api/report/${encodeURIComponent(id)}`)
  const { value, reload } = loaded
  if (value === undefined) return <Waiting loaded={loaded} />
  switch (value.state) {
    case 'working':
      return <Working state={value} onAsk={reload} />
    case 'unreadable':
      return <Problems problems={value.problems} />
    case 'no-font':
      return <Refusal problem={value.problem} live />
    case 'stopped':
      return (
        <Banner tone="wait" title={say('report.stopped')} live>
          <p>{say('report.stoppedCure')}</p>
        </Banner>
      )
    case 'done':
      return <Done state={value} />
  }
}

type Of<State extends ReportState['state']> = Extract<ReportState, { state: State }>

/** Read out once; counts and seconds are for the eye only. */
function Working(props: { readonly state: Of<'working'>; readonly onAsk: () => Promise<void> }) {
  const { progress, seconds, target } = props.state
  useEvery(props.onAsk, ASK_MS)
  return (
    <div className="border-solid-gray-420 rounded-8 my-4 border p-4">
      <output className="text-std-17B-170 block">{say('report.working')}</output>
      {progress === undefined
        ? target !== undefined && <p>{say('report.workingWay')}</p>
        : progress.all > 0 && (
            <>
              <Progress
                label={say('report.working')}
                percent={Math.floor((100 * progress.done) / progress.all)}
              />
              <p aria-hidden="true">{say('report.workingCount', { ...progress })}</p>
            </>
          )}
      <p aria-hidden="true" className="tabular-nums">
        {say('roadmap.workingSince', { seconds })}
      </p>
      <p>{say('roadmap.workingLeave')}</p>
    </div>
  )
}

const HEADS = ['name', 'about', 'size', 'sha256'] as const

function Done({ state }: { readonly state: Of<'done'> }) {
  const { id, at, edition, findings, way, files, list, zip } = state
  return (
    <section aria-labelledby="set">
      <h2 id="set" className="text-std-20B-160 mt-4 mb-1" aria-live="polite">
        {say('report.done')}
      </h2>
      <p>{say('report.doneAbout', { day: shortDay(at), edition, count: findings })}</p>
      {way !== undefined && <p>{say('report.way', { way })}</p>}
      <div className="my-3">
        <SaveFile kind="main" path={`/api/report/${id}.zip`}>
          {say('report.save', { size: sizeText(zip.size) })}
        </SaveFile>
      </div>
      <Table caption={say('report.files')} head={HEADS.map((head) => say(`report.head.${head}`))}>
        {files.map(({ name, about, size, sha256 }) => (
          <tr key={name}>
            <Cell narrow>{name}</Cell>
            <Cell>{about}</Cell>
            <Cell narrow>{sizeText(size)}</Cell>
            <Cell>
              <Digest>{sha256}</Digest>
            </Cell>
          </tr>
        ))}
      </Table>
      <p className="mt-2">{say('report.list', { list })}</p>
      <p>
        {say('report.zip')}
        <Digest>{zip.sha256}</Digest>
      </p>
      <p>{say('report.kept')}</p>
    </section>
  )
}
