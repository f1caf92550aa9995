import type { CloudPage as Page, CloudTotal, Me } from '@sekisho/server/api'
import { CLOUD_FILTER, CloudFilter } from '../forms/cloud-filter.tsx'
import { useLoad } from '../line/load.ts'
import { go, usePlace, withQuery } from '../route.ts'
import { Banner } from '../ui/banner.tsx'
import { Button, buttonLook } from '../ui/button.tsx'
import { dayText, todayInJapan } from '../ui/dates.ts'
import { SafeName } from '../ui/safe-name.tsx'
import { sizeText } from '../ui/size.ts'
import { Cell, Table } from '../ui/table.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { When } from '../ui/when.tsx'
import { nameParts } from '../words/safe-name.ts'
import { say } from '../words/say.ts'
import { CloudAlerts } from './cloud-alerts.tsx'
import { CloudApprovalsView } from './cloud-approvals.tsx'
import { CloudBars } from './cloud-bars.tsx'
import { CloudLogs } from './cloud-logs.tsx'
import { CloudRehearsalView } from './cloud-rehearsal.tsx'
import { RuleId } from './rule-id.tsx'
import { Waiting } from './waiting.tsx'

const AMOUNTS = ['services', 'departments', 'people', 'hours', 'days'] as const
const VIEWS = [
  'alerts',
  ...AMOUNTS,
  'reasons',
  'destinations',
  'rehearsal',
  'approvals',
  'logs',
] as const
/** These have no days, services and sections to choose from. */
const UNFILTERED: ReadonlySet<string> = new Set(['alerts', 'rehearsal', 'approvals'])
type View = (typeof VIEWS)[number]

/** クラウドの利用: what went through the cloud gate and what was stopped, with what somebody has to look at first. */
export function CloudUsePage({ me }: { readonly me: Me }) {
  const place = usePlace()
  const query = new URLSearchParams(
    CLOUD_FILTER.flatMap((key) => {
      const value = place.query.get(key)
      return value ? [[key, value]] : []
    }),
  )
  const loaded = useLoad<Page>(`/api/cloud?${query}`)
  const { value } = loaded
  const view = VIEWS.find((one) => one === place.query.get('view')) ?? 'alerts'
  if (value === undefined) return <Waiting loaded={loaded} />
  return (
    <>
      <p className="screen-only">{say('cloud.lead')}</p>
      {value.broken !== undefined && (
        <Banner tone="bad" title={say('cloud.broken', value.broken)} live />
      )}
      <Tabs
        label={say('cloud.views')}
        tabs={VIEWS.map((name) => ({
          href: withQuery(place, { view: name === 'alerts' ? '' : name }),
          name: tabName(name, value),
          current: name === view,
        }))}
        onGo={go}
      />
      <p className="paper-only">{paperLine(view, me.town, value)}</p>
      {view === 'alerts' && <CloudAlerts page={value} onDone={loaded.reload} />}
      {view === 'rehearsal' && <CloudRehearsalView />}
      {view === 'approvals' && <CloudApprovalsView />}
      {!UNFILTERED.has(view) && (
        <>
          <CloudFilter
            key={query.toString()}
            page={value}
            filter={query}
            daysOnly={view === 'logs'}
            onFilter={(values) => go(withQuery(place, values))}
          />
          {view === 'logs' ? (
            <CloudLogs query={query} />
          ) : (
            <>
              <Sums page={value} />
              <Save view={view} query={query} page={value} />
              <Shown view={view} page={value} />
            </>
          )}
        </>
      )}
    </>
  )
}

/** On a sheet of paper, what the tabs say on the screen. */
function paperLine(view: View, town: string, { from, to }: Page): string {
  const name = say(`cloud.view.${view}`)
  return UNFILTERED.has(view)
    ? say('cloud.paperToday', { town, view: name, day: dayText(todayInJapan()) })
    : say('cloud.paper', { town, view: name, from, to })
}

function tabName(view: View, { alerts }: Page): string {
  const open = alerts.filter(({ noted }) => noted === undefined).length
  const name = say(`cloud.view.${view}`)
  return view === 'alerts' && open > 0 ? `${name}（${say('cloud.count', { count: open })}）` : name
}

function Sums({ page }: { readonly page: Page }) {
  const { all, beyond, firstDay } = page
  const counts = (['opened', 'refused'] as const).map(
    (key) => `${say(`cloud.${key}`)} ${all[key].toLocaleString('ja-JP')}`,
  )
  const bytes = (['up', 'down'] as const).map(
    (key) => `${say(`cloud.${key}`)} ${sizeText(all[key])}`,
  )
  return (
    <>
      <output className="text-std-16B-170 mt-3 block">{[...counts, ...bytes].join('　')}</output>
      {firstDay === undefined ? (
        <p>{say('cloud.none')}</p>
      ) : (
        <p className="text-dns-14N-130">{say('cloud.firstDay', { day: dayText(firstDay) })}</p>
      )}
      {beyond > 0 && <p>{say('cloud.beyond', { count: beyond.toLocaleString('ja-JP') })}</p>}
    </>
  )
}

