import type { Explained, ExplainedRule } from '@sekisho/server/api'
import type { ReactNode } from 'react'
import { explainPath } from '../route.ts'
import { Banner } from '../ui/banner.tsx'
import { Facts } from '../ui/facts.tsx'
import { Cell, Table } from '../ui/table.tsx'
import { safeName } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { followInside } from './frame.tsx'
import { PointView } from './open-points.tsx'
import { RuleId } from './rule-id.tsx'

/** What something means that was looked up. */
export function ExplainedView({
  asked,
  found,
}: {
  readonly asked: string
  readonly found: Explained
}) {
  switch (found.kind) {
    case 'rule':
      return <RuleView found={found} />
    case 'reason':
      return <ReasonView found={found} />
    case 'point':
      return <PointView point={found.point} />
    case 'clause':
      return <ClauseView asked={asked} found={found} />
    case 'class':
    case 'bare-class':
      return <ClassView found={found} />
    case 'nothing':
      return <NothingView asked={asked} found={found} />
  }
}

type Of<Kind extends Explained['kind']> = { readonly found: Extract<Explained, { kind: Kind }> }

function RuleView({ found: { id, parts, points } }: Of<'rule'>) {
  return parts.map((part, index) => (
    <section
      key={part.message}
      aria-labelledby={`part-${index}`}
      className="border-solid-gray-420 rounded-12 my-4 border bg-white p-4"
    >
      <h2 id={`part-${index}`} className="text-std-20B-160 mb-2">
        {say('explain.rule', { id, short: part.short })}
      </h2>
      <Facts
        rows={[
          ...(['message', 'why', 'cure'] as const).map((name) => ({
            name: say(`explain.fact.${name}`),
            value: part[name],
          })),
          ...ruleRows(part),
          ...(points.length === 0
            ? []
            : [{ name: say('explain.fact.points'), value: <PointLinks points={points} /> }]),
        ]}
      />
    </section>
  ))
}

function ruleRows({ rule }: ExplainedRule): readonly { name: string; value: ReactNode }[] {
  if (rule === undefined) return []
  const { clause, from, until, models, verified, source, applies, severity, effect } = rule
  const range = { from, until: until ?? '', models: models.join('・') }
  return [
    { name: say('explain.fact.clause'), value: clause },
    ...(severity === undefined || effect === undefined
      ? []
      : [
          {
            name: say('explain.fact.severity'),
            value: say('explain.severity', {
              severity: say(`check.severity.${severity}`),
              effect: say(`explain.effect.${effect}`),
            }),
          },
        ]),
    {
      name: say('explain.fact.edition'),
      value: (
        <>
          <p>{say(until === undefined ? 'explain.editionOpen' : 'explain.editionClosed', range)}</p>
          <p>{say(applies ? 'explain.applies' : 'explain.appliesNot')}</p>
        </>
      ),
    },
    {
      name: say('explain.fact.verified'),
      value: say(verified ? 'explain.verified' : 'explain.unverified', { source }),
    },
  ]
}

function PointLinks({ points }: Pick<Of<'rule'>['found'], 'points'>) {
  return (
    <ul>
      {points.map(({ point, title }) => (
        <li key={point}>
          <a
            href={explainPath(point)}
            className="text-key-900 underline underline-offset-4"
            onClick={(event) => followInside(event, explainPath(point))}
          >
            {say('explain.pointLink', { point, title })}
          </a>
        </li>
      ))}
    </ul>
  )
}

const REASON_FACTS = ['what', 'message', 'why', 'cure'] as const

function ReasonView({ found: { id, words } }: Of<'reason'>) {
  return (
    <section aria-labelledby="reason" className="my-4">
      <h2 id="reason" className="text-std-20B-160 mb-2">
        {words.short === undefined ? id : say('explain.rule', { id, short: words.short })}
      </h2>
      <Facts
        rows={REASON_FACTS.flatMap((name) => {
          const text = words[name]
          return text === undefined ? [] : [{ name: say(`explain.fact.${name}`), value: text }]
        })}
      />
    </section>
  )
}

const CLAUSE_HEADS = ['rule', 'short', 'clause'] as const

function ClauseView({ asked, found: { rules } }: { readonly asked: string } & Of<'clause'>) {
  const title = say('explain.clauses', { asked: safeName(asked), count: rules.length })
  return (
    <div>
      <h2 className="text-std-20B-160 mb-2">{title}</h2>
      <Table caption={title} head={CLAUSE_HEADS.map((head) => say(`explain.head.${head}`))}>
        {rules.map(({ id, short, clause }) => (
          <tr key={id}>
            <Cell narrow>
              <RuleId id={id} />
            </Cell>
            <Cell>{short}</Cell>
            <Cell>{clause}</Cell>
          </tr>
        ))}
      </Table>
    </div>
  )
}

const CLASS_HEADS = ['municipal', 'national', 'former'] as const

function ClassView({ found: { kind, label, rows } }: Of<'class' | 'bare-class'>) {
  const title = say(kind === 'class' ? 'explain.class' : 'explain.bareClass', { label })
  return (
    <div>
      <h2 className="text-std-20B-160 mb-2">{title}</h2>
      <Table caption={title} head={CLASS_HEADS.map((head) => say(`explain.head.${head}`))}>
        {rows.map((row) => (
          <tr key={row.municipal}>
            {CLASS_HEADS.map((head) => (
              <Cell key={head}>{row[head]}</Cell>
            ))}
          </tr>
        ))}
      </Table>
      {rows.length > 1 && (
        <p className="mt-2">
          {say('explain.classUnsure')}{' '}
          <a
            href="/decide/classify"
            className="text-key-900 underline underline-offset-4"
            onClick={(event) => followInside(event, '/decide/classify')}
          >
            {say('explain.classDecide')}
          </a>
        </p>
      )}
    </div>
  )
}

function NothingView({ asked, found: { near } }: { readonly asked: string } & Of<'nothing'>) {
  return (
    <Banner tone="wait" title={say('explain.nothing', { asked: safeName(asked) })}>
      {near === undefined ? (
        <p>{say('explain.nothingCure')}</p>
      ) : (
        <p>
          {say('explain.near')}
          <RuleId id={near} />
        </p>
      )}
    </Banner>
  )
}
