/**
 * まちの構成: the town in force as a picture and a table, and what somebody can reach in it by what the firewall's text lets through.
 */
import type { Town } from '@sekisho/core'
import type { Judge } from '@sekisho/judge'
import {
  createReachTeller,
  declare,
  drawTown,
  groupNames,
  heldFilter,
  reachability,
  reachFrom,
  REACH_WORDS,
  startOf,
  svgOf,
} from '@sekisho/network'
import type {
  Declared,
  HeldFilter,
  NamedStart,
  Reachability,
  ReachTable,
  ReachTeller,
} from '@sekisho/network'
import { csvText, tableWorkbook } from '@sekisho/report'
import { shown, todayInJapan } from '@sekisho/town'
import type { TownReading } from '@sekisho/town'
import type { ReachPage, StructurePage } from '../api.ts'
import { isActive } from '../host/people.ts'
import { refuse } from '../host/web.ts'
import type { Web, WebContext } from '../host/web.ts'
import { seesAll } from './evidence.ts'
import { flowsTable, flowRows, gateRows } from './flow-rows.ts'
import { lastUse } from './last-use.ts'
import type { UseRecords } from './last-use.ts'

export interface StructureOptions extends UseRecords {
  readonly read: TownReading
  readonly judge: Judge
}

/** The way through a town is what an attacker wants to know: it is shown to those who mend or audit it, and to nobody else. */
export function addStructure(app: Web, options: StructureOptions): void {
  const { town } = options.read
  const dayOf = dayKeeper(options)
  const get = (
    path: string,
    answer: (context: WebContext) => Response | Promise<Response>,
  ): void => {
    app.get(path, (context) =>
      seesAll(context.get('who')) ? answer(context) : refuse(context, 403, 'NOT-YOUR-ROLE'),
    )
  }
  get('/api/structure', async (context) => context.json(await pageOf(context, options)))
  get('/api/structure.svg', (context) => {
    const svg = svgOf(drawTown(town, declare(town), narrowed(context, town)))
    return saved(context, 'structure.svg', 'image/svg+xml', svg)
  })
  get('/api/structure.csv', async (context) => {
    const flows = drawnFlows(await pageOf(context, options))
    return saved(context, 'structure.csv', CSV, csvOf(flowsTable(flows)))
  })
  get('/api/structure.xlsx', async (context) => {
    const page = await pageOf(context, options)
    const { at } = page
    const about = [[REACH_WORDS.about.at, at]]
    return saved(
      context,
      'structure.xlsx',
      XLSX,
      workbook(town.name, REACH_WORDS.flows.title, at, flowsTable(drawnFlows(page)), about),
    )
  })
  get('/api/structure/reach', async (context) => {
    const day = await dayOf()
    if (day === undefined) return refuse(context, 503, 'TRY-LATER')
    const start = startOf(town, day.table.places, context.req.query('from') ?? '')
    if (!start) return refuse(context, 404, 'NOT-FOUND')
    return context.json(reachPage(options, day, start))
  })
  get('/api/structure/reach.csv', async (context) => {
    const day = await dayOf()
    const table = day && tableOf(options, day, context)
    if (!table) return refuse(context, 404, 'NOT-FOUND')
    return saved(context, 'reach.csv', CSV, csvOf(table.rows))
  })
  get('/api/structure/reach.xlsx', async (context) => {
    const day = await dayOf()
    const table = day && tableOf(options, day, context)
    if (!table) return refuse(context, 404, 'NOT-FOUND')
    const words = REACH_WORDS.about
    const about = [
      [words.at, day.declared.at],
      [words.start, table.start],
      [words.basis, REACH_WORDS.basis[day.basis]],
      [words.digest, day.declared.digest],
      [words.note, words.reading],
    ]
    return saved(
      context,
      'reach.xlsx',
      XLSX,
      workbook(town.name, REACH_WORDS.title, day.declared.at, table.rows, about),
    )
  })
}

const CSV = 'text/csv; charset=utf-8'
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

const csvOf = ({ columns, rows }: ReachTable): string => csvText([columns, ...rows])

function workbook(
  town: string,
  title: string,
  at: string,
  table: ReachTable,
  about: readonly (readonly string[])[],
): Uint8Array {
  const words = REACH_WORDS.about
  return tableWorkbook({
    title: `${town}　${title}`,
    made: REACH_WORDS.made.replace('{date}', at),
    name: title,
    ...table,
    about: {
      name: words.sheet,
      columns: [words.item, words.meaning],
      rows: [[words.town, town], ...about],
    },
  })
}

function saved(
  context: WebContext,
  name: string,
  type: string,
  body: string | Uint8Array,
): Response {
  context.header('content-type', type)
  context.header('content-disposition', `attachment; filename="${name}"`)
  return context.body(typeof body === 'string' ? body : new Uint8Array(body))
}

