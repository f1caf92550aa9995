import type { Calendar, Delta, ModelsPage, RiskPage, SelfCheck } from '@sekisho/server/api'
import { useLoad } from '../line/load.ts'
import { go, usePlace, withQuery } from '../route.ts'
import { Badge } from '../ui/badge.tsx'
import type { Tone } from '../ui/badge.tsx'
import { Choice } from '../ui/field.tsx'
import type { Shape } from '../ui/icon.tsx'
import { Cell, Table } from '../ui/table.tsx'
import { say } from '../words/say.ts'
import { DueDecisionsPart } from './due-decisions.tsx'
import { minutesText } from './roadmap-texts.ts'
import { RuleId, RuleIds } from './rule-id.tsx'
import { SaveButtons } from './save-buttons.tsx'
import { Waiting } from './waiting.tsx'

/** Reads one part of the assessment of the town, as of the day and edition in the address. */
function usePart(part: string, more: Readonly<Record<string, string>> = {}): string {
  return `/api/assess/${part}?${useAsked(more)}`
}

function useAsked(more: Readonly<Record<string, string>> = {}): string {
  const { query } = usePlace()
  const [at, edition] = [query.get('at') ?? '', query.get('edition') ?? '']
  return new URLSearchParams({ at, edition, ...more }).toString()
}

type State = SelfCheck['chapters'][number]['rows'][number]['state']

const STATES: Readonly<Record<State, readonly [Tone, Shape]>> = {
  met: ['good', 'check'],
  unmet: ['bad', 'stop'],
  stale: ['bad', 'stop'],
  contradicted: ['bad', 'stop'],
  'not-checked': ['wait', 'hold'],
  'not-asked': ['plain', 'ended'],
}

function StateBadge({ state }: { readonly state: State }) {
  const [tone, shape] = STATES[state]
  return (
    <Badge tone={tone} shape={shape}>
      {say(`state.${state}`)}
    </Badge>
  )
}

/** 自己点検: every control that is asked, by chapter. */
export function SelfCheckPart() {
  const query = useAsked()
  const loaded = useLoad<SelfCheck>(usePart('self-check'))
  if (loaded.value === undefined) return <Waiting loaded={loaded} />
  const { chapters, asked, met } = loaded.value
  return (
    <>
      <p>{say('self.lead')}</p>
      <p className="my-2">{say('self.count', { asked, met })}</p>
      <SaveButtons
        query={query}
        paths={{ excel: '/api/self-check.xlsx', pdf: '/api/self-check.pdf' }}
      />
      {chapters.map((chapter) => (
        <Chapter key={chapter.chapter} chapter={chapter} />
      ))}
    </>
  )
}

const SELF_HEADS = ['control', 'name', 'state', 'evidence', 'cure'] as const

function Chapter({
  chapter: { chapter, name, rows },
}: {
  readonly chapter: SelfCheck['chapters'][number]
}) {
  const title = say('self.chapter', { chapter, name })
  const asked = rows.filter(({ state }) => state !== 'not-asked')
  return (
    <div>
      <h2 className="text-std-17B-170 mt-6 mb-2">{title}</h2>
      {asked.length === 0 ? (
        <p>{say('self.none')}</p>
      ) : (
        <Table caption={title} head={SELF_HEADS.map((head) => say(`self.head.${head}`))}>
          {asked.map((row) => (
            <tr key={row.key}>
              <Cell narrow>
                <RuleId id={row.control} />
              </Cell>
              <Cell>{row.name}</Cell>
              <Cell narrow>
                <StateBadge state={row.state} />
              </Cell>
              <Cell>
                {row.evidence}
                <p className="text-dns-14N-130 text-solid-gray-700">{row.why}</p>
              </Cell>
              <Cell>{row.cure?.sentence ?? ''}</Cell>
            </tr>
          ))}
        </Table>
      )}
    </div>
  )
}

/** ほかのモデル: what moving to one would mean. */
export function ModelsPart() {
  const place = usePlace()
  const to = place.query.get('to') ?? ''
  const loaded = useLoad<ModelsPage>(usePart('models', { to }))
  if (loaded.value === undefined) return <Waiting loaded={loaded} />
  const { models, delta } = loaded.value
  return (
    <>
      <p>{say('models.lead')}</p>
      <div className="my-3 max-w-xs">
        <Choice
          label={say('models.to')}
          name="to"
          value={delta?.to ?? ''}
          options={models.map(({ model }) => ({ value: model, label: model }))}
          onChange={(model) => go(withQuery(place, { to: model }), { replace: true })}
        />
      </div>
      {delta !== undefined && <DeltaView delta={delta} />}
    </>
  )
}

