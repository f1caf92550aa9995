import { listWords } from '@sekisho/gates/web'
import { visible } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Arguments, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { showProblems } from '../town-file.ts'
import { onHand, openDesk, standingText } from './cloud-lists.ts'
import type { Desk, OnHand } from './cloud-lists.ts'

/** Every list that the gate needs, and whether it can be used. */
export async function showLists(
  [townFile = 'town.yaml', ...rest]: readonly string[],
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  if (rest.length > 0) throw new UsageError('ファイルの名前が多すぎます。')
  const desk = await openDesk(townFile, args)
  if ('findings' in desk) return showProblems(townFile, desk.findings, args, terminal)
  const names = [...new Set(desk.gate.services.map(({ list }) => list))].toSorted()
  const lists = await Promise.all(
    names.map(async (name) => [name, await onHand(desk, name)] as const),
  )
  if (args.on('json')) terminal.out(json(lists))
  else for (const [name, one] of lists) terminal.out(text(name, one, desk))
  return lists.every(([, { standing }]) => standing.state === 'usable') ? EXIT.done : EXIT.findings
}

type Named = readonly (readonly [name: string, one: OnHand])[]

function json(lists: Named): string {
  const body = lists.map(([list, { standing, waiting }]) => ({
    list,
    state: standing.state,
    version: 'list' in standing ? standing.list.version : undefined,
    age: 'age' in standing ? standing.age : undefined,
    waiting: waiting?.list.version,
  }))
  return `${JSON.stringify({ sekisho: '1', kind: 'CloudLists', lists: body }, undefined, 2)}\n`
}

function text(name: string, { standing, waiting }: OnHand, desk: Desk): string {
  const mark = standing.state === 'usable' ? '○' : '×'
  const version = 'list' in standing ? `　${standing.list.version}` : ''
  const nameOf = (id: string): string => desk.town.people.find((one) => one.id === id)?.name ?? id
  const lines = [`${mark} ${visible(name)}${version}　${standingText(standing, desk.terms)}`]
  if (standing.state === 'usable') {
    const { record, approval, age } = standing
    const left = desk.terms.listDays - age
    lines.push(
      `    取り込み ${visible(nameOf(record.by))}、承認 ${visible(nameOf(approval.by))}。あと${left}日使えます。`,
    )
  } else lines.push(`    直し方　${listWords.standingCure[standing.state]}`)
  if (waiting && standing.state === 'usable')
    lines.push(`    ${waiting.list.version} が承認を待っています。`)
  return `${lines.join('\n')}\n`
}
