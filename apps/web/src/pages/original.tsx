import type {
  Me,
  NewOriginalRequest,
  OriginalDecision,
  OriginalRequestView,
  Problem,
} from '@sekisho/server/api'
import { useState } from 'react'
import { OriginalDecisionForm, OriginalRequestForm } from '../forms/original.tsx'
import { call } from '../line/call.ts'
import { useLoad } from '../line/load.ts'
import { save } from '../line/save.ts'
import { Badge } from '../ui/badge.tsx'
import type { Tone } from '../ui/badge.tsx'
import { Banner } from '../ui/banner.tsx'
import { Button } from '../ui/button.tsx'
import { Digest } from '../ui/digest.tsx'
import { Facts } from '../ui/facts.tsx'
import type { Shape } from '../ui/icon.tsx'
import { SafeName } from '../ui/safe-name.tsx'
import { sizeText } from '../ui/size.ts'
import { When } from '../ui/when.tsx'
import { nameParts } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { Refusal, problemOf } from './refusal.tsx'
import { Waiting } from './waiting.tsx'

const EVERY_MS = 10_000

interface Requests {
  readonly requests: readonly OriginalRequestView[]
}

/** 原本を見る: whose mail it was asks, another person decides, then it can be taken once. On the low side alone. */
export function OriginalPage({ me }: { readonly me: Me }) {
  const loaded = useLoad<Requests>('/api/originals', EVERY_MS)
  const [problem, setProblem] = useState<Problem>()
  const [asked, setAsked] = useState(false)
  const ask = async (wish: NewOriginalRequest): Promise<boolean> => {
    const answer = await call<OriginalRequestView>('POST', '/api/originals', wish)
    setProblem(answer.ok ? undefined : problemOf(answer, say('frame.failedAction')))
    setAsked(answer.ok)
    if (answer.ok) await loaded.reload()
    return answer.ok
  }
  const requests = loaded.value?.requests ?? []
  const mine = requests.filter((one) => one.mine)
  const toDecide = requests.filter((one) => one.mayDecide)
  const others = requests.filter((one) => !one.mine && !one.mayDecide)
  return (
    <>
      <p>{say('original.lead', { from: me.zone })}</p>
      <Banner tone="wait" title={say('original.danger')} />
      <OriginalRequestForm onAsk={ask} />
      {asked && <Banner tone="good" title={say('original.asked')} live />}
      {problem !== undefined && <Refusal problem={problem} live />}
      {loaded.value === undefined ? (
        <Waiting loaded={loaded} />
      ) : (
        <>
          <Section
            id="toDecide"
            title={say('original.toDecide')}
            requests={toDecide}
            onDone={loaded.reload}
          />
          <Section id="mine" title={say('original.mine')} requests={mine} onDone={loaded.reload} />
          {mine.length === 0 && <p>{say('original.mineNone')}</p>}
          <Section
            id="others"
            title={say('original.others')}
            requests={others}
            onDone={loaded.reload}
          />
        </>
      )}
    </>
  )
}

function Section(props: {
  readonly id: string
  readonly title: string
  readonly requests: readonly OriginalRequestView[]
  readonly onDone: () => Promise<void>
}) {
  const { id, title, requests, onDone } = props
  if (requests.length === 0) return null
  return (
    <section aria-labelledby={id} className="mt-6">
      <h2 id={id} className="text-std-20B-150 mb-2">
        {title}
      </h2>
      <ul className="grid gap-4">
        {requests.map((one) => (
          <Request key={one.id} request={one} onDone={onDone} />
        ))}
      </ul>
    </section>
  )
}