function Save(props: {
  readonly view: View
  readonly query: URLSearchParams
  readonly page: Page
}) {
  const asked = new URLSearchParams(props.query)
  asked.set('from', props.page.from)
  asked.set('to', props.page.to)
  asked.set('table', props.view)
  return (
    <p className="screen-only my-3 flex flex-wrap gap-3">
      {(['excel', 'csv'] as const).map((kind) => (
        <a
          key={kind}
          href={`/api/cloud.${kind === 'excel' ? 'xlsx' : 'csv'}?${asked}`}
          download
          className={buttonLook('second')}
        >
          {say(`cloud.${kind}`)}
        </a>
      ))}
      <Button kind="second" onPress={() => window.print()}>
        {say('cloud.print')}
      </Button>
    </p>
  )
}

function Shown({ view, page }: { readonly view: View; readonly page: Page }) {
  const amounts = AMOUNTS.find((one) => one === view)
  if (amounts !== undefined) return <Amounts view={amounts} rows={page[amounts]} />
  return view === 'reasons' ? <Reasons page={page} /> : <Destinations page={page} />
}

const empty = () => <p className="py-4">{say('cloud.empty')}</p>

function Amounts(props: {
  readonly view: (typeof AMOUNTS)[number]
  readonly rows: readonly CloudTotal[]
}) {
  const { view, rows } = props
  const name = say(`cloud.view.${view}`)
  if (rows.length === 0) return empty()
  const head = [say('cloud.name'), ...NUMBERS.map((key) => say(`cloud.${key}`))]
  return (
    <>
      <CloudBars title={say('cloud.chart', { view: name })} rows={rows} />
      <Table caption={name} head={head}>
        {rows.map((row) => (
          <tr key={row.key}>
            <Cell>
              <SafeName parts={nameParts(row.name)} />
            </Cell>
            <Numbers row={row} />
          </tr>
        ))}
      </Table>
    </>
  )
}

const NUMBERS = ['opened', 'refused', 'up', 'down'] as const

function Numbers({ row }: { readonly row: Omit<CloudTotal, 'key' | 'name'> }) {
  return NUMBERS.map((key) => (
    <Cell key={key} narrow>
      <span className="tabular-nums">
        {key === 'up' || key === 'down' ? sizeText(row[key]) : row[key].toLocaleString('ja-JP')}
      </span>
    </Cell>
  ))
}

const REASON_HEAD = ['reason', 'times', 'askers', 'first', 'last', 'example'] as const

function Reasons({ page }: { readonly page: Page }) {
  if (page.reasons.length === 0) return empty()
  return (
    <>
      <p className="mb-2">{say('cloud.reasonsWatched')}</p>
      <Table
        caption={say('cloud.view.reasons')}
        head={REASON_HEAD.map((key) => say(`cloud.${key}`))}
      >
        {page.reasons.map(({ reason, text, count, askers, first, last, target }) => (
          <tr key={reason}>
            <Cell>
              {text}　<RuleId id={reason} />
            </Cell>
            <Cell narrow>{count.toLocaleString('ja-JP')}</Cell>
            <Cell narrow>{askers.toLocaleString('ja-JP')}</Cell>
            <Cell narrow>
              <When at={first} />
            </Cell>
            <Cell narrow>
              <When at={last} />
            </Cell>
            <Cell>
              <Hostile text={target} />
            </Cell>
          </tr>
        ))}
      </Table>
    </>
  )
}

function Destinations({ page }: { readonly page: Page }) {
  const { destinations, destinationCount: all } = page
  if (destinations.length === 0) return empty()
  const head = [
    say('cloud.target'),
    say('cloud.service'),
    ...NUMBERS.map((key) => say(`cloud.${key}`)),
    say('cloud.watched'),
    say('cloud.people'),
  ]
  return (
    <>
      {all > destinations.length && <p>{say('cloud.more', { all, shown: destinations.length })}</p>}
      <Table caption={say('cloud.view.destinations')} head={head}>
        {destinations.map((row) => (
          <tr key={`${row.target} ${row.service}`}>
            <Cell>
              <Hostile text={row.target} />
            </Cell>
            <Cell>{row.service}</Cell>
            <Numbers row={row} />
            <Cell narrow>{row.watched.toLocaleString('ja-JP')}</Cell>
            <Cell>
              <span className="inline-block min-w-32 print:min-w-0">
                <SafeName parts={nameParts(row.people.join('、'))} />
              </span>
            </Cell>
          </tr>
        ))}
      </Table>
    </>
  )
}

/** What a terminal asked for: any characters, any length. */
function Hostile({ text }: { readonly text: string }) {
  return (
    <span className="inline-block max-w-80 break-all">
      <SafeName parts={nameParts(text)} />
    </span>
  )
}
