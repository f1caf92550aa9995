import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import {
  counterFindings,
  declare,
  outcomeFindings,
  ownFindings,
  probeLab,
  writeNftables,
} from '@sekisho/network'
import { visible } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Arguments, Command, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { PROBER } from '../probe/program.ts'
import { openTown, showProblems } from '../town-file.ts'
import { makeKey, probeAgents, runAgent } from './probe-agents.ts'
import { finishProbe, FORMATS, probeFormat } from './probe-result.ts'

const VERBS = { key: makeKey, agent: runAgent, run: probeAgents } as const

export const probe: Command = {
  name: 'probe',
  about: '実際に通信を送って、宣言した通信だけが通ることを確かめます',
  usage: [
    'sekisho probe --lab [--town town.yaml] [--ruleset FILE] [--format text|json|sarif]',
    'sekisho probe key --out FILE',
    'sekisho probe agent --listen アドレス:ポート --key FILE [--town town.yaml]',
    'sekisho probe run --agents FILE --key FILE [--town town.yaml] [--record DIR]',
  ],
  flags: {
    town: { type: 'string', value: 'FILE', default: 'town.yaml', about: 'まちの宣言' },
    lab: {
      type: 'boolean',
      about: 'この機器の中だけに、まちと同じ形の網を作って確かめます。外へは何も送りません',
    },
    ruleset: {
      type: 'string',
      value: 'FILE',
      about: '--lab で確かめる nftables の文。指定がなければ、宣言から作る文を確かめます',
    },
    all: { type: 'boolean', about: '--lab で、同じ扱いの機器も1台も省かずに確かめます' },
    agents: {
      type: 'string',
      value: 'FILE',
      about: '確かめる機器の一覧。1行に1台、10.1.0.11:7700 のように書きます',
    },
    listen: {
      type: 'string',
      value: 'アドレス:ポート',
      about: 'この機器のアドレスと、指図を待つポート',
    },
    key: { type: 'string', value: 'FILE', about: '1回ごとの鍵。機器のあいだで同じものを使います' },
    record: {
      type: 'string',
      value: 'DIR',
      about: '結果を証跡に残すフォルダ。なければ作ります',
    },
    out: { type: 'string', short: 'o', value: 'FILE', about: '鍵の書き先' },
    format: { type: 'string', value: FORMATS.join('|'), default: 'text', about: '出し方' },
    json: { type: 'boolean', about: 'JSON で出します' },
  },
  words: Object.keys(VERBS),
  async run(args, terminal) {
    const [verb] = args.positionals
    // A format that nobody writes is told before anything is sent.
    probeFormat(args)
    if (verb === undefined && args.on('lab')) return inLab(args, terminal)
    if (verb === undefined || !Object.hasOwn(VERBS, verb)) {
      throw new UsageError(
        `--lab を付けるか、${Object.keys(VERBS).join('・')} のどれかを書いてください。`,
      )
    }
    return VERBS[verb as keyof typeof VERBS](args, terminal)
  },
}

async function inLab(args: Arguments, terminal: Terminal): Promise<ExitCode> {
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
  return finishProbe(args, terminal, {
    file: ruleset ?? file,
    where: 'lab',
    town,
    declared,
    findings: [
      ...outcomeFindings(town, declared, places, outcomes),
      ...ownFindings(places, result.probe.own),
      ...counterFindings(declared, result.probe),
    ],
    outcomes,
    places: places.length,
    ruleset: createHash('sha256').update(text).digest('hex'),
  })
}
