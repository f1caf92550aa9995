/**
 * クラウドの利用: what goes through the cloud gate, for officers and auditors. It stands beside the gate, on the side that may be lost: names that terminals chose are not carried inside for it, and whoever
 * owns this side owns the gate's own record too. It lets nothing through; the one thing that can be done here is to take note of an alert.
 */
import type { IsoDate, Town, WebGate } from '@sekisho/core'
import {
  TOTAL_ORDERS,
  WATCH_TABLES,
  alertWords,
  inOrder,
  mayAcknowledge,
  personName,
  serviceName,
  watchTables,
  watchedName,
} from '@sekisho/gates/web'
import type {
  DayDestination,
  NamedTotal,
  NotAcknowledged,
  RangeTotals,
  WatchTableKey,
} from '@sekisho/gates/web'
import { csvText, tableWorkbook } from '@sekisho/report'
import { daysAfter, daysBetween, isDate } from '@sekisho/town'
import type { CloudAlertView, CloudDestination, CloudNote, CloudPage, CloudTotal } from '../api.ts'
import { acknowledge } from '../cloud/alert-record.ts'
import { CloudWatch } from '../cloud/cloud-watch.ts'
import type { WatchedAlert } from '../cloud/cloud-watch.ts'
import { cloudReasonText } from '../cloud/reason-text.ts'
import { webGateOf } from '../cloud/standing-orders.ts'
import { attachment, XLSX } from '../host/attachment.ts'
import type { CloudPlaces } from '../host/config.ts'
import { oneAtATime } from '../host/one-at-a-time.ts'
import { personOf, seesAll } from '../host/people.ts'
import { readBody, refuse } from '../host/web.ts'
import type { Web, WebContext } from '../host/web.ts'
import { shape, text } from '../shape.ts'
import words from '../words/cloud-use.json' with { type: 'json' }

export const CSV = 'application/octet-stream'
/** Days looked at when nobody says since when, and at most. */
const DAYS = 28
const MOST_DAYS = 366
const DESTINATIONS = 200

