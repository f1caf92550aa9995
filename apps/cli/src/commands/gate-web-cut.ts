/** `sekisho gate web cut` and `open`: one service at once, for everybody, with what stops working. */
import { nearest } from '@sekisho/core'
import type { WebGate } from '@sekisho/core'
import { visible } from '@sekisho/report'
import { cutImpact } from '@sekisho/town'
import { UsageError } from '../command.ts'
import type { Arguments, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { openTown, showProblems } from '../town-file.ts'
import { webGateOf } from './cloud-lists.ts'
import { cutText } from './cut.ts'

export async function cutWeb(
  [service = '', file = 'town.yaml']: readonly string[],
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  const opened = await openTown(file)
  if (!opened.ok) return showProblems(file, opened.findings, args, terminal)
  const { town } = opened.read
  const { cutService } = await import('@sekisho/server')
  checkService(service, webGateOf(town, args.text('gate')))
  await cutService(dataOf(args), {
    service,
    ...noteOf(args),
  })
  // What stops is said after it was stopped: in an emergency seconds count, and `sekisho cut` tells it before.
  const impact = cutImpact(town, `service:${service}`)
  if (args.on('json'))
    terminal.out(`${JSON.stringify({ sekisho: '1', kind: 'CloudCut', service, ...impact })}\n`)
  else {
    terminal.out(
      `「${visible(service)}」への通信を止めます。動いている関所には1秒ほどで届きます。\n`,
    )
    if (impact) terminal.out(cutText(impact))
    terminal.out(`また通すには　sekisho gate web open ${visible(service)}\n`)
  }
  return EXIT.done
}

export async function openWeb(
  [service = '', file = 'town.yaml']: readonly string[],
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  const opened = await openTown(file)
  if (!opened.ok) return showProblems(file, opened.findings, args, terminal)
  const { reopenService } = await import('@sekisho/server')
  checkService(service, webGateOf(opened.read.town, args.text('gate')))
  const was = await reopenService(dataOf(args), service, noteOf(args))
  terminal.out(
    was
      ? `「${visible(service)}」への通信を、また通します。\n`
      : `「${visible(service)}」は止まっていません。\n`,
  )
  return EXIT.done
}

const dataOf = (args: Arguments): string => args.text('data') ?? 'cloud-data'

const noteOf = (args: Arguments) => ({
  by: args.text('by') ?? '',
  at: new Date().toISOString(),
  reason: args.text('because') ?? '',
})

function checkService(service: string, gate: WebGate): void {
  const services = gate.services.map((one) => one.service)
  if (services.includes(service)) return
  const near = nearest(service, services)
  throw new UsageError(
    service === ''
      ? `止めるサービスを、${services.map(visible).join('・')} から選んでください。`
      : `「${visible(service)}」は、この関所のサービスにありません。${near === undefined ? '' : `もしかして ${near} ですか。`}`,
  )
}
