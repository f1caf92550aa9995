import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import type { Town } from '@sekisho/core'
import {
  agentAddresses,
  AGENT_LIMITS,
  declare,
  KEY_BYTES,
  outcomeFindings,
  readKey,
} from '@sekisho/network'
import { visible } from '@sekisho/report'
import { modelDigest } from '@sekisho/town'
import { UsageError } from '../command.ts'
import type { Arguments, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { startAgent } from '../probe/agent.ts'
import { readAgents, readSpot } from '../probe/agents-file.ts'
import { runAgents } from '../probe/operator.ts'
import type { AgentRun } from '../probe/operator.ts'
import { openTown, showProblems } from '../town-file.ts'
import { finishProbe } from './probe-result.ts'

/** Makes the key of one run. */
export async function makeKey(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const out = args.text('out')
  if (out === undefined) throw new UsageError('--out に、鍵の書き先を書いてください。')
  const key = `${randomBytes(KEY_BYTES).toString('hex')}\n`
  // A key in use is never written over.
  await writeFile(out, key, { mode: 0o600, flag: 'wx' })
  terminal.out(
    `${visible(out)} に鍵を書きました。確かめる機器へ手で運び、終わったら消してください。\n`,
  )
  return EXIT.done
}

/** Runs an agent until its run, or its time, is over. */
export async function runAgent(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const spot = readSpot(args.text('listen') ?? '')
  if (!spot)
    throw new UsageError('--listen に、この機器の 10.1.0.11:7700 のような番号を書いてください。')
  const key = await keyOf(args)
  const opened = await townOf(args, terminal)
  if (typeof opened === 'number') return opened
  const targets = agentAddresses(opened.town)
  if (!targets.has(spot.address)) {
    terminal.err(`${spot.address} は、まちの宣言にある機器のアドレスではありません。\n`)
    return EXIT.failed
  }
  const agent = await startAgent({
    ...spot,
    key,
    model: modelDigest(opened.town),
    targets: new Set(targets.keys()),
  })
  terminal.err(
    `${spot.address} の ${agent.port}番で待っています。確かめ終えるか、${AGENT_LIMITS.minutes}分たつと終わります。\n`,
  )
  const how = await agent.done
  terminal.err(how === 'ran' ? '確かめ終えました。\n' : '時間になったので終わりました。\n')
  return how === 'ran' ? EXIT.done : EXIT.failed
}

/** Has the agents of a list ask each other. */
export async function probeAgents(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const list = args.text('agents')
  if (list === undefined) throw new UsageError('--agents に、確かめる機器の一覧を書いてください。')
  const key = await keyOf(args)
  const opened = await townOf(args, terminal)
  if (typeof opened === 'number') return opened
  const { town, file } = opened
  const declared = declare(town)
  const read = readAgents(await readFile(list, 'utf8'), town, declared)
  if (!read.ok) {
    terminal.err(`${visible(list)} の${read.line}行目: ${WHY[read.why]}\n`)
    return EXIT.failed
  }
  if (read.agents.length < 2) throw new UsageError('機器は2台から確かめられます。')
  const run = await runAgents(declared, read.agents, key)
  if (!run.ok) {
    terminal.err(sentenceOf(run))
    return EXIT.failed
  }
  const places = read.agents.map(({ place }) => place)
  const findings = outcomeFindings(town, declared, places, run.outcomes)
  return finishProbe(args, terminal, {
    file,
    where: 'agents',
    town,
    declared,
    findings,
    outcomes: run.outcomes,
    places: places.length,
  })
}

const WHY = {
  form: '10.1.0.11:7700 か [2001:db8::11]:7700 の形で書いてください。',
  address: 'このアドレスは、まちの宣言にある機器のものではありません。',
  twice: '同じ機器が2度あります。',
  many: '機器が多すぎます。40台までに分けてください。',
} as const

function sentenceOf({ reason, agent }: Extract<AgentRun, { ok: false }>): string {
  const who = visible(agent)
  switch (reason) {
    case 'PROBE-NO-AGENT':
      return `${who} の代理と話せないので、何も確かめていません。その機器で「sekisho probe agent」が動いているか、鍵が同じかを見てください。\n`
    case 'PROBE-OTHER-TOWN':
      return `${who} の代理は、別のまちの宣言で動いています。同じ town.yaml を渡して始め直してください。\n`
    case 'PROBE-TOO-MANY':
      return `${who} が送る件数が多すぎます。機器を分けて確かめてください。\n`
  }
}

async function keyOf(args: Arguments): Promise<Buffer> {
  const file = args.text('key')
  if (file === undefined)
    throw new UsageError('--key に、「sekisho probe key」で作った鍵を書いてください。')
  const key = readKey(await readFile(file, 'utf8'))
  if (!key)
    throw new UsageError('鍵が読めません。「sekisho probe key --out FILE」で作り直してください。')
  return key
}

async function townOf(
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode | { readonly town: Town; readonly file: string }> {
  const file = args.text('town') ?? 'town.yaml'
  const opened = await openTown(file)
  if (!opened.ok) return showProblems(file, opened.findings, args, terminal)
  return { town: opened.read.town, file }
}
