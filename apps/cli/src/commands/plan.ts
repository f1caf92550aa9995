import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Finding } from '@sekisho/core'
import { createJudge } from '@sekisho/judge'
import {
  applyRefusal,
  changesNothing,
  declare,
  loadNftables,
  makePlan,
  planId,
  readKernel,
  readPlan,
  transactionOf,
  writeNftables,
  writePlan,
} from '@sekisho/network'
import type { Plan, PlanFrom } from '@sekisho/network'
import { renderFindings, visible } from '@sekisho/report'
import { modelDigest, readTown, todayInJapan } from '@sekisho/town'
import type { TownReading } from '@sekisho/town'
import { UsageError } from '../command.ts'
import type { Arguments, Command, Terminal } from '../command.ts'
import { readFormat } from '../out-file.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { FIREWALL_FLAG, firewallFolder } from '../firewall/folder.ts'
import { planText } from '../firewall/plan-text.ts'
import { openTown, showProblems } from '../town-file.ts'
import { readDate } from '../values.ts'
import { VERSION } from '../version.ts'

/** `nft`: exactly the text that is loaded. */
const FORMATS = ['text', 'json', 'sarif', 'nft'] as const

export const plan: Command = {
  name: 'plan',
  about: 'ファイアウォールの規則がどう変わるかを、反映する前に見ます',
  usage: [
    'sekisho plan [--town town.yaml] [--out FILE.plan]',
    'sekisho plan --from FORMER.yaml [--town town.yaml] [--out FILE.plan] [--at 日付]',
    'sekisho plan --ruleset FILE [--town town.yaml] [--out FILE.plan] [--at 日付]',
  ],
  flags: {
    town: { type: 'string', value: 'FILE', default: 'town.yaml', about: 'まちの宣言' },
    live: {
      type: 'boolean',
      about: 'この機械がいま持つ規則とくらべます。--from も --ruleset もなければ、これです',
    },
    from: { type: 'string', value: 'FILE', about: '前の宣言とくらべます' },
    ruleset: {
      type: 'string',
      value: 'FILE',
      about: 'この規則とくらべます。nftables の文か、「nft -j list ruleset」の出力です',
    },
    'replace-all': {
      type: 'boolean',
      about: 'この機械の規則をすべて置き換えます。指定がなければ、関所の表だけを置き換えます',
    },
    out: { type: 'string', short: 'o', value: 'FILE.plan', about: '変更案の書き先' },
    at: {
      type: 'string',
      value: 'YYYY-MM-DD',
      about: 'この日の変更案です。反映できるのもこの日だけです。指定がなければ今日です',
    },
    format: {
      type: 'string',
      value: FORMATS.join('|'),
      default: 'text',
      about: '出し方。nft は、入れる文そのものです',
    },
    json: { type: 'boolean', about: 'JSON で出します' },
    data: FIREWALL_FLAG,
    'detailed-exitcode': { type: 'boolean', about: '変わることがあれば終了コード 10 で終わります' },
  },
  async run(args, terminal) {
    const format = readFormat(args, FORMATS)
    const file = args.text('town') ?? 'town.yaml'
    const opened = await openTown(file)
    if (!opened.ok) return showProblems(file, opened.findings, args, terminal)
    const at = readDate(args) ?? todayInJapan(new Date())
    const there = await thereIs(args, at)
    const refuse = (finding: Finding): ExitCode => {
      const subject = { file, version: VERSION, result: 'refuse' } as const
      terminal.out(renderFindings(format === 'nft' ? 'text' : format, [finding], subject))
      return EXIT.failed
    }
    if (!there.ok) return refuse(there.finding)
    const made = await makePlan({
      text: opened.text,
      read: opened.read,
      at,
      rules: createJudge().digest,
      scope: args.on('replace-all') ? 'all' : 'table',
      before: there.before,
      ...(there.former && { former: there.former }),
    })
    if (!made.ok) return refuse(made.finding)
    const out = args.text('out')
    if (out !== undefined) await writeFile(out, writePlan(made.plan), { mode: 0o600 })
    show(made.plan, format, { file, out }, terminal)
    return endOf(made.plan, args)
  },
}

type There =
  | { readonly ok: true; readonly before: PlanFrom['before']; readonly former?: TownReading }
  | { readonly ok: false; readonly finding: Finding }

/** What is there: the kernel's rules, a file's, or those of a former declaration. */
async function thereIs(args: Arguments, at: string): Promise<There> {
  const [from, ruleset] = [args.text('from'), args.text('ruleset')]
  if ([from, ruleset, args.on('live') || undefined].filter(Boolean).length > 1) {
    throw new UsageError('--from・--ruleset・--live は、どれか1つです。')
  }
  if (from !== undefined) return fromTown(from, at)
  if (ruleset !== undefined) return fromText((await readFile(ruleset)).toString('utf8'), 'file')
  const held = await readKernel()
  if (!held.ok) return { ok: false, finding: applyRefusal(held.reason, { says: held.says }) }
  const former = held.town === undefined ? undefined : await inForce(args, held.town)
  const before = { source: 'kernel', listing: held.listing } as const
  return { ok: true, before, ...(former && { former }) }
}

async function fromTown(path: string, at: string): Promise<There> {
  const former = readTown(await readFile(path, 'utf8'))
  if (!former.ok) throw new UsageError(`--from の ${visible(path)} は、宣言として読めません。`)
  const there = await fromText(writeNftables(declare(former.town, { at })), 'town')
  return there.ok ? { ...there, former } : there
}

async function fromText(text: string, source: 'file' | 'town'): Promise<There> {
  if (text.trimStart().startsWith('{')) {
    return { ok: true, before: { source, listing: fromJson(text) } }
  }
  const loaded = await loadNftables(text)
  return loaded.ok
    ? { ok: true, before: { source, listing: loaded.listing } }
    : { ok: false, finding: applyRefusal(loaded.reason, { says: loaded.says }) }
}

/** The declaration that was applied last, if the kernel's rules are its rules. */
async function inForce(args: Arguments, digest: string): Promise<TownReading | undefined> {
  const path = join(firewallFolder(args), 'in-force.plan')
  const last = readPlan(await readFile(path, 'utf8').catch(() => ''))
  const read = last.ok ? readTown(last.plan.town.text) : undefined
  return read?.ok && modelDigest(read.town) === digest ? read : undefined
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function show(
  made: Plan,
  format: (typeof FORMATS)[number],
  files: { readonly file: string; readonly out: string | undefined },
  terminal: Terminal,
): void {
  if (format === 'json') terminal.out(writePlan(made))
  else if (format === 'nft') terminal.out(transactionOf(made.text, made.scope))
  else if (format === 'sarif') {
    const result = made.unproved.length > 0 ? 'refuse' : 'pass'
    const findings = [...made.unproved, ...(made.findings?.appear ?? []), ...made.leftOut]
    terminal.out(renderFindings('sarif', findings, { file: files.file, version: VERSION, result }))
  } else terminal.out(planText(made))
  if (files.out !== undefined && !changesNothing(made)) {
    terminal.err(`変更案 ${planId(made)} を ${visible(files.out)} に書きました。\n`)
    terminal.err(`反映するとき: sekisho apply ${visible(files.out)}\n`)
  }
}

function endOf(made: Plan, args: Arguments): ExitCode {
  if (made.unproved.length > 0 || made.tests.some(({ green }) => !green)) return EXIT.findings
  return changesNothing(made) || !args.on('detailed-exitcode') ? EXIT.done : EXIT.changes
}
