import type { OpenPointsPage, PointPage } from '@sekisho/server/api'
import { useLoad } from '../line/load.ts'
import { Badge } from '../ui/badge.tsx'
import { safeName } from '../words/safe-name.ts'
import { shortDay } from '../ui/dates.ts'
import { say } from '../words/say.ts'
import { followInside } from './frame.tsx'
import { RuleIds } from './rule-id.tsx'
import { Waiting } from './waiting.tsx'

/** Every open point: both readings, and which is in force here. Never folded away. */
export function OpenPointsPart() {
  const loaded = useLoad<OpenPointsPage>('/api/open-points')
  const { value } = loaded
  if (value === undefined) return <Waiting loaded={loaded} />
  return (
    <section aria-labelledby="points">
      <h2 id="points" className="text-std-20B-160 mt-6 mb-2">
        {say('explain.points')}
      </h2>
      <p>{say('explain.pointsLead')}</p>
      <p className="mb-2">{say('explain.pointsEdition', { edition: value.edition })}</p>
      {value.points.map((point) => (
        <PointView key={point.id} point={point} />
      ))}
    </section>
  )
}

export function PointView({ point }: { readonly point: PointPage }) {
  const { id, title, question, decidedBy, readings, questions, rules, lives, looked } = point
  return (
    <section
      aria-labelledby={`point-${id}`}
      className="border-solid-gray-420 rounded-12 my-4 border bg-white p-4"
    >
      <h3 id={`point-${id}`} className="text-std-17B-170">
        {say('explain.point', { id, title })}
      </h3>
      <p>{question}</p>
      <ul className="mt-2 grid gap-3">
        {readings.map((reading) => (
          <Reading key={reading.id} reading={reading} />
        ))}
      </ul>
      <Choice point={point} />
      <div className="text-dns-14N-130 text-solid-gray-700 mt-2 grid gap-1">
        {questions.length > 0 && (
          <p>
            {say('explain.actsQuestions')}：
            {questions.map(({ question: name, title: asked }, index) => (
              <span key={name}>
                {index === 0 ? '' : '、'}
                <a
                  href={`/decide/${name}`}
                  className="text-key-900 underline underline-offset-4"
                  onClick={(event) => followInside(event, `/decide/${name}`)}
                >
                  {asked}
                </a>
              </span>
            ))}
          </p>
        )}
        {rules.length > 0 && (
          <p>
            {say('explain.actsRules')}：<RuleIds ids={rules} />
          </p>
        )}
        <p>
          {say('explain.lives')}：{lives.join('')}
        </p>
        <p>
          {say('explain.decidedBy', { how: decidedBy })}
          {say('explain.looked', { day: shortDay(looked) })}
        </p>
      </div>
    </section>
  )
}

function Reading({
  reading: { short, text, changes, source, lenient, from, first, inForce },
}: {
  readonly reading: PointPage['readings'][number]
}) {
  return (
    <li className="border-solid-gray-420 border-l-4 pl-3">
      <p className="flex flex-wrap items-center gap-2">
        <span className="text-std-16B-170">{say('decide.open.other', { short })}</span>
        {inForce && (
          <Badge tone="good" shape="check">
            {say('explain.inForce')}
          </Badge>
        )}
        {first && <span className="text-dns-14N-130">{say('explain.first')}</span>}
      </p>
      <p>{text}</p>
      <p>{say('explain.changes', { changes })}</p>
      {lenient && (
        <p>
          {say('explain.lenient')}
          {say('explain.lenientMore')}
        </p>
      )}
      <p className="text-dns-14N-130 text-solid-gray-700">
        {say('decide.open.source', { source })}
        {from !== undefined && `　${say('explain.readingFrom', { from })}`}
      </p>
    </li>
  )
}

/** What the town wrote down; nothing where nobody chooses. */
function Choice({ point: { kind, chosen, waits } }: { readonly point: PointPage }) {
  if (kind !== 'reading' && kind !== 'display') return null
  if (chosen === undefined) return <p className="mt-2">{say('explain.chosenNone')}</p>
  const { approvedBy = '', title = '', date } = chosen
  const paper = [approvedBy, title, date === undefined ? '' : shortDay(date)]
    .filter((one) => one !== '')
    .map(safeName)
    .join('　')
  return (
    <p className="mt-2">
      {say('explain.chosen', { paper: paper === '' ? '' : say('explain.paper', { paper }) })}
      {waits !== undefined && say('explain.waits', { day: shortDay(waits) })}
    </p>
  )
}
