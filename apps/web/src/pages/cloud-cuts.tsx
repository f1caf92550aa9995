import type { CloudCuts, NewCloudCut } from '@sekisho/server/api'
import { useState } from 'react'
import { call } from '../line/call.ts'
import type { Outcome } from '../line/call.ts'
import { useLoad } from '../line/load.ts'
import { go, usePlace, withQuery } from '../route.ts'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { Choice, TextArea, TextField } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { safeName } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { Trouble } from './refusal.tsx'
import { Waiting } from './waiting.tsx'

type Service = CloudCuts['services'][number]

/** 急いで止める: one service of the cloud gate, with what stops with it, and back again. */
export function CloudCutsPage() {
  const place = usePlace()
  const chosen = place.query.get('service') ?? ''
  const asked = chosen === '' ? '' : `?${new URLSearchParams({ service: chosen }).toString()}`
  const loaded = useLoad<CloudCuts>(`/api/cloud-cuts${asked}`)
  const { value } = loaded
  if (value === undefined) return <Waiting loaded={loaded} />
  const service = value.services.find((one) => one.service === chosen)
  return (
    <>
      <p>{say('cloudCuts.lead')}</p>
      <div className="my-4 max-w-2xl">
        <Choice
          label={say('cloudCuts.service')}
          name="service"
          value={service?.service ?? ''}
          options={[
            { value: '', label: say('cloudCuts.choose') },
            ...value.services.map((one) => ({ value: one.service, label: labelOf(one) })),
          ]}
          onChange={(next) => go(withQuery(place, { service: next }), { replace: true })}
        />
      </div>
      {service !== undefined && <Impact service={service} impact={value.impact} />}
      {service !== undefined && (
        <CutForm
          key={`${service.service} ${service.cut === undefined}`}
          service={service}
          onDone={loaded.reload}
        />
      )}
    </>
  )
}

const labelOf = ({ name, cut }: Service): string =>
  cut === undefined ? safeName(name) : say('cloudCuts.option', { name: safeName(name) })

function Impact({
  service,
  impact,
}: {
  readonly service: Service
  readonly impact: CloudCuts['impact']
}) {
  const { name, cut } = service
  const lines = impact?.lines ?? []
  return (
    <section aria-labelledby="stops" aria-live="polite">
      {cut !== undefined && (
        <Banner
          tone="bad"
          title={say('cloudCuts.now', { by: safeName(cut.by), reason: safeName(cut.reason) })}
        />
      )}
      <h2 id="stops" className="text-std-20B-160 mb-2">
        {say('cloudCuts.stops', { name: safeName(name), count: lines.length })}
      </h2>
      {lines.length === 0 && <p>{say('cloudCuts.stopsNone')}</p>}
      <ul className="list-disc pl-6">
        {lines.map(({ kind, id, sentence }) => (
          <li key={`${kind} ${id}`}>{safeName(sentence)}</li>
        ))}
      </ul>
    </section>
  )
}

function CutForm(props: { readonly service: Service; readonly onDone: () => Promise<void> }) {
  const { service, name, cut } = props.service
  const open = cut !== undefined
  const [reason, setReason] = useState('')
  const [typed, setTyped] = useState('')
  const [done, setDone] = useState(false)
  const [failure, setFailure] = useState<Extract<Outcome<unknown>, { ok: false }>>()
  const send = async (): Promise<void> => {
    const body: NewCloudCut = { service, open, typed: typed.trim(), reason: reason.trim() }
    const outcome = await call<CloudCuts>('POST', '/api/cloud-cuts', body)
    setFailure(outcome.ok ? undefined : outcome)
    setDone(outcome.ok)
    if (outcome.ok) await props.onDone()
  }
  return (
    <Form className="my-6 flex max-w-2xl flex-col gap-4 screen-only" onSubmit={() => undefined}>
      <TextArea
        label={say('cloudCuts.reason')}
        mark={say('frame.required')}
        help={say('cloudCuts.reasonHelp')}
        name="reason"
        maxLength={500}
        value={reason}
        onChange={setReason}
      />
      <TextField
        label={say('cloudCuts.typed')}
        mark={say('frame.required')}
        help={say('cloudCuts.typedHelp', { name: safeName(name) })}
        name="typed"
        value={typed}
        onChange={setTyped}
      />
      {failure !== undefined && <Trouble failure={failure} what={say('cloudCuts.failed')} />}
      {done && (
        <Banner
          tone="good"
          live
          title={say(open ? 'cloudCuts.opened' : 'cloudCuts.done', { name: safeName(name) })}
        />
      )}
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Button blocked={blockedBy(reason, typed, name)} onPress={() => void send()}>
          {say(open ? 'cloudCuts.open' : 'cloudCuts.cut')}
        </Button>
      </p>
    </Form>
  )
}

function blockedBy(reason: string, typed: string, name: string): string | undefined {
  if (reason.trim() === '') return say('cloudCuts.blockedReason')
  return typed.trim() === name ? undefined : say('cloudCuts.blockedTyped')
}
