import type { Answer, DecisionPage, DecisionRow, QuestionSummary } from '@sekisho/server/api'
import { useLoad } from '../line/load.ts'
import { usePlace } from '../route.ts'
import { Badge } from '../ui/badge.tsx'
import type { Tone } from '../ui/badge.tsx'
import { Banner } from '../ui/banner.tsx'
import { Button, buttonLook } from '../ui/button.tsx'
import type { Shape } from '../ui/icon.tsx'
import { Loading } from '../ui/loading.tsx'
import { Cell, Table } from '../ui/table.tsx'
import { When } from '../ui/when.tsx'
import { safeName } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { Pages } from './pages.tsx'
import { DueDecisionsPart } from './due-decisions.tsx'
import { followInside } from './frame.tsx'
import { Trouble } from './refusal.tsx'

/** 判断する: what can be asked, and what was decided. */
export function DecidePage() {
  const { value, failure, reload } = useLoad<{ readonly questions: readonly QuestionSummary[] }>(
    '/api/questions',
  )
  const saved = /^D-[0-9]{1,9}$/u.exec(usePlace().query.get('saved') ?? '')?.[0]
  return (
    <>
      <p>{say('decide.lead')}</p>
      {saved !== undefined && (
        <Banner tone="good" title={say('decide.saved', { number: saved })} live />
      )}
      {failure !== undefined && failure.status !== 401 && (
        <Trouble failure={failure} what={say('frame.failed')} onRetry={() => void reload()} />
      )}
      {value === undefined && failure === undefined && <Loading word={say('frame.loading')} />}
      <DueDecisionsPart />
      {value !== undefined && <Questions questions={value.questions} />}
      <Decisions />
    </>
  )
}

function Questions({ questions }: { readonly questions: readonly QuestionSummary[] }) {
  return (
    <section aria-labelledby="questions" className="screen-only">
      <h2 id="questions" className="text-std-20B-160 mt-6 mb-2">
        {say('decide.questions')}
      </h2>
      <ul className="grid gap-3 sm:grid-cols-2">
        {questions.map(({ question, title, lead }) => (
          <li
            key={question}
            className="border-solid-gray-420 rounded-12 flex flex-col items-start gap-2 border p-4"
          >
            <h3 className="text-std-17B-170">{title}</h3>
            <p className="grow">{lead}</p>
            <a
              href={`/decide/${question}`}
              className={buttonLook('second')}
              aria-label={say('decide.openOne', { title })}
              onClick={(event) => followInside(event, `/decide/${question}`)}
            >
              {say('decide.open')}
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What was decided, newest first. */
export function Decisions() {
  const place = usePlace()
  const page = Number(place.query.get('page') ?? 1)
  const { value, failure, reload } = useLoad<DecisionPage>(`/api/decisions?page=${page}`)
  return (
    <section aria-labelledby="made">
      <h2 id="made" className="text-std-20B-160 mt-8 mb-2">
        {say('decide.made')}
      </h2>
      {failure !== undefined && failure.status !== 401 && (
        <Trouble failure={failure} what={say('frame.failed')} onRetry={() => void reload()} />
      )}
      {value?.total === 0 && <p>{say('decide.none')}</p>}
      {value !== undefined && value.total > 0 && (
        <>
          <Made rows={value.rows} />
          <p className="screen-only my-3">
            <Button kind="second" onPress={() => print()}>
              {say('decide.print')}
            </Button>
          </p>
          <Pages page={value.page} pages={value.pages} />
        </>
      )}
    </section>
  )
}

const HEADS = ['number', 'at', 'title', 'subject', 'result', 'person', 'next'] as const

function Made({ rows }: { readonly rows: readonly DecisionRow[] }) {
  return (
    <Table caption={say('decide.table')} head={HEADS.map((head) => say(`decide.head.${head}`))}>
      {rows.map((row) => (
        <Line key={row.number} row={row} />
      ))}
    </Table>
  )
}

function Line({ row }: { readonly row: DecisionRow }) {
  const href = `/decide/${row.question}?from=${row.number}`
  return (
    <tr>
      <Cell narrow>{row.number}</Cell>
      <Cell narrow>
        <When at={row.at} />
      </Cell>
      <Cell>{row.title}</Cell>
      <Cell>
        {safeName(row.subject)}
        {row.reason !== '' && <p className="text-dns-14N-130">{safeName(row.reason)}</p>}
        {row.supersedes !== undefined && (
          <p className="text-dns-14N-130">{say('decide.replaces', { number: row.supersedes })}</p>
        )}
      </Cell>
      <Cell>
        <ResultBadge result={row.result} />
        {row.found.length > 0 && <p className="text-dns-14N-130 mt-1">{row.found.join('　')}</p>}
      </Cell>
      <Cell>
        <span className="name">{row.person}</span>
      </Cell>
      <Cell>
        {row.supersededBy === undefined ? (
          <a
            href={href}
            className="text-key-900 screen-only underline underline-offset-4"
            aria-label={say('decide.replaceOne', { number: row.number })}
            onClick={(event) => followInside(event, href)}
          >
            {say('decide.replace')}
          </a>
        ) : (
          say('decide.replacedBy', { number: row.supersededBy })
        )}
      </Cell>
    </tr>
  )
}

const LOOKS: Readonly<Record<Answer['result'], readonly [Tone, Shape]>> = {
  pass: ['good', 'check'],
  hold: ['wait', 'hold'],
  refuse: ['bad', 'stop'],
}

/** 通過, 保留 or 差止め. */
export function ResultBadge({ result }: { readonly result: Answer['result'] }) {
  const [tone, shape] = LOOKS[result]
  return (
    <Badge tone={tone} shape={shape}>
      {say(`decide.result.${result}`)}
    </Badge>
  )
}
