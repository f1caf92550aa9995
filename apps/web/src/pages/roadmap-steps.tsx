import type { RoadmapPage, ShownFinding } from '@sekisho/server/api'
import type { ReactNode } from 'react'
import { Badge } from '../ui/badge.tsx'
import { shortDay } from '../ui/dates.ts'
import { Cell, Table } from '../ui/table.tsx'
import { safeName } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { withDays } from './roadmap-texts.ts'
import { RuleId } from './rule-id.tsx'

type Step = RoadmapPage['steps'][number]

const YEAR_HEADS = ['year', 'count', 'from', 'until', 'vanish', 'appear'] as const

/** One line for each fiscal year. */
export function Years({ steps }: Pick<RoadmapPage, 'steps'>) {
  return (
    <div>
      <h3 className="text-std-17B-170 mt-6 mb-1">{say('roadmap.years')}</h3>
      <Table
        caption={say('roadmap.years')}
        head={YEAR_HEADS.map((head) => say(`roadmap.years.head.${head}`))}
      >
        {byYear(steps).map(([year, its]) => (
          <tr key={year}>
            <Cell narrow>
              <a href={`#${anchorOf(its)}`} className="text-key-900 underline underline-offset-4">
                {year}
              </a>
            </Cell>
            <Cell narrow>{say('roadmap.years.count', { count: its.length })}</Cell>
            <Cell narrow>{shortDay(its[0]?.day ?? '')}</Cell>
            <Cell narrow>{shortDay(its.at(-1)?.day ?? '')}</Cell>
            <Cell narrow>{countText(its.flatMap(({ vanish }) => vanish))}</Cell>
            <Cell narrow>{countText(its.flatMap(({ appear }) => appear))}</Cell>
          </tr>
        ))}
      </Table>
    </div>
  )
}

function byYear(steps: readonly Step[]): readonly (readonly [string, readonly Step[]])[] {
  return [...Map.groupBy(steps, ({ fiscalYear }) => fiscalYear)]
}

const anchorOf = (steps: readonly Step[]): string => `year-${steps[0]?.number ?? 0}`

function countText(findings: readonly ShownFinding[]): string {
  const law = findings.filter(isLaw).length
  if (law === 0) return say('roadmap.years.count', { count: findings.length })
  return say('roadmap.years.law', { count: findings.length, law })
}

const isLaw = ({ severity }: ShownFinding): boolean => severity === 'statutory'

/** Findings by law: at which step each goes or comes. */
export function Laws({ steps }: Pick<RoadmapPage, 'steps'>) {
  const moves = steps.flatMap(({ number, day, vanish, appear }) =>
    (['vanish', 'appear'] as const).flatMap((kind) =>
      (kind === 'vanish' ? vanish : appear)
        .filter(isLaw)
        .map((finding) => ({ number, day: shortDay(day), kind, finding })),
    ),
  )
  return (
    <section aria-labelledby="laws">
      <h3 id="laws" className="text-std-17B-170 mt-6 mb-1">
        {say('roadmap.law')}
      </h3>
      {moves.length === 0 && <p>{say('roadmap.law.none')}</p>}
      <ul className="list-disc pl-6">
        {moves.map(({ number, day, kind, finding }) => (
          <li key={`${number} ${kind} ${finding.rule} ${finding.message}`}>
            <FindingText finding={finding} />
            {'　'}
            <StepLink number={number}>{say(`roadmap.law.${kind}`, { number, day })}</StepLink>
          </li>
        ))}
      </ul>
    </section>
  )
}

const findingText = ({ rule, verified, message }: ShownFinding): string =>
  `${rule}${verified ? '' : '※'} ${safeName(message)}`

function FindingText({ finding: { rule, verified, message } }: { readonly finding: ShownFinding }) {
  return (
    <>
      <RuleId id={rule} />
      {verified ? '' : '※'} {safeName(message)}
    </>
  )
}

function StepLink(props: { readonly number: number; readonly children: ReactNode }) {
  return (
    <a
      href={`#step-${props.number}`}
      className="text-key-900 underline underline-offset-4 print:no-underline"
    >
      {props.children}
    </a>
  )
}