export interface CloudUse {
  /** A year is read from the disk: one reader at a time. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>
  readonly town: Town
  readonly gate: WebGate
  readonly watch: CloudWatch
  readonly dataDir: string
}

/** @throws SekishoError CONFIG_INVALID when the town has no such gate, or several and none is named */
export function cloudUseOf({ dataDir, lists, gate: id }: CloudPlaces, town: Town): CloudUse {
  const gate = webGateOf(town, id, words.nameGate)
  const alone = oneAtATime()
  return {
    town,
    gate,
    dataDir,
    watch: new CloudWatch({ dataDir, lists, town, gate }),
    alone: (work) => alone('record', work),
  }
}

/** A page for officers and auditors, one reader of the record at a time. */
export function showCloud(
  app: Web,
  { alone }: CloudUse,
  path: string,
  answer: (context: WebContext) => Promise<Response>,
): void {
  app.get(path, (context) =>
    seesAll(context.get('who'))
      ? alone(() => answer(context))
      : refuse(context, 403, 'NOT-YOUR-ROLE'),
  )
}

export function addCloudUse(app: Web, use: CloudUse): void {
  const { alone } = use
  const get = (path: string, answer: (context: WebContext) => Promise<Response>): void =>
    showCloud(app, use, path, answer)
  get('/api/cloud', async (context) => {
    const asked = askedFor(context, use)
    return asked
      ? context.json(await pageOf(context, use, asked))
      : refuse(context, 400, 'BODY-INVALID')
  })
  get('/api/cloud.csv', async (context) => {
    const table = await tableOf(context, use)
    if (!table) return refuse(context, 400, 'BODY-INVALID')
    const bytes = Buffer.from(csvText([[table.about], table.columns, ...table.rows]))
    return attachment(context, `cloud-${table.key}.csv`, CSV, bytes)
  })
  get('/api/cloud.xlsx', async (context) => {
    const table = await tableOf(context, use)
    if (!table) return refuse(context, 400, 'BODY-INVALID')
    return attachment(context, `cloud-${table.key}.xlsx`, XLSX, workbook(use.town, table))
  })
  app.post('/api/cloud/alerts/:id', async (context) => {
    const who = context.get('who')
    if (!seesAll(who)) return refuse(context, 403, 'NOT-YOUR-ROLE')
    const note = await readBody(context, cloudNote)
    if (!note) return refuse(context, 400, 'BODY-INVALID')
    const { alerts } = await alone(() => use.watch.alerts())
    const found = alerts.find(({ alert }) => alert.id === context.req.param('id'))
    const not = mayAcknowledge(found?.alert, who.person, note.reason)
    if (not !== undefined) return refuse(context, STATUS[not], not)
    if (!found) return refuse(context, 404, 'CLOUD-ALERT-GONE')
    const at = new Date()
    const given = { by: who.person.id, reason: note.reason }
    await acknowledge(use.dataDir, found.alert, given, () => at)
    const acknowledged = { alert: found.alert.id, ...given, at: at.toISOString() }
    return context.json(alertView({ ...found, acknowledged }, context, use))
  })
}

const cloudNote = shape<CloudNote>({ reason: text(2_000) })

const STATUS: Readonly<Record<NotAcknowledged, 400 | 403 | 404>> = {
  'CLOUD-ALERT-GONE': 404,
  'CLOUD-ALERT-ROLE': 403,
  'CLOUD-ALERT-OWN': 403,
  'CLOUD-ALERT-REASON': 400,
}

interface AskedFor {
  readonly from: IsoDate
  readonly to: IsoDate
  readonly service: string
  readonly department: string
  readonly order: (typeof TOTAL_ORDERS)[number]
}

/** @returns undefined for days that are none, or too many */
export function askedFor(context: WebContext, { watch }: CloudUse): AskedFor | undefined {
  const query = (name: string): string => (context.req.query(name) ?? '').slice(0, 63)
  const to = query('to') || watch.today
  const from = query('from') || (isDate(to) ? daysAfter(to, 1 - DAYS) : '')
  if (!isDate(from) || !isDate(to) || from > to || daysBetween(from, to) >= MOST_DAYS)
    return undefined
  const order = TOTAL_ORDERS.find((one) => one === query('sort')) ?? 'bytes'
  return { from, to, service: query('service'), department: query('department'), order }
}

async function totalsOf({ watch }: CloudUse, { from, to, order, ...filter }: AskedFor) {
  const { totals, broken } = await watch.totals(from, to, { ...filter, person: '' })
  return { totals: inOrder(totals, order), broken }
}

async function pageOf(context: WebContext, use: CloudUse, asked: AskedFor): Promise<CloudPage> {
  const { town, gate, watch } = use
  const { totals, broken } = await totalsOf(use, asked)
  const { alerts, learning } = await watch.alerts()
  const [firstDay] = await watch.days()
  return {
    from: asked.from,
    to: asked.to,
    ...(firstDay !== undefined && { firstDay }),
    gateServices: gate.services.map(({ service: id }) => ({ id, name: serviceName(id, town) })),
    gateDepartments: town.departments.map(({ id, name }) => ({ id, name })),
    all: totals.all,
    ...namedTotals(totals, town),
    reasons: totals.reasons.map((one) => ({ ...one, text: cloudReasonText(one.reason) })),
    destinations: totals.destinations
      .slice(0, DESTINATIONS)
      .map((one) => destinationView(one, town)),
    destinationCount: totals.destinations.length,
    alerts: alerts.map((one) => alertView(one, context, use)),
    learning,
    ...(broken && { broken }),
    beyond: totals.beyond,
  }
}

function destinationView(one: DayDestination, town: Town): CloudDestination {
  const { target, opened, refused, watched, up, down, first, last } = one
  return {
    target,
    service: serviceName(one.service, town),
    opened,
    refused,
    watched,
    up,
    down,
    people: one.people.map((id) => personName(id, town)),
    first,
    last,
  }
}

function namedTotals(totals: RangeTotals, town: Town) {
  const named = (key: 'services' | 'departments' | 'people' | 'hours' | 'days') =>
    totals[key].map((row: NamedTotal): CloudTotal => ({
      ...row,
      name: watchedName(key, row.key, town),
    }))
  return {
    services: named('services'),
    departments: named('departments'),
    people: named('people'),
    hours: named('hours'),
    days: named('days'),
  }
}

function alertView(
  { alert, acknowledged }: WatchedAlert,
  context: WebContext,
  { town }: CloudUse,
): CloudAlertView {
  const { person } = context.get('who')
  const { id, rule, since } = alert
  const may = mayAcknowledge(alert, person, '＿＿＿＿') === undefined
  return {
    id,
    rule,
    since,
    ...alertWords(alert, town),
    mayNote: !acknowledged && may,
    ...(acknowledged && {
      noted: {
        by: personOf(town, acknowledged.by)?.name ?? acknowledged.by,
        reason: acknowledged.reason,
        at: acknowledged.at,
      },
    }),
  }
}

/** A table to take along. */
export interface SavedTable {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** The filter, in words. */
  readonly about: string
}

type Table = SavedTable & { readonly key: WatchTableKey }

async function tableOf(context: WebContext, use: CloudUse): Promise<Table | undefined> {
  const asked = askedFor(context, use)
  const key = WATCH_TABLES.find((one) => one === context.req.query('table'))
  if (!asked || key === undefined) return undefined
  const { town } = use
  const { totals } = await totalsOf(use, asked)
  const table = watchTables(totals, town, cloudReasonText).find((one) => one.key === key)
  const { from, to, service, department } = asked
  const parts = [
    `${words.period} ${from} ${words.until} ${to}`,
    ...(service === '' ? [] : [serviceName(service, town)]),
    ...(department === '' ? [] : [watchedName('departments', department, town)]),
  ]
  return table && { ...table, about: parts.join('　') }
}

/** @param notes what its columns mean beside their names */
export function workbook(
  town: Town,
  { title, columns, rows, about }: SavedTable,
  notes: readonly (readonly string[])[] = [[words.bytes, words.bytesMeaning]],
): Uint8Array {
  return tableWorkbook({
    title: `${town.name}　${words.title}　${title}`,
    made: about,
    name: title,
    columns,
    rows,
    about: {
      name: words.sheet,
      columns: [words.item, words.meaning],
      rows: [[words.town, town.name], [words.condition, about], ...notes],
    },
  })
}
