import { readFile } from 'node:fs/promises'
import type { Finding } from '@sekisho/core'
import {
  counterFindings,
  declare,
  leftOutFindings,
  outcomeFindings,
  probeLab,
  writeNftables,
} from '@sekisho/network'
import { renderFindings, visible } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Arguments, Command, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { openTown, showProblems } from '../town-file.ts'
import { VERSION } from '../version.ts'
import { PROBER } from '../probe/program.ts'

const FORMATS = ['text', 'json', 'sarif'] as const

export const probe: Command = {
  name: 'probe',
  about: '実際に通信を送って、宣言した通信だけが通ることを確かめます',
  usage: [
    'sekisho probe --lab [--town town.yaml] [--ruleset FILE] [--format text|json|sarif]',
  ],
  flags: {
    town: { type: 'string', value: 'FILE', default: 'town.yaml', about: 'まちの宣言' },
    lab: {
      type: 'boolean',
      about:
        'この機器の中だけに、まちと同じ形の網を作って確かめます。外へは何も送りません',
    },
    ruleset: {
      type: 'string',
      value: 'FILE',
      about: '確かめる nftables の文。指定がなければ、宣言から作る文を確かめます',
    },
    all: { type: 'boolean', about: '同じ扱いの機器も、1台も省かずに確かめます' },
    format: { type: 'string', value: FORMATS.join('|'), default: 'text', about: '出し方' },
    json: { type: 'boolean', about: 'JSON で出します' },
  },
  async run(args, terminal) {
    if (!args.on('lab')) throw new UsageError('--lab を付けてください。')
    return inLab(args, terminal)
  },
}

async function inLab(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const format = readFormat(args)
  const file = args.text('town') ?? 'town.yaml'
  const opened = await openTown(file)
  if (!opened.ok) return showProblems(file, opened.findings, args, terminal)
  const { town } = opened.read
  // The kernel's own clock ends a flow, so only today can be asked about.
  const declared = declare(town)
  const ruleset = args.text('ruleset')
  const text =
    ruleset === undefined ? writeNftables(declared) : (await readFile(ruleset)).toString('utf8')
  const result = await probeLab(town, declared, text, {
    prober: PROBER,
    now: Math.floor(Date.now() / 1_000),
    ...(args.on('all') && { alike: Infinity }),
  })
  if (!result.ok) {
    terminal.err(
      result.reason === 'NET-REFUSED'
        ? `nft がこの文を受け取りません。文を直してから、もう一度確かめてください。\n${visible(result.says)}\n`
        : `この機器の中に網を作れないので、何も確かめていません。Linux で、nftables と iproute2 を入れて試してください。\n${visible(result.says)}\n`,
    )
    return EXIT.failed
  }
  const { places, outcomes } = result.probe
  const wrong = [
    ...outcomeFindings(town, declared, places, outcomes),
    ...counterFindings(declared, result.probe),
  ]
  const good = wrong.every(({ effect }) => effect === 'note')
  const findings: readonly Finding[] = [...wrong, ...leftOutFindings(town, declared.leftOut)]
  const [passed, stopped] = (['answered', 'stopped'] as const).map(
    (wanted) => outcomes.filter(({ sighting }) => sighting === wanted).length,
  ) as [number, number]
  terminal.out(
    renderFindings(format, findings, {
      file: ruleset ?? file,
      version: VERSION,
      result: good ? 'pass' : 'refuse',
      about: { asked: outcomes.length, passed, stopped },
    }),
  )
  terminal.err(
    `${places.length}か所のあいだで${outcomes.length}件を実際に送り、${passed}件が通り、${stopped}件が止まりました。\n`,
  )
  return good ? EXIT.done : EXIT.findings
}

function readFormat(args: Arguments): (typeof FORMATS)[number] {
  const wanted = args.on('json') ? 'json' : args.text('format')
  const format = FORMATS.find((known) => known === wanted)
  if (format === undefined) throw new UsageError(`--format は ${FORMATS.join('・')} のどれかです。`)
  return format
}
