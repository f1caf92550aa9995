import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import type { Finding } from '@sekisho/core'
import { renderFindings } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Arguments, Command, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { actorOf, recordLate } from '../firewall/evidence.ts'
import { FIREWALL_FLAG, firewallFolder } from '../firewall/folder.ts'
import { openMonitor } from '../firewall/monitor.ts'
import { createWatch } from '../firewall/watch.ts'
import type { Look } from '../firewall/watch.ts'
import { troubleSentence } from '../trouble.ts'
import { VERSION } from '../version.ts'

const FORMATS = ['text', 'json', 'sarif'] as const
/** With the time a look takes, a change is found within 5 s, also when nobody wakes us. */
const LONGEST_SECONDS = 4
/** Witnesses written into one entry of the log at most. */
const MOST_RECORDED = 20

export const drift: Command = {
  name: 'drift',
  about: 'カーネルの規則が宣言から離れていないかを、見張ります',
  usage: [
    'sekisho drift [--town town.yaml] [--every 2s]',
    'sekisho drift --once [--town town.yaml] [--format text|json|sarif]',
  ],
  flags: {
    town: { type: 'string', value: 'FILE', default: 'town.yaml', about: 'まちの宣言' },
    every: {
      type: 'string',
      value: '2s',
      default: '2s',
      about: 'この間隔で見ます（1s から 4s）。規則が変わったと分かれば、すぐ見ます',
    },
    once: { type: 'boolean', about: '1回だけ見て、離れていれば終了コード 3 で終わります' },
    data: FIREWALL_FLAG,
    format: { type: 'string', value: FORMATS.join('|'), default: 'text', about: '出し方' },
    json: { type: 'boolean', about: 'JSON で出します' },
  },
  async run(args, terminal) {
    const wait = secondsOf(args) * 1_000
    const file = resolve(args.text('town') ?? 'town.yaml')
    const show = shower(args, terminal, file)
    const look = createWatch(
      file,
      firewallFolder(args),
      () => new Date(),
      actorOf(terminal.environment),
    )
    if (args.on('once')) {
      const seen = await look()
      await note(args, terminal, seen, 'once')
      show(seen)
      return CODES[seen.kind]
    }
    return watch(args, terminal, { look, show, wait })
  },
}

const CODES: Readonly<Record<Look['kind'], ExitCode>> = {
  same: EXIT.done,
  equal: EXIT.done,
  drift: EXIT.findings,
  blind: EXIT.failed,
}

function secondsOf(args: Arguments): number {
  const seconds = Number(/^([1-9])s?$/u.exec(args.text('every') ?? '')?.[1] ?? 0)
  if (seconds < 1 || seconds > LONGEST_SECONDS) {
    throw new UsageError(`--every は 1s から ${LONGEST_SECONDS}s までです。`)
  }
  return seconds
}

interface Watching {
  readonly look: () => Promise<Look>
  readonly show: (seen: Look) => void
  readonly wait: number
}

async function watch(
  args: Arguments,
  terminal: Terminal,
  { look, show, wait }: Watching,
): Promise<ExitCode> {
  const monitor = openMonitor()
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stopping.abort()
      monitor.end()
    })
  }
  let told = ''
  while (!stopping.signal.aborted) {
    const seen = await look()
    const news = newsOf(seen)
    if (seen.kind !== 'same' && news !== told) {
      show(seen)
      await note(args, terminal, seen, told === '' ? 'start' : 'changed')
      told = news
    }
    await monitor.wait(wait)
  }
  monitor.end()
  return EXIT.done
}

/** What is worth telling: another answer, other rules that are not as declared, another flow past its day. */
function newsOf({ kind, ruleset, model, expired }: Look): string {
  const where = kind === 'equal' ? [] : [ruleset, model]
  return [kind, ...where, ...expired.map(({ message }) => message)].join('\n')
}

function shower(args: Arguments, terminal: Terminal, file: string): (seen: Look) => void {
  const wanted = args.on('json') ? 'json' : args.text('format')
  const format = FORMATS.find((known) => known === wanted)
  if (format === undefined) throw new UsageError(`--format は ${FORMATS.join('・')} のどれかです。`)
  return ({ kind, findings, expired, day }) => {
    const result = kind === 'equal' ? 'pass' : 'refuse'
    const all: readonly Finding[] = [...findings, ...expired]
    terminal.out(renderFindings(format, all, { file, version: VERSION, result }))
    terminal.err(`${new Date().toISOString()}　${SENTENCES[kind]}（${day}）\n`)
  }
}

const SENTENCES: Readonly<Record<Look['kind'], string>> = {
  same: '',
  equal: 'カーネルの規則は、宣言のとおりです。',
  drift: 'カーネルの規則が、宣言から離れています。情報担当が確かめてください。',
  blind: '見張れません。離れていないとは言えません。',
}

/** Into the log of the firewall's machine: when it is found, and when it is over. */
async function note(
  args: Arguments,
  terminal: Terminal,
  { kind, model, ruleset, day, findings, expired }: Look,
  when: 'once' | 'start' | 'changed',
): Promise<void> {
  if (kind === 'equal' && when === 'once') return
  const alarm = kind !== 'equal'
  try {
    await recordLate(firewallFolder(args), `firewall:drift:${randomUUID()}`, {
      kind: alarm ? 'failed' : 'changed',
      model: model === '' ? '0'.repeat(64) : model,
      actor: actorOf(terminal.environment),
      detail: {
        what: 'firewall',
        step: alarm ? `drift-${kind}` : 'drift-none',
        ruleset,
        day,
        count: findings.length,
        expired: expired.map(({ message }) => message).slice(0, MOST_RECORDED),
        reasons: [...new Set(findings.map(({ rule }) => rule))],
        witnesses: findings.slice(0, MOST_RECORDED).map(({ message }) => message),
      },
    })
  } catch (error) {
    // The alarm is shown whatever becomes of the record.
    terminal.err(`証跡に書けません。${troubleSentence(error)}\n`)
  }
}
