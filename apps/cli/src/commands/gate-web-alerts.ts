/** `sekisho gate web alerts` and `ack`: what a person has to look at, and that one has. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ALERT_ID, alertWords, mayAcknowledge, timeInJapan } from '@sekisho/gates/web'
import type { Alert, AlertWords } from '@sekisho/gates/web'
import { visible } from '@sekisho/report'
import type { WatchedAlert } from '@sekisho/server'
import { UsageError } from '../command.ts'
import type { Arguments, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { interrupted } from '../interrupted.ts'
import { jsonText } from '../json-text.ts'
import { readFormat } from '../out-file.ts'
import { troubleSentence } from '../trouble.ts'
import { openWebDesk } from './gate-web-desk.ts'
import type { WebDesk } from './gate-web-desk.ts'

const FORMATS = ['text', 'json'] as const

/** Tells what is open, puts on record that it was told, and ends with 3 as long as something is. */
export async function webAlerts(
  [file = 'town.yaml']: readonly string[],
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  const format = readFormat(args, FORMATS)
  const every = minutesOf(args)
  const desk = await openWebDesk(file, args, terminal)
  if (typeof desk === 'number') return desk
  if (every !== undefined) return keepTelling(desk, every, terminal)
  const { alerts, learning } = await desk.watch.alerts()
  const open = alerts.filter(({ acknowledged }) => !acknowledged)
  await noteNew(desk, open, terminal)
  if (format === 'json') {
    const rows = alerts.map((one) => ({ ...one.alert, ...wordsOf(one, desk) }))
    terminal.out(jsonText({ sekisho: '1', kind: 'CloudAlerts', learning, alerts: rows }))
  } else {
    terminal.out(`${textOf(open, desk).join('\n')}\n`)
    if (learning) terminal.out(`記録が7日に満たないので、初めての行き先は知らせていません。\n`)
  }
  return open.length === 0 ? EXIT.done : EXIT.findings
}

/** Takes note of one alert. */
export async function webAck(
  [id = '', file = 'town.yaml']: readonly string[],
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  if (!ALERT_ID.test(id))
    throw new UsageError('確かめた知らせの番号（例 A-0123456789abcdef）を書いてください。')
  const [by, reason] = [args.text('by') ?? '', args.text('reason') ?? '']
  const desk = await openWebDesk(file, args, terminal)
  if (typeof desk === 'number') return desk
  const { alerts } = await desk.watch.alerts()
  const found = alerts.find(({ alert }) => alert.id === id)
  const person = desk.town.people.find((one) => one.id === by)
  const not = mayAcknowledge(found?.alert, person, reason)
  const { acknowledge, ownWords } = await import('@sekisho/server')
  if (not !== undefined || !found) {
    const said = ownWords(not ?? 'CLOUD-ALERT-GONE')
    terminal.err(`${said?.what}${said?.why}
${said?.cure}
`)
    return EXIT.refused
  }
  await acknowledge(desk.dataDir, found.alert, { by, reason }, () => new Date())
  terminal.out(`${id} を、確かめたと記録しました。\n`)
  return EXIT.done
}

const wordsOf = ({ alert, acknowledged }: WatchedAlert, { town }: WebDesk) => ({
  ...alertWords(alert, town),
  ...(acknowledged && { acknowledged }),
})

async function noteNew(
  { dataDir }: WebDesk,
  open: readonly WatchedAlert[],
  terminal: Terminal,
): Promise<void> {
  const { noteTold } = await import('@sekisho/server')
  const fresh = open.filter(({ told }) => !told).map(({ alert }) => alert)
  // What is to be told is told whatever becomes of the record.
  await noteTold(dataDir, fresh, () => new Date()).catch((error: unknown) =>
    terminal.err(`知らせたことを記録できません。${troubleSentence(error)}\n`),
  )
}

function textOf(open: readonly WatchedAlert[], { town }: WebDesk): readonly string[] {
  if (open.length === 0) return ['○ 確かめていない知らせは、ありません。']
  return [
    `確かめていない知らせが ${open.length}件あります。`,
    ...open.flatMap(({ alert }) => ['', ...lines(alert, alertWords(alert, town))]),
    '',
    `確かめたら　sekisho gate web ack 番号 --by 職員 --reason "確かめたこと"`,
  ]
}

function lines({ id, rule, since }: Alert, { short, what, cure, who }: AlertWords) {
  return [
    `× ${short}（${rule}）　${id}　${timeInJapan(since)} から`,
    `    ${visible(what)}`,
    `    すること　${visible(cure)}`,
    `    できる人　${visible(who)}`,
  ]
}

function minutesOf(args: Arguments): number | undefined {
  const text = args.text('every')
  if (text === undefined) return undefined
  const minutes = Number(/^(\d{1,3})m?$/u.exec(text)?.[1] ?? 0)
  if (minutes < 1 || minutes > 720) throw new UsageError('--every は 1m から 720m までです。')
  return minutes
}

/** In a program of its own: counting must not take the gate's time. */
async function keepTelling(desk: WebDesk, minutes: number, terminal: Terminal): Promise<ExitCode> {
  const stopping = new AbortController()
  void interrupted().then(() => stopping.abort())
  let known = new Set<string>()
  while (!stopping.signal.aborted) {
    known = await tellFresh(desk, known, terminal)
    await sleep(minutes * 60_000, undefined, { signal: stopping.signal }).catch(() => undefined)
  }
  return EXIT.done
}

/** @returns the ids of all that are open */
async function tellFresh(
  desk: WebDesk,
  known: Set<string>,
  terminal: Terminal,
): Promise<Set<string>> {
  try {
    const open = (await desk.watch.alerts()).alerts.filter(({ acknowledged }) => !acknowledged)
    await noteNew(desk, open, terminal)
    const fresh = open.filter(({ alert }) => !known.has(alert.id))
    if (fresh.length > 0) terminal.out(`${textOf(fresh, desk).join('\n')}\n`)
    return new Set(open.map(({ alert }) => alert.id))
  } catch (error) {
    terminal.err(`いまは見張れません。何も起きていないとは言えません。${troubleSentence(error)}\n`)
    return known
  }
}
