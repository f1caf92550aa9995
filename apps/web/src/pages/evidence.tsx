import type { EvidencePage as Page, EvidenceRow, Me } from '@sekisho/server/api'
import type { EvidenceKind } from '@sekisho/core'
import { useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import { EvidenceFilter } from '../forms/evidence-filter.tsx'
import { useLoad } from '../line/load.ts'
import { go, usePlace, withQuery } from '../route.ts'
import { Badge } from '../ui/badge.tsx'
import type { Tone } from '../ui/badge.tsx'
import { Button, buttonLook } from '../ui/button.tsx'
import type { Shape } from '../ui/icon.tsx'
import { Loading } from '../ui/loading.tsx'
import { Pager } from '../ui/pager.tsx'
import { Cell, Table } from '../ui/table.tsx'
import { fullTime } from '../ui/dates.ts'
import { When } from '../ui/when.tsx'
import { nameParts } from '../words/safe-name.ts'
import { SafeName } from '../ui/safe-name.tsx'
import { say } from '../words/say.ts'
import { FILTER_KEYS, conditionWords } from './evidence-query.ts'
import { ProofDialog } from './proof-dialog.tsx'
import { Trouble } from './refusal.tsx'

/** 証跡: what happened, in the order it was recorded, each row with its proof. */
export function EvidencePage({ me }: { readonly me: Me }) {
  const place = usePlace()
  const filter = new URLSearchParams(
    FILTER_KEYS.flatMap((key) => {
      const value = place.query.get(key)
      return value ? [[key, value]] : []
    }),
  )
  const paged = new URLSearchParams(filter)
  const page = place.query.get('page')
  if (page !== null) paged.set('page', page)
  const { value, failure, reload } = useLoad<Page>(`/api/evidence?${paged}`)
  const opened = place.query.get('proof')
  return (
    <>
      <p className="screen-only">{say('evidence.lead')}</p>
      <EvidenceFilter
        key={filter.toString()}
        filter={filter}
        onFilter={(changes) => go(withQuery(place, { ...changes, page: '', proof: '' }))}
      />
      <PaperHead town={me.town} condition={conditionWords(filter)} />
      {failure !== undefined && failure.status !== 401 && (
        <Trouble failure={failure} what={say('frame.failed')} onRetry={() => void reload()} />
      )}
      {value === undefined && failure === undefined && <Loading word={say('frame.loading')} />}
      {value !== undefined && (
        <Result
          value={value}
          csv={`/api/evidence.csv?${filter}`}
          onPage={(next) => go(withQuery(place, { page: String(next) }))}
          onProof={(index) => go(withQuery(place, { proof: String(index) }))}
        />
      )}
      {opened !== null && /^(?:0|[1-9][0-9]{0,14})$/u.test(opened) && (
        <ProofDialog
          index={Number(opened)}
          onClose={() => go(withQuery(place, { proof: '' }), { replace: true })}
        />
      )}
    </>
  )
}

/** What a sheet of paper needs to be understood later: whose, which part, printed when. */
function PaperHead(props: { readonly town: string; readonly condition: string }) {
  const [printed, setPrinted] = useState('')
  useEffect(() => {
    const now = (): void => flushSync(() => setPrinted(fullTime(new Date().toISOString())))
    window.addEventListener('beforeprint', now)
    return () => window.removeEventListener('beforeprint', now)
  }, [])
  return (
    <div className="paper-only">
      <p>
        {props.town}　{say('evidence.printedAt', { time: printed })}
      </p>
      <p>{say('evidence.condition', { condition: props.condition })}</p>
    </div>
  )
}

function Result(props: {
  readonly value: Page
  readonly csv: string
  readonly onPage: (page: number) => void
  readonly onProof: (index: number) => void
}) {
  const { rows, page, pages, total, checkpoint } = props.value
  return (
    <>
      <div className="my-3 flex flex-wrap items-center gap-3">
        <output className="text-std-16B-170 mr-auto">
          {say('evidence.total', { total: total.toLocaleString('ja-JP') })}
        </output>
        <span className="contents screen-only">
          <a href={props.csv} download className={buttonLook('second')}>
            {say('evidence.csv')}
          </a>
          <Button kind="second" onPress={() => window.print()}>
            {say('evidence.print')}
          </Button>
        </span>
      </div>
      {rows.length === 0 ? (
        <p className="py-4">{say('evidence.empty')}</p>
      ) : (
        <Table caption={say('evidence.table')} head={HEAD.map((key) => say(key))} leads>
          {rows.map((row) => (
            <Row key={row.index} row={row} onProof={props.onProof} />
          ))}
        </Table>
      )}
      {pages > 1 && (
        <Pager
          label={say('evidence.pages')}
          words={{
            previous: say('evidence.previous'),
            next: say('evidence.next'),
            place: say('evidence.place', { page, pages }),
            first: say('evidence.first'),
            last: say('evidence.last'),
          }}
          page={page}
          pages={pages}
          onGo={props.onPage}
        />
      )}
      <section aria-label={say('evidence.checkpoint')} className="mt-4">
        <p className="text-dns-14B-130">{say('evidence.checkpoint')}</p>
        <pre className="text-mono-14N-150 break-all whitespace-pre-wrap">{checkpoint}</pre>
      </section>
    </>
  )
}

const HEAD = [
  'evidence.head.index',
  'evidence.head.at',
  'evidence.head.kind',
  'evidence.head.number',
  'evidence.head.sentence',
  'evidence.head.actor',
  'evidence.head.proof',
] as const

function Row(props: { readonly row: EvidenceRow; readonly onProof: (index: number) => void }) {
  const { index, entry, sentence } = props.row
  const [shape, tone] = KIND_LOOKS[entry.kind]
  return (
    <tr>
      <Cell narrow>
        <span className="tabular-nums">{index}</span>
      </Cell>
      <Cell narrow>
        <When at={entry.at} />
      </Cell>
      <Cell narrow>
        <Badge tone={tone} shape={shape}>
          {say(`kind.${entry.kind}`)}
        </Badge>
      </Cell>
      <Cell narrow>{entry.number ?? ''}</Cell>
      <Cell>
        <span className="inline-block min-w-56 print:min-w-0">
          <SafeName parts={nameParts(sentence)} />
        </span>
      </Cell>
      <Cell narrow>{entry.actor === 'system' ? say('evidence.system') : entry.actor}</Cell>
      <Cell narrow>
        <span className="screen-only">
          <Button
            kind="plain"
            small
            label={say('evidence.proofOne', { index })}
            onPress={() => props.onProof(index)}
          >
            {say('evidence.head.proof')}
          </Button>
        </span>
      </Cell>
    </tr>
  )
}

const KIND_LOOKS: Readonly<Record<EvidenceKind, readonly [Shape, Tone]>> = {
  start: ['notice', 'plain'],
  'sign-in': ['notice', 'plain'],
  'sign-in-failed': ['stop', 'bad'],
  'sign-out': ['notice', 'plain'],
  received: ['moving', 'plain'],
  answered: ['moving', 'plain'],
  disarmed: ['moving', 'plain'],
  verified: ['moving', 'plain'],
  refused: ['stop', 'bad'],
  held: ['hold', 'wait'],
  approved: ['check', 'good'],
  returned: ['stop', 'bad'],
  cancelled: ['ended', 'plain'],
  delivered: ['check', 'good'],
  taken: ['check', 'plain'],
  decided: ['check', 'plain'],
  changed: ['notice', 'plain'],
  probe: ['check', 'plain'],
  failed: ['stop', 'bad'],
  heartbeat: ['notice', 'plain'],
}