function DeltaView({ delta }: { readonly delta: Delta }) {
  const { gained, lost, flows, drivers, minutesPerYear, note } = delta
  const touched = flows.filter(({ effect }) => effect !== 'keep')
  return (
    <>
      <List
        title={say('models.gained')}
        items={gained.map(({ control, name, state }) => [
          control,
          say('models.state', { control, name, state: say(`state.${state}`) }),
        ])}
      />
      <List
        title={say('models.lost')}
        items={lost.map(({ control, name, state }) => [
          control,
          say('models.state', { control, name, state: say(`state.${state}`) }),
        ])}
      />
      <List
        title={say('models.flows')}
        items={touched.map(({ flow, name, effect, why }) => [
          flow,
          `${name}　${say(`models.effect.${effect}`)}　${why}`,
        ])}
      />
      <List
        title={say('models.drivers')}
        items={drivers
          .filter(({ change }) => change !== 'kept')
          .map(({ id, name, unit, quantity: { value, basis }, change }) => [
            id,
            `${name}　${say(`models.change.${change}`)}　${say('models.quantity', { value, unit, basis })}`,
          ])}
      />
      <List
        title={say('models.burden')}
        items={[
          ['staff', say('models.burdenStaff', { change: minutesText(minutesPerYear.staff) })],
          ['it', say('models.burdenIt', { change: minutesText(minutesPerYear.it) })],
        ]}
      />
      <p className="text-dns-14N-130 text-solid-gray-700 mt-2">{note}</p>
    </>
  )
}

function List(props: {
  readonly title: string
  readonly items: readonly (readonly [key: string, text: string])[]
}) {
  return (
    <section>
      <h2 className="text-std-17B-170 mt-5 mb-1">{props.title}</h2>
      {props.items.length === 0 && <p>{say('models.none')}</p>}
      <ul className="list-disc pl-6">
        {props.items.map(([key, text]) => (
          <li key={key}>{text}</li>
        ))}
      </ul>
    </section>
  )
}

/** 予定: what falls due, by day. */
export function CalendarPart() {
  const loaded = useLoad<Calendar>(usePart('calendar'))
  if (loaded.value === undefined) return <Waiting loaded={loaded} />
  const { duties, overdue } = loaded.value
  return (
    <>
      <p>{say('calendar.lead')}</p>
      <DueDecisionsPart />
      <Duties title={say('calendar.overdue')} duties={overdue} />
      <Duties title={say('calendar.coming')} duties={duties} />
      <p className="text-dns-14N-130 text-solid-gray-700 mt-2">{say('calendar.ours')}</p>
    </>
  )
}

function Duties(props: { readonly title: string; readonly duties: Calendar['duties'] }) {
  return (
    <section>
      <h2 className="text-std-17B-170 mt-5 mb-1">{props.title}</h2>
      {props.duties.length === 0 && <p>{say('calendar.none')}</p>}
      <ul className="grid gap-1">
        {props.duties.map(({ date, era, sentence, verified, path }) => (
          <li
            key={`${date} ${sentence} ${path ?? ''}`}
            className="grid gap-x-4 sm:grid-cols-[11rem_1fr]"
          >
            <time dateTime={date} className="tabular-nums">
              {era}
            </time>
            <span>
              {sentence}
              {verified ? '' : '※'}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

const RISK_HEADS = ['threat', 'asset', 'path', 'level', 'missing', 'owner'] as const
const LEVELS: Readonly<Record<'low' | 'middle' | 'high', readonly [Tone, Shape]>> = {
  low: ['good', 'check'],
  middle: ['wait', 'hold'],
  high: ['bad', 'stop'],
}

/** リスク: the gravest that remain. */
export function RiskPart() {
  const loaded = useLoad<RiskPage>(usePart('risk'))
  if (loaded.value === undefined) return <Waiting loaded={loaded} />
  const { rows, counts, note } = loaded.value
  return (
    <>
      <p>{say('risk.lead')}</p>
      <p className="my-2">{say('risk.count', { ...counts, shown: rows.length })}</p>
      <Table caption={say('risk.table')} head={RISK_HEADS.map((head) => say(`risk.head.${head}`))}>
        {rows.map((row) => (
          <tr key={row.id}>
            <Cell>{row.threatName}</Cell>
            <Cell>{row.assetName}</Cell>
            <Cell narrow>{row.pathName}</Cell>
            <Cell narrow>
              <Badge tone={LEVELS[row.residual.level][0]} shape={LEVELS[row.residual.level][1]}>
                {row.levelName}
              </Badge>
            </Cell>
            <Cell>
              <RuleIds ids={row.missing} />
            </Cell>
            <Cell>{row.owner}</Cell>
          </tr>
        ))}
      </Table>
      <p className="text-dns-14N-130 text-solid-gray-700 mt-2">{note}</p>
    </>
  )
}
