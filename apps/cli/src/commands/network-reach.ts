import { writeFile } from 'node:fs/promises'
import { nearest } from '@sekisho/core'
import type { Town } from '@sekisho/core'
import {
  createReachTeller,
  declare,
  drawTown,
  heldFilter,
  REACH_WORDS,
  reachability,
  reachFrom,
  startOf,
  svgOf,
  unreadFindings,
} from '@sekisho/network'
import type { Declared, HeldFilter, NamedStart, Reachability, ReachTeller } from '@sekisho/network'
import { csvText, renderFindings, tableWorkbook, visible } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Arguments, Command, Terminal } from '../command.ts'
import { readFormat } from '../out-file.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { openTown, showProblems } from '../town-file.ts'
import { readDate } from '../values.ts'
import { VERSION } from '../version.ts'
import { readingOf } from './prove.ts'

const FORMATS = ['text', 'json', 'csv', 'svg', 'excel'] as const
type Format = (typeof FORMATS)[number]

export const REACH_USAGE = [
  'sekisho network reach [--from ID] [--town town.yaml] [--at 日付] [--format text|json|csv|svg]',
  'sekisho network reach --format excel --out FILE.xlsx [--from ID] [--town town.yaml]',
] as const

export const REACH_FLAGS: Command['flags'] = {
  town: { type: 'string', value: 'FILE', default: 'town.yaml', about: 'まちの宣言' },
  from: {
    type: 'string',
    value: 'ID',
    about:
      '起点です。system:ID、host:ID、peer:ID、zone:ID、person:ID のどれか。指定がなければ、すべての組を出します',
  },
  ruleset: {
    type: 'string',
    value: 'FILE',
    about:
      '調べる文です。nftables の文、「nft -j list ruleset」、iptables-save、FortiGate、Cisco（ASA・IOS）、Palo Alto の出力のどれかです。指定がなければ、宣言から作る文を調べます',
  },
  at: {
    type: 'string',
    value: 'YYYY-MM-DD',
    about: 'この日に通るものを調べます。指定がなければ今日です',
  },
  format: {
    type: 'string',
    value: FORMATS.join('|'),
    default: 'text',
    about: '出し方。svg は、まち全体の図です',
  },
  json: { type: 'boolean', about: '--format json と同じです' },
  out: { type: 'string', value: 'FILE', about: 'ファイルへ書きます' },
}

type Table = Extract<Reachability, { ok: true }>

/** What is shown: a town's table, whole or from one start. */
interface Shown {
  readonly town: Town
  readonly declared: Declared
  readonly basis: HeldFilter['basis']
  readonly table: Table
  readonly start?: NamedStart
  readonly teller: ReachTeller
}

export async function reach(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const file = args.text('town') ?? 'town.yaml'
  const format = formatOf(args)
  const at = readDate(args)
  const opened = await openTown(file)
  if (!opened.ok) return showProblems(file, opened.findings, args, terminal)
  const { town } = opened.read
  const declared = declare(town, at === undefined ? {} : { at })
  const held = await filterFor(declared, args.text('ruleset'), terminal)
  if (!held) return EXIT.failed
  const table = reachability(town, declared, held.filter)
  if (!table.ok) {
    const subject = { file, version: VERSION, result: 'refuse' } as const
    terminal.out(renderFindings('text', unreadFindings(table.unread), subject))
    return EXIT.failed
  }
  const teller = createReachTeller(town, table.places)
  const start = readStart(args, town, table)
  const caution = start && teller.caution(start)
  if (caution !== undefined) terminal.err(`${caution}\n`)
  const shown = { town, declared, basis: held.basis, table, teller, ...(start && { start }) }
  const rendered = render(format, shown)
  const out = args.text('out')
  if (out !== undefined) await writeFile(out, rendered)
  else if (typeof rendered === 'string') terminal.out(rendered)
  terminal.err(`${REACH_WORDS.basis[held.basis]}（${declared.at} の時点）\n`)
  if (!table.complete) terminal.err('文が細かく分かれているため、途中までの結果です。\n')
  return table.complete ? EXIT.done : EXIT.failed
}

/** @returns `undefined` when a text that was named cannot be read, and it has been said why */
async function filterFor(
  declared: Declared,
  ruleset: string | undefined,
  terminal: Terminal,
): Promise<HeldFilter | undefined> {
  if (ruleset === undefined) return heldFilter(declared)
  const reading = await readingOf(declared, [ruleset], terminal)
  return reading && { filter: reading.filter, basis: 'text' }
}

function formatOf(args: Arguments): Format {
  const format = readFormat(args, FORMATS)
  if (format === 'excel' && args.text('out') === undefined)
    throw new UsageError('--format excel には --out FILE.xlsx が要ります。')
  return format
}

function readStart(args: Arguments, town: Town, table: Table): NamedStart | undefined {
  const wanted = args.text('from')
  if (wanted === undefined) return undefined
  const start = startOf(town, table.places, wanted)
  if (start) return start
  const near = nearest(
    wanted,
    table.places.flatMap(({ id }) => [id, id.slice(id.indexOf(':') + 1)]),
  )
  const hint = near === undefined ? '' : `もしかして ${near} ですか。`
  throw new UsageError(`「${visible(wanted)}」は、この宣言にありません。${hint}`)
}

function render(format: Format, shown: Shown): string | Uint8Array {
  switch (format) {
    case 'text':
      return text(shown)
    case 'json':
      return json(shown)
    case 'csv': {
      const { columns, rows } = tableOf(shown)
      return csvText([columns, ...rows])
    }
    case 'svg':
      return svgOf(drawTown(shown.town, shown.declared))
    case 'excel':
      return excel(shown)
  }
}

const tableOf = ({ town, table, start, teller }: Shown) =>
  teller.table(start ? reachFrom(town, table, start).direct : table.lines)

function text({ town, table, start, teller }: Shown): string {
  const starts = start
    ? [start]
    : table.places
        .filter(({ id }) => table.lines.some((line) => line.from === id))
        .map(({ id }) => ({ name: teller.place(id), places: [id] }))
  const told = starts.map((one) => {
    const from = reachFrom(town, table, one)
    // Of the whole town the direct lines are enough to read; ways over others are asked for one start.
    const known = start ? from : { ...from, gates: [], relayed: [], zones: [] }
    return teller.tell(visible(one.name), known).join('\n')
  })
  return `${told.join('\n\n')}\n`
}

function json({ town, declared, basis, table, start }: Shown): string {
  const from = start && reachFrom(town, table, start)
  const body = {
    sekisho: '1',
    kind: 'Reachability',
    at: declared.at,
    town: declared.digest,
    basis,
    places: table.places.map(({ id, name, plug, zone }) => ({ id, name, plug, zone })),
    ...(from ?? { lines: table.lines }),
  }
  return `${JSON.stringify(body, undefined, 2)}\n`
}

function excel(shown: Shown): Uint8Array {
  const { town, declared, basis, start } = shown
  const words = REACH_WORDS.about
  return tableWorkbook({
    title: `${town.name}　${REACH_WORDS.title}`,
    made: REACH_WORDS.made.replace('{date}', declared.at),
    name: REACH_WORDS.sheet,
    ...tableOf(shown),
    about: {
      name: words.sheet,
      columns: [words.item, words.meaning],
      rows: [
        [words.town, town.name],
        [words.at, declared.at],
        [words.start, start?.name ?? REACH_WORDS.all],
        [words.basis, REACH_WORDS.basis[basis]],
        [words.digest, declared.digest],
        [words.note, words.reading],
      ],
    },
  })
}
