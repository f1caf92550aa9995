/** `sekisho gate web audit-log`: a tenant's audit log beside what the gate saw. */
import { createReadStream } from 'node:fs'
import { auditTable, auditWords, blindWords, personName, timeInJapan } from '@sekisho/gates/web'
import type { AuditFinding, AuditResult } from '@sekisho/gates/web'
import { csvText, visible } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Arguments, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { jsonText } from '../json-text.ts'
import { readFormat } from '../out-file.ts'
import { openWebDesk } from './gate-web-desk.ts'
import type { WebDesk } from './gate-web-desk.ts'

const FORMATS = ['text', 'json', 'csv'] as const
const SHOWN = 20

export async function webAuditLog(
  files: readonly string[],
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  const format = readFormat(args, FORMATS)
  if (files.length === 0) throw new UsageError('テナントの記録（JSON）のファイルを書いてください。')
  const desk = await openWebDesk(args.text('town') ?? 'town.yaml', args, terminal)
  if (typeof desk === 'number') return desk
  const result = await desk.watch.auditLog(async (piece) => {
    for (const file of files) {
      for await (const chunk of createReadStream(file, { encoding: 'utf8' })) piece(String(chunk))
      piece('\n')
    }
  })
  const table = auditTable(result.findings, desk.town)
  if (format === 'json')
    terminal.out(jsonText({ sekisho: '1', kind: 'CloudAuditLog', files, ...result }))
  else if (format === 'csv') terminal.out(csvText([table.columns, ...table.rows]))
  else terminal.out(`${textOf(result, desk).join('\n')}\n`)
  if (result.events === 0) {
    terminal.err(
      'テナントの記録として読めるものがありません。Office 365 管理アクティビティ API の形（JSON の並びか、1行に一つ）で渡してください。\n',
    )
    return EXIT.failed
  }
  return result.findings.length > 0 ? EXIT.findings : EXIT.done
}

function textOf(
  {
    findings,
    events,
    twice,
    system,
    agreed,
    unread,
    beyond,
    blind,
  }: AuditResult & {
    readonly unread: number
  },
  desk: WebDesk,
): readonly string[] {
  const kinds = Map.groupBy(findings, ({ kind }) => kind)
  return [
    ...(findings.length === 0 ? ['○ 関所の記録と食い違う利用は、見つかりませんでした。'] : []),
    ...[...kinds].flatMap(([kind, all]) => {
      const { short, cure } = auditWords(kind)
      return [
        `${short}　${all.length}種`,
        ...all.slice(0, SHOWN).map((one) => lineOf(one, desk)),
        ...(all.length > SHOWN ? [`  ほか ${all.length - SHOWN}種は --format csv で出せます`] : []),
        `  すること　${cure}`,
        '',
      ]
    }),
    `記録 ${events}件　関所と合うもの ${agreed}　仕組みの利用 ${system}　同じもの ${twice}　読めないもの ${unread}`,
    ...(beyond > 0 ? [`数えきれず、比べていないものが ${beyond}件あります。`] : []),
    ...blindWords(blind),
  ]
}

function lineOf(one: AuditFinding, { town }: WebDesk): string {
  const { user, person, workload, operation, address, count, first, last, objects } = one
  const who = person === '' ? user : `${personName(person, town)}（${user}）`
  return visible(
    `  ${who}　${workload} ${operation}　${count}件　${timeInJapan(first)}〜${timeInJapan(last)}${address === '' ? '' : `　${address}から`}${objects.length > 0 ? `　${objects[0]}` : ''}`,
  )
}
