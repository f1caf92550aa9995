import {
  keepApproval,
  listDigest,
  listProblem,
  mayApprove,
  openListRecord,
  signList,
} from '@sekisho/gates/web'
import type { HeldList, ListProblem } from '@sekisho/gates/web'
import { UsageError } from '../command.ts'
import type { Arguments, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { showProblems } from '../town-file.ts'
import { onHand, openDesk, readKey, showListProblems } from './cloud-lists.ts'
import type { Desk } from './cloud-lists.ts'

/** As many letters of a digest as nobody types by chance. */
const MIN_DIGEST = 12

/** Signs that exactly the snapshot that was looked at may be used. */
export async function approveList(
  [list, townFile = 'town.yaml', ...rest]: readonly string[],
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  if (list === undefined || rest.length > 0)
    throw new UsageError('一覧の識別名と、宣言のファイルを書いてください。')
  const digest = args.text('digest') ?? ''
  if (!/^[0-9a-f]{12,64}$/u.test(digest))
    throw new UsageError(
      `--digest に、diff が示したダイジェストを${MIN_DIGEST}文字以上書いてください。`,
    )
  const desk = await openDesk(townFile, args)
  if ('findings' in desk) return showProblems(townFile, desk.findings, args, terminal)
  const key = await readKey(args)
  const { waiting } = await onHand(desk, list)
  if (waiting === undefined || !listDigest(waiting.list).startsWith(digest))
    return showListProblems([listProblem('LIST-DIGEST')], args, terminal)
  const note = signList('approval', waiting.list, { key, at: new Date() })
  const problem = objection(note, waiting, desk)
  if (problem) return showListProblems([problem], args, terminal)
  await keepApproval(desk.folder, waiting.list, note)
  terminal.out(`承認しました。一覧 ${waiting.list.list} の ${waiting.list.version} を使います。\n`)
  return EXIT.done
}

function objection(note: string, { imported }: HeldList, { terms }: Desk): ListProblem | undefined {
  const approval = openListRecord(note, terms.signers)
  const record = openListRecord(imported, terms.signers)
  if (!approval || !record) return listProblem('LIST-SIGNER', '', { value: approval?.by ?? '—' })
  if (approval.by === record.by) return listProblem('LIST-SAME-PERSON')
  return mayApprove(approval, record, terms.people)
    ? undefined
    : listProblem('LIST-SIGNER', '', { value: approval.by })
}