function Request(props: {
  readonly request: OriginalRequestView
  readonly onDone: () => Promise<void>
}) {
  const { request, onDone } = props
  const [problem, setProblem] = useState<Problem>()
  const path = `/api/originals/${encodeURIComponent(request.id)}`
  const { tone, shape } = LOOKS[request.state]
  // What is decided is exactly what is shown: digest and reason go back with the decision.
  const decide = async (choice: OriginalDecision['decision'], comment: string): Promise<void> => {
    const { sha256, reason } = request
    const decision: OriginalDecision = { decision: choice, sha256, reason, comment }
    const answer = await call<OriginalRequestView>('POST', `${path}/decision`, decision)
    setProblem(answer.ok ? undefined : problemOf(answer, say('frame.failedAction')))
    await onDone()
  }
  const take = async (): Promise<void> => {
    const answer = await save(`${path}/file`, 'POST')
    setProblem(answer.ok ? undefined : problemOf(answer, say('frame.failedAction')))
    await onDone()
  }
  return (
    <li className="border-solid-gray-420 rounded-12 border p-4" data-state={request.state}>
      <div className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-1">
        <h3 className="text-std-17B-170">{request.number}</h3>
        <Badge tone={tone} shape={shape}>
          {say(`original.state.${request.state}`)}
        </Badge>
      </div>
      <Facts rows={factsOf(request)} />
      {request.gone && <p className="mt-2">{say('original.gone')}</p>}
      {request.mine && request.state === 'approved' && (
        <Take number={request.number} onTake={take} />
      )}
      {request.mayDecide && <OriginalDecisionForm number={request.number} onDecide={decide} />}
      {problem !== undefined && <Refusal problem={problem} live />}
    </li>
  )
}

function Take(props: { readonly number: string; readonly onTake: () => Promise<void> }) {
  const [busy, setBusy] = useState(false)
  const once = async (): Promise<void> => {
    setBusy(true)
    await props.onTake()
    setBusy(false)
  }
  return (
    <div className="mt-3 flex flex-wrap items-center gap-3 screen-only">
      <Button
        label={say('original.takeOne', { number: props.number })}
        blocked={busy ? say('original.taking') : undefined}
        onPress={() => void once()}
      >
        {say('original.take')}
      </Button>
      <span>{say('original.takeOnce')}</span>
    </div>
  )
}

const LOOKS: Readonly<
  Record<OriginalRequestView['state'], { readonly tone: Tone; readonly shape: Shape }>
> = {
  waiting: { tone: 'wait', shape: 'hold' },
  approved: { tone: 'good', shape: 'check' },
  returned: { tone: 'bad', shape: 'stop' },
  taken: { tone: 'plain', shape: 'ended' },
  lapsed: { tone: 'plain', shape: 'ended' },
}

function factsOf(request: OriginalRequestView) {
  const word = (text: string) => <SafeName parts={nameParts(text)} />
  const { state, keptUntil } = request
  const limit = { waiting: 'original.decideBy', approved: 'original.takeBy' } as const
  return [
    {
      name: say('original.who'),
      value: say('original.whoValue', { name: request.person, department: request.department }),
    },
    { name: say('original.reason'), value: word(request.reason) },
    { name: say('original.from'), value: word(request.from || say('mail.noFrom')) },
    { name: say('mail.to'), value: word(request.to.join('、')) },
    { name: say('mail.received'), value: <When at={request.receivedAt} full /> },
    { name: say('original.size'), value: sizeText(request.size) },
    { name: say('mail.sha'), value: <Digest>{request.sha256}</Digest> },
    ...(state === 'waiting' || state === 'approved'
      ? [{ name: say(limit[state]), value: <When at={request.until} full /> }]
      : []),
    ...(request.decidedBy === ''
      ? []
      : [
          {
            name: say('original.decidedBy'),
            value: <span className="name">{request.decidedBy}</span>,
          },
        ]),
    ...(request.comment === ''
      ? []
      : [{ name: say('original.comment'), value: word(request.comment) }]),
    ...(keptUntil === undefined || request.gone
      ? []
      : [{ name: say('original.kept'), value: <When at={keptUntil} full /> }]),
  ]
}
