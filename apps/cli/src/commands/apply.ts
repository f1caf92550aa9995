import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline/promises'
import type { Finding } from '@sekisho/core'
import { createJudge } from '@sekisho/judge'
import {
  applyRefusal,
  changesNothing,
  planId,
  prepareApply,
  readKernel,
  readPlan,
  refusePlan,
  writePlan,
} from '@sekisho/network'
import type { Plan } from '@sekisho/network'
import { renderFindings } from '@sekisho/report'
import { todayInJapan } from '@sekisho/town'
import { UsageError } from '../command.ts'
import type { Arguments, Command, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { answerPending } from '../firewall/confirm.ts'
import { actorOf } from '../firewall/evidence.ts'
import { FIREWALL_FLAG, firewallFolder } from '../firewall/folder.ts'
import { takeTurn } from '../firewall/one-at-a-time.ts'
import { planText } from '../firewall/plan-text.ts'
import { settleAbandoned } from '../firewall/settle.ts'
import { startKeeper } from '../firewall/start-keeper.ts'
import type { Keeper } from '../firewall/start-keeper.ts'
import { VERSION } from '../version.ts'

/** Long enough to try whether the work of the day still runs; longer is a change that nobody answers for. */
const LONGEST_SECONDS = 3_600

export const apply: Command = {
  name: 'apply',
  about: '変更案のとおりに、ファイアウォールの規則を入れ替えます',
  usage: [
    'sekisho apply FILE.plan [--confirm-within 120] [--dry-run]',
    'sekisho apply --confirm 番号   このまま使うと決めます',
    'sekisho apply --return 番号    すぐに元の規則に戻します',
  ],
  flags: {
    'confirm-within': {
      type: 'string',
      value: '秒',
      default: '120',
      about: 'この秒数のうちに決めなければ、元の規則に戻ります（1 から 3600）',
    },
    confirm: { type: 'string', value: '番号', about: 'この変更案の規則を、このまま使うと決めます' },
    return: { type: 'string', value: '番号', about: 'この変更案の規則をやめ、すぐに元に戻します' },
    'dry-run': { type: 'boolean', about: '確かめるだけで、何も変えません' },
    data: FIREWALL_FLAG,
    json: { type: 'boolean', about: '差し止める理由を JSON で出します' },
  },
  async run(args, terminal) {
    const [file] = args.positionals
    const [confirm, back] = [args.text('confirm'), args.text('return')]
    if ([file, confirm, back].filter((one) => one !== undefined).length !== 1) {
      throw new UsageError('変更案のファイル・--confirm・--return の、どれか1つを書いてください。')
    }
    if (confirm !== undefined) return answer(args, terminal, confirm, 'confirm')
    if (back !== undefined) return answer(args, terminal, back, 'return')
    const seconds = secondsOf(args)
    const read = readPlan((await readFile(file ?? '')).toString('utf8'))
    if (!read.ok) return refuse(args, terminal, read.finding)
    const now = { today: todayInJapan(new Date()), rules: createJudge().digest }
    const finding = refusePlan(read.plan, now)
    if (finding) return refuse(args, terminal, finding)
    if (args.on('dry-run')) return tryOnly(args, terminal, read.plan)
    return carryOut(args, terminal, read.plan, seconds)
  },
}

function secondsOf(args: Arguments): number {
  const text = args.text('confirm-within') ?? ''
  const seconds = Number(text)
  if (!/^\d{1,4}$/u.test(text) || seconds < 1 || seconds > LONGEST_SECONDS) {
    throw new UsageError(`--confirm-within は 1 から ${LONGEST_SECONDS} までの秒数です。`)
  }
  return seconds
}

function refuse(args: Arguments, terminal: Terminal, finding: Finding): ExitCode {
  const format = args.on('json') ? 'json' : 'text'
  const file = args.positionals[0] ?? firewallFolder(args)
  const subject = { file, version: VERSION, result: 'refuse' } as const
  terminal.out(renderFindings(format, [finding], subject))
  return EXIT.refused
}

async function tryOnly(args: Arguments, terminal: Terminal, plan: Plan): Promise<ExitCode> {
  const held = await readKernel()
  if (!held.ok) return refuse(args, terminal, applyRefusal(held.reason, { says: held.says }))
  const ready = await prepareApply(plan, held)
  if (!ready.ok) return refuse(args, terminal, ready.finding)
  terminal.out(planText(plan))
  terminal.out('この変更案は反映できます。何も変えていません。\n')
  return EXIT.done
}

async function carryOut(
  args: Arguments,
  terminal: Terminal,
  plan: Plan,
  seconds: number,
): Promise<ExitCode> {
  const folder = firewallFolder(args)
  const actor = actorOf(terminal.environment)
  const keeper = startKeeper({ folder, actor, seconds, plan: writePlan(plan) })
  const said = await keeper.next()
  if (said?.said === 'refused') return refuse(args, terminal, said.finding)
  if (said === undefined) return withoutKeeper(args, terminal, folder)
  const id = planId(plan)
  terminal.out(`変更案 ${id} を反映し、カーネルの規則が宣言のとおりだと確かめました。\n`)
  if (changesNothing(plan)) terminal.out('変わることはありませんでした。\n')
  terminal.out(`${seconds}秒のうちに決めないと、元の規則に戻ります。\n`)
  if (terminal.interactive && process.stdin.isTTY) {
    return asked(args, terminal, keeper, { folder, id })
  }
  terminal.out(`このまま使うとき: sekisho apply --confirm ${id}${dataText(args)}\n`)
  keeper.leave()
  return EXIT.done
}

/** The folder, when it is not the usual one: the second command must find the first. */
const dataText = (args: Arguments): string => {
  const data = args.text('data')
  return data === FIREWALL_FLAG.default ? '' : ` --data ${data}`
}

/** The keeper died before it said how it went: what it left is settled here. */
async function withoutKeeper(
  args: Arguments,
  terminal: Terminal,
  folder: string,
): Promise<ExitCode> {
  const turn = await takeTurn()
  if (turn) await settleAbandoned(folder)
  turn?.end()
  return refuse(args, terminal, applyRefusal('NET-APPLY-NO-KEEPER', { says: 'keeper' }))
}

/** Asks the person at the terminal, who may also let the time go by. */
async function asked(
  args: Arguments,
  terminal: Terminal,
  keeper: Keeper,
  change: { readonly folder: string; readonly id: string },
): Promise<ExitCode> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const person = lines
    .question('［使う］このまま使います　［戻す］すぐ元に戻します　どちらですか: ')
    .then((text) => (/^(?:使う|つかう|use|y|yes)$/iu.test(text.trim()) ? 'confirm' : 'return'))
  const first = await Promise.race([person, keeper.next().then((said) => said?.said)])
  lines.close()
  if (first === 'confirm' || first === 'return') {
    return answer(args, terminal, change.id, first)
  }
  if (first === undefined) return withoutKeeper(args, terminal, change.folder)
  terminal.out('時間が過ぎたので、元の規則に戻しました。\n')
  return EXIT.refused
}

async function answer(
  args: Arguments,
  terminal: Terminal,
  id: string,
  wanted: 'confirm' | 'return',
): Promise<ExitCode> {
  const finding = await answerPending(firewallFolder(args), id, wanted)
  if (finding) return refuse(args, terminal, finding)
  terminal.out(
    wanted === 'confirm'
      ? `変更案 ${id} の規則を、このまま使います。証跡に書きました。\n`
      : `変更案 ${id} の規則をやめ、元の規則に戻しました。証跡に書きました。\n`,
  )
  return EXIT.done
}