type Table = Extract<Reachability, { ok: true }>

/** Reachability of one day. */
interface Day {
  readonly declared: Declared
  readonly basis: HeldFilter['basis']
  readonly table: Table
  readonly teller: ReachTeller
}

/** Computes reachability once a day: flows end with their last day, and nothing else changes while a model is in force. */
function dayKeeper({ read: { town } }: StructureOptions): () => Promise<Day | undefined> {
  let kept: { readonly at: string; readonly day: Promise<Day | undefined> } | undefined
  return () => {
    const at = todayInJapan(new Date())
    if (kept?.at !== at) kept = { at, day: dayAt(at) }
    return kept.day
  }
  async function dayAt(at: string): Promise<Day | undefined> {
    const declared = declare(town, { at })
    const { filter, basis } = await heldFilter(declared)
    const table = reachability(town, declared, filter)
    if (!table.ok) return undefined
    return { declared, basis, table, teller: createReachTeller(town, table.places) }
  }
}

/** The zone or outside network that was asked for; a name nobody knows narrows nothing. */
function narrowed(context: WebContext, town: Town): { readonly only?: string } {
  const asked = context.req.query('only')
  const known = groupNames(town).find(({ id }) => id === asked)
  return known ? { only: known.id } : {}
}

/** The flows that are in the picture. */
function drawnFlows({ flows, drawing }: StructurePage): StructurePage['flows'] {
  const drawn = new Set(drawing.arrows.map(({ id }) => id))
  return flows.filter(({ id }) => drawn.has(id))
}

async function pageOf(context: WebContext, options: StructureOptions): Promise<StructurePage> {
  const { town } = options.read
  const at = todayInJapan(new Date())
  const declared = declare(town, { at })
  const drawing = drawTown(town, declared, narrowed(context, town))
  const used = await lastUse(options, declared)
  return {
    drawing,
    flows: flowRows(options, declared, used),
    gates: gateRows(town, drawing, used),
    groups: groupNames(town),
    starts: startsOf(town),
    at,
  }
}

function startsOf(town: Town): StructurePage['starts'] {
  const item = (kind: string, { id, name }: { readonly id: string; readonly name: string }) => ({
    id: `${kind}:${id}`,
    name: shown(name),
  })
  const departments = new Map(town.departments.map(({ id, name }) => [id, shown(name)]))
  return [
    ...town.zones.map((zone) => ({
      group: shown(zone.name),
      items: town.systems
        .filter((system) => system.zone === zone.id)
        .map((system) => item('system', system)),
    })),
    { group: REACH_WORDS.starts.peers, items: town.peers.map((peer) => item('peer', peer)) },
    {
      group: REACH_WORDS.starts.people,
      items: town.people
        .filter((person) => isActive(person, new Date()))
        .map((person) => ({
          id: `person:${person.id}`,
          name: `${departments.get(person.department) ?? ''}　${shown(person.name)}`,
        })),
    },
  ].filter(({ items }) => items.length > 0)
}

function reachPage({ read: { town } }: StructureOptions, day: Day, start: NamedStart): ReachPage {
  const { table, teller, basis } = day
  const from = reachFrom(town, table, start)
  const numbers = new Map(town.flows.map(({ id }, nth) => [id, nth + 1]))
  const lines = [...from.direct, ...from.relayed.flatMap((relay) => relay.lines)]
  const caution = teller.caution(start)
  return {
    name: shown(start.name),
    ...(caution !== undefined && { caution }),
    basis: REACH_WORDS.basis[basis],
    direct: from.direct.map((line) => {
      const number = numbers.get(line.flow ?? '')
      return {
        to: teller.place(line.to),
        what: teller.what(line),
        by: teller.permission(line),
        ...(number !== undefined && { number }),
        ...(line.flow !== undefined && { flow: line.flow }),
      }
    }),
    gates: from.gates.map((gate) => teller.gate(gate)),
    relayed: from.relayed.map((relay) => teller.way(relay)),
    zones: from.zones.map((id) => shown(town.zones.find((zone) => zone.id === id)?.name ?? id)),
    lit: {
      flows: [...new Set(lines.flatMap(({ flow }) => flow ?? []))],
      boxes: [...new Set([...start.places, ...lines.map(({ to }) => to)])],
    },
  }
}

/** The lines from where one stands, or all; `undefined` when nobody stands there. */
function tableOf(
  { read: { town } }: StructureOptions,
  { table, teller }: Day,
  context: WebContext,
): { readonly start: string; readonly rows: ReachTable } | undefined {
  const asked = context.req.query('from') ?? ''
  if (asked === '') return { start: REACH_WORDS.all, rows: teller.table(table.lines) }
  const start = startOf(town, table.places, asked)
  if (!start) return undefined
  return { start: shown(start.name), rows: teller.table(reachFrom(town, table, start).direct) }
}
