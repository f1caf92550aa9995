import type { CloudRehearsal, CloudRehearsalRow } from '@sekisho/server/api'
import { useLoad } from '../line/load.ts'
import { go, usePlace, withQuery } from '../route.ts'
import { Banner } from '../ui/banner.tsx'
import { Button, buttonLook } from '../ui/button.tsx'
import { shortDay } from '../ui/dates.ts'
import { Facts } from '../ui/facts.tsx'
import { Choice } from '../ui/field.tsx'
import { More } from '../ui/more.tsx'
import { SafeName } from '../ui/safe-name.tsx'
import { When } from '../ui/when.tsx'
import { nameParts } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { DeclarationParts } from './declaration-parts.tsx'
import { RuleId } from './rule-id.tsx'
import { Waiting } from './waiting.tsx'

/** Days that can be looked back, the usual first. */
const DAYS = ['14', '7', '28', '56'] as const

/** 止める前の見守り: what would stop working, before it does, with the text that keeps it working. */
export function CloudRehearsalView() {
  const place = usePlace()
  const days = DAYS.find((one) => one === place.query.get('days')) ?? DAYS[0]
  const loaded = useLoad<CloudRehearsal>(`/api/cloud/rehearsal?days=${days}`)
  const { value } = loaded
  if (value === undefined) return <Waiting loaded={loaded} word={say('cloud.rehearsal.reading')} />
  return (
    <>
      <p className="screen-only">{say('cloud.rehearsal.lead')}</p>
      <div className="screen-only my-3 flex flex-wrap items-end gap-3">
        <div className="w-60">
          <Choice
            label={say('cloud.rehearsal.days')}
            name="days"
            value={days}
            options={DAYS.toSorted((a, b) => Number(a) - Number(b)).map((one) => ({
              value: one,
              label: say('cloud.rehearsal.lastDays', { days: one }),
            }))}
            onChange={(next) => go(withQuery(place, { days: next }), { replace: true })}
          />
        </div>
        <a href={`/api/cloud/rehearsal.csv?days=${days}`} download className={buttonLook('second')}>
          {say('cloud.csv')}
        </a>
        <Button kind="second" onPress={() => window.print()}>
          {say('cloud.print')}
        </Button>
      </div>
      <Seen seen={value} />
    </>
  )
}

function Seen({ seen }: { readonly seen: CloudRehearsal }) {
  const { recorded, enforces, ready, sentence, notes, rows, total, from, days } = seen
  if (!recorded) return <p className="py-4">{say('cloud.none')}</p>
  return (
    <>
      <Banner tone={enforces ? 'plain' : ready ? 'good' : 'wait'} title={sentence} />
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
      <h2 className="text-std-20B-150 mt-4 mb-2">
        {say('cloud.rehearsal.heading', { count: total.toLocaleString('ja-JP') })}
      </h2>
      <p className="mb-2">{say('cloud.rehearsal.since', { from: shortDay(from), days })}</p>
      {total > rows.length && (
        <p className="mb-2">{say('cloud.rehearsal.more', { shown: rows.length })}</p>
      )}
      {rows.length === 0 && <p>{say('cloud.rehearsal.nothing')}</p>}
      {/* No list: an item of one is kept whole on paper, and a declaration is longer than a sheet. */}
      <div className="grid gap-4">
        {rows.map((row) => (
          <Row key={`${row.reason} ${row.target} ${row.service}`} row={row} />
        ))}
      </div>
    </>
  )
}

function Row({ row }: { readonly row: CloudRehearsalRow }) {
  return (
    <article className="border-solid-gray-420 rounded-12 min-w-0 border p-4">
      <h3 className="text-std-17B-170 mb-2 break-all">
        <SafeName parts={nameParts(row.target)} />
      </h3>
      <Facts rows={factsOf(row)} />
      {row.parts.length > 0 && (
        <More word={say('cloud.rehearsal.parts')}>
          <DeclarationParts parts={row.parts} />
        </More>
      )}
    </article>
  )
}

function factsOf({
  service,
  message,
  reason,
  count,
  since,
  last,
  todo,
  ...who
}: CloudRehearsalRow) {
  const times = say('cloud.rehearsal.times', { count: count.toLocaleString('ja-JP') })
  return [
    ...(service === '' ? [] : [{ name: say('cloud.service'), value: service }]),
    {
      name: say('cloud.why'),
      value: (
        <>
          {message}　<RuleId id={reason} />
        </>
      ),
    },
    {
      name: say('cloud.rehearsal.used'),
      value: (
        <>
          {times}（{say('cloud.first')} <When at={since} />、{say('cloud.last')} <When at={last} />
          ）
        </>
      ),
    },
    { name: say('cloud.people'), value: <SafeName parts={nameParts(peopleOf(who))} /> },
    { name: say('cloud.todo'), value: todo },
  ]
}

function peopleOf({
  people,
  askers,
  departments,
}: Pick<CloudRehearsalRow, 'people' | 'askers' | 'departments'>): string {
  if (askers === 0) return say('cloud.rehearsal.nobody')
  const rest = askers - people.length
  const more = rest > 0 ? [say('cloud.rehearsal.others', { count: rest })] : []
  const where = departments.length === 0 ? '' : `（${departments.join('・')}）`
  return `${[...people, ...more].join('、')}${where}`
}
