import type { RoadmapPage } from '@sekisho/server/api'
import type { ReactNode } from 'react'
import { Banner } from '../ui/banner.tsx'
import type { Tone } from '../ui/badge.tsx'
import { say } from '../words/say.ts'
import { Costs } from './roadmap-cost.tsx'
import { Laws, Steps, Years } from './roadmap-steps.tsx'
import { shortDay } from '../ui/dates.ts'
import { minutesText, withDays } from './roadmap-texts.ts'

/** What one way takes, the answer first: when, at what cost; then year by year and step by step. */
export function RoadmapView(props: {
  readonly page: RoadmapPage
  /** Buttons that take it along; above the steps, which may be many. */
  readonly save: ReactNode
}) {
  const { page } = props
  const { today, target, steps, cost } = page
  return (
    <section aria-labelledby="way">
      <h2 id="way" className="text-std-20B-160 mt-4">
        {say('roadmap.title', { from: today.model, to: target.model })}
      </h2>
      {[...new Set([today.model, target.model])].map((model) => (
        <p key={model} className="text-dns-14N-130">
          {say(`roadmap.model.${model}`)}
        </p>
      ))}
      <Result page={page} />
      {steps.length > 0 && <Answers page={page} />}
      {props.save}
      {steps.length > 0 && (
        <>
          <Laws steps={steps} />
          <Years steps={steps} />
        </>
      )}
      {cost !== undefined && <Costs cost={cost} />}
      {steps.length > 0 && <Steps page={page} />}
    </section>
  )
}

const TONES: Readonly<Record<RoadmapPage['outcome'], Tone>> = {
  found: 'good',
  late: 'wait',
  none: 'bad',
  undecided: 'wait',
}

function Result({ page }: { readonly page: RoadmapPage }) {
  const { outcome, checks, conflicts, lateForCertain, blocks, steps } = page
  const end = steps.at(-1)
  if (outcome === 'found' && end === undefined)
    return <Banner tone="good" title={say('roadmap.outcome.nothing')} live />
  const title = say(`roadmap.outcome.${outcome}`, { end: end ? shortDay(end.day) : '' })
  const kept = conflicts.filter(({ kind }) => kind === 'open')
  const missed = conflicts.filter(({ kind }) => kind !== 'open')
  return (
    <Banner tone={TONES[outcome]} title={title} live>
      <p>{say(`roadmap.checked.${outcome}`, { checks })}</p>
      <Sentences all={missed.map(({ sentence }) => sentence)} />
      {lateForCertain && <p>{say('roadmap.certain')}</p>}
      {kept.length > 0 && <p>{say('roadmap.openDuties')}</p>}
      <Sentences all={kept.map(({ sentence }) => sentence)} />
      {blocks.length > 0 && <p>{say('roadmap.blocks')}</p>}
      <Sentences all={blocks} />
    </Banner>
  )
}

function Sentences({ all }: { readonly all: readonly string[] }) {
  if (all.length === 0) return null
  return (
    <ul className="list-disc pl-6">
      {[...new Set(all)].map((sentence) => (
        <li key={sentence}>{withDays(sentence)}</li>
      ))}
    </ul>
  )
}

function Answers({ page }: { readonly page: RoadmapPage }) {
  const { steps, capacity, cost, today, target } = page
  const [first, last] = [steps[0], steps.at(-1)]
  const lawful = (all: typeof today.findings) =>
    all.filter(({ severity }) => severity === 'statutory').length
  return (
    <dl className="border-solid-gray-420 my-4 grid gap-x-4 gap-y-3 border-y py-3 sm:grid-cols-[10rem_1fr]">
      <Answer name={say('roadmap.answer.when')}>
        <p>
          {say('roadmap.answer.whenText', {
            from: shortDay(first?.day ?? page.from),
            end: shortDay(last?.day ?? page.from),
            count: steps.length,
          })}
        </p>
        <p className="text-dns-14N-130">{say('roadmap.answer.capacity', { capacity })}</p>
      </Answer>
      <Answer name={say('roadmap.answer.cost')}>
        {cost === undefined ? (
          <p>{say('roadmap.answer.sameModel')}</p>
        ) : (
          <>
            <Drivers change="added" drivers={cost.drivers} />
            <Drivers change="removed" drivers={cost.drivers} />
            <p className="text-dns-14N-130">{say('roadmap.answer.yen')}</p>
          </>
        )}
      </Answer>
      {cost !== undefined && (
        <Answer name={say('roadmap.answer.burden')}>
          <p>{say('models.burdenStaff', { change: minutesText(cost.minutesPerYear.staff) })}</p>
          <p>{say('models.burdenIt', { change: minutesText(cost.minutesPerYear.it) })}</p>
          <p>
            {say('roadmap.answer.clicks', {
              clicks: Math.abs(cost.clicksPerYear).toLocaleString('ja-JP'),
              change: say(
                cost.clicksPerYear < 0 ? 'roadmap.answer.clicksLess' : 'roadmap.answer.clicksMore',
              ),
            })}
          </p>
          <p className="text-dns-14N-130">{cost.note}</p>
        </Answer>
      )}
      <Answer name={say('roadmap.answer.findings')}>
        {say('roadmap.answer.findingsText', {
          today: today.findings.length,
          law: lawful(today.findings),
          target: target.findings.length,
          left: lawful(target.findings),
        })}
      </Answer>
    </dl>
  )
}

function Answer(props: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-std-16B-170">{props.name}</dt>
      <dd className="min-w-0">{props.children}</dd>
    </>
  )
}

function Drivers(props: {
  readonly change: 'added' | 'removed'
  readonly drivers: NonNullable<RoadmapPage['cost']>['drivers']
}) {
  const these = props.drivers.filter(({ change }) => change === props.change)
  const text = these.map(({ name, unit, drives, quantity: { value } }) =>
    say('roadmap.answer.amount', { name, value: value.toLocaleString('ja-JP'), unit, drives }),
  )
  return (
    <>
      <p className="text-std-16B-170">{say(`roadmap.answer.${props.change}`)}</p>
      {text.length === 0 && <p>{say('roadmap.answer.none')}</p>}
      <ul className="text-dns-16N-130 mb-2 grid list-disc gap-y-1 pl-6">
        {text.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    </>
  )
}