/** Every step, by fiscal year. */
export function Steps({ page: { steps, conflicts } }: { readonly page: RoadmapPage }) {
  return (
    <section aria-labelledby="steps">
      <h3 id="steps" className="text-std-17B-170 mt-6 mb-1">
        {say('roadmap.steps')}
      </h3>
      {byYear(steps).map(([year, its]) => (
        <div key={year}>
          <h4 id={anchorOf(its)} className="text-std-16B-170 bg-solid-gray-50 mt-4 px-3 py-1">
            {say('roadmap.year', { year, count: its.length })}
          </h4>
          <ol>
            {its.map((step) => (
              <Line
                key={step.number}
                step={step}
                missed={conflicts.filter((one) => one.step === step.number)}
              />
            ))}
          </ol>
        </div>
      ))}
    </section>
  )
}

function Line(props: { readonly step: Step; readonly missed: RoadmapPage['conflicts'] }) {
  const { number, day, name } = props.step
  return (
    <li
      id={`step-${number}`}
      className="border-solid-gray-200 target:bg-yellow-100 grid gap-x-4 border-b px-3 py-2 sm:grid-cols-[9rem_1fr]"
    >
      <p className="text-dns-14N-130 tabular-nums">
        <span className="text-dns-16B-130">{say('roadmap.step', { number })}</span>
        <br />
        <time dateTime={day}>{say('roadmap.step.from', { day: shortDay(day) })}</time>
      </p>
      <div className="min-w-0">
        <p className="text-dns-16B-130">{safeName(name)}</p>
        <Details {...props} />
      </div>
    </li>
  )
}

function Details({ step, missed }: Parameters<typeof Line>[0]) {
  const { changes, more, controls, reasons, services, vanish, appear } = step
  const papers = controls.map(({ control, paper }) =>
    say('roadmap.step.controlsOf', {
      control,
      paper: paper === undefined ? say('roadmap.step.noPaper') : safeName(paper),
    }),
  )
  const rest = more === 0 ? [] : [say('roadmap.step.more', { count: more })]
  return (
    <dl className="text-dns-14N-130 mt-1 grid gap-x-3 gap-y-1 sm:grid-cols-[8rem_1fr]">
      <Detail name="late" items={missed.map(({ sentence }) => withDays(sentence))} />
      <Detail name="changes" items={[...changes.map(withDays), ...rest]} />
      <Detail name="controls" items={papers} />
      <Detail
        name="reasons"
        items={reasons.map((reason) => (
          <Reason key={reason.sentence} {...reason} />
        ))}
      />
      <Detail name="services" items={services.map(safeName)} />
      <Detail name="vanish" items={vanish.map((one) => findingOf(one))} />
      <Detail name="appear" items={appear.map((one) => findingOf(one))} />
    </dl>
  )
}

type DetailName = 'late' | 'changes' | 'controls' | 'reasons' | 'services' | 'vanish' | 'appear'

function Detail(props: { readonly name: DetailName; readonly items: readonly ReactNode[] }) {
  if (props.items.length === 0) return null
  return (
    <>
      <dt className="text-dns-14B-130">{say(`roadmap.step.${props.name}`)}</dt>
      <dd className="min-w-0">
        {props.items.map((item, index) => (
          // The items of one step never move.
          <p key={index}>{item}</p>
        ))}
      </dd>
    </>
  )
}

function Reason({ sentence, steps, finding }: Step['reasons'][number]) {
  return (
    <>
      {withDays(sentence)}
      {steps.map((number) => (
        <span key={number}>
          {' '}
          <StepLink number={number}>{say('roadmap.step', { number })}</StepLink>
        </span>
      ))}
      {finding !== undefined && (
        <>
          <br />
          {say('roadmap.step.otherwise', { finding: findingText(finding) })}
        </>
      )}
    </>
  )
}

function findingOf(finding: ShownFinding): ReactNode {
  return (
    <>
      {isLaw(finding) && (
        <>
          <Badge tone="bad" shape="stop">
            {say('roadmap.step.law')}
          </Badge>{' '}
        </>
      )}
      <FindingText finding={finding} />
    </>
  )
}
