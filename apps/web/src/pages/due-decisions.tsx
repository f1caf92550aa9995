import type { DueDecisions } from '@sekisho/server/api'
import { useLoad } from '../line/load.ts'
import { usePlace } from '../route.ts'
import { Badge } from '../ui/badge.tsx'
import { Cell, Table } from '../ui/table.tsx'
import { safeName } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { followInside } from './frame.tsx'

const HEADS = [
  'decide.due.head.date',
  'decide.due.head.what',
  'decide.head.number',
  'decide.head.title',
  'decide.head.subject',
  'decide.head.next',
] as const

/** Decisions that come back by their date. Nothing is shown when there are none: then there is nothing to do. */
export function DueDecisionsPart() {
  const at = usePlace().query.get('at') ?? ''
  const { value } = useLoad<DueDecisions>(
    `/api/decisions/due${at === '' ? '' : `?at=${encodeURIComponent(at)}`}`,
  )
  if (value === undefined || value.rows.length === 0) return null
  return (
    <section aria-labelledby="due">
      <h2 id="due" className="text-std-20B-160 mt-6 mb-2">
        {say('decide.due')}
      </h2>
      <p>{say('decide.dueLead', { days: value.days })}</p>
      <Table caption={say('decide.dueTable')} head={HEADS.map((head) => say(head))}>
        {value.rows.map((row) => (
          <Line key={`${row.number} ${row.label}`} row={row} />
        ))}
      </Table>
    </section>
  )
}

function Line({ row }: { readonly row: DueDecisions['rows'][number] }) {
  const { number, question, title, subject, label, date, overdue } = row
  const href = `/decide/${question}?from=${number}`
  return (
    <tr>
      <Cell narrow>
        <time dateTime={date} className="tabular-nums">
          {date}
        </time>
        <p className="mt-1">
          <Badge tone={overdue ? 'bad' : 'wait'} shape={overdue ? 'stop' : 'hold'}>
            {say(overdue ? 'decide.due.overdue' : 'decide.due.soon')}
          </Badge>
        </p>
      </Cell>
      <Cell>{label}</Cell>
      <Cell narrow>{number}</Cell>
      <Cell>{title}</Cell>
      <Cell>{safeName(subject)}</Cell>
      <Cell>
        <a
          href={href}
          className="text-key-900 screen-only underline underline-offset-4"
          aria-label={say('decide.replaceOne', { number })}
          onClick={(event) => followInside(event, href)}
        >
          {say('decide.replace')}
        </a>
      </Cell>
    </tr>
  )
}
