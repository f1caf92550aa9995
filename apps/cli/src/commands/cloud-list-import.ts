import {
  keepImport,
  listDigest,
  listProblem,
  mayImport,
  openListRecord,
  readMicrosoft365,
  readOwnList,
  signList,
} from '@sekisho/gates/web'
import type { DestinationList, ListProblem, ReadList } from '@sekisho/gates/web'
import { UsageError } from '../command.ts'
import type { Arguments, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { showProblems } from '../town-file.ts'
import { diffText, json } from './cloud-list-text.ts'
import { onHand, openDesk, readKey, readText, showListProblems } from './cloud-lists.ts'
import type { Desk } from './cloud-lists.ts'

/** More than any list may be: the reader itself says what is too much. */
const MAX_FILE = 16 * 1024 * 1024

/** Takes a file with a list, checked, signed and dated. It is not used before another person approved it. */
export async function importList(
  [file, townFile = 'town.yaml', ...rest]: readonly string[],
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  if (file === undefined || rest.length > 0)
    throw new UsageError('取り込む一覧のファイルと、宣言のファイルを書いてください。')
  const desk = await openDesk(townFile, args)
  if ('findings' in desk) return showProblems(townFile, desk.findings, args, terminal)
  const key = await readKey(args)
  const read = await readList(file, args)
  if (!read.ok) return showListProblems(read.problems, args, terminal)
  const { list } = read
  const note = signList('import', list, { key, at: new Date() })
  const { held, used } = await onHand(desk, list.list)
  const problem =
    strangerOf(note, desk) ??
    olderThan(used, list) ??
    otherOf(
      held.map((one) => one.list),
      list,
    )
  if (problem) return showListProblems([problem], args, terminal)
  await keepImport(desk.folder, list, note)
  if (args.on('json')) terminal.out(json(used, list, desk))
  else terminal.out(`${diffText(used, list, desk)}\n${NEXT(list)}`)
  return EXIT.done
}

const NEXT = (list: DestinationList): string =>
  [
    '取り込みました。まだ使われません。',
    `ダイジェスト ${listDigest(list)}`,
    `取り込んだ人のほかの人が、次のとおり承認してください。`,
    `  sekisho cloud list approve ${list.list} --digest ${listDigest(list).slice(0, 16)} --key 鍵のファイル`,
    '',
  ].join('\n')

async function readList(file: string, args: Arguments): Promise<ReadList> {
  const text = await readText(file, MAX_FILE)
  if (!/^\uFEFF?\s*\[/u.test(text)) return readOwnList(text)
  const version = args.text('list-version')
  if (version === undefined)
    throw new UsageError('Microsoft 365 の一覧には、--list-version で版を示してください。')
  const changes = args.text('changes')
  return readMicrosoft365({
    endpoints: text,
    version: /^\d{10}$/u.test(version) ? version : await readText(version, MAX_FILE),
    ...(changes !== undefined && { changes: await readText(changes, MAX_FILE) }),
  })
}

function strangerOf(note: string, { terms }: Desk): ListProblem | undefined {
  const record = openListRecord(note, terms.signers)
  if (record && mayImport(record, terms.people)) return undefined
  return listProblem('LIST-SIGNER', '', { value: record?.by ?? '—' })
}

/** An old list put back is an old list: what was closed since would open again. */
function olderThan(
  used: DestinationList | undefined,
  list: DestinationList,
): ListProblem | undefined {
  if (used === undefined || list.version >= used.version) return undefined
  return listProblem('LIST-BACK', '', { value: used.version })
}

/** One version has one content; where it has two, somebody has to look which is the provider's. */
function otherOf(held: readonly DestinationList[], list: DestinationList): ListProblem | undefined {
  const other = held.some((one) => one.version === list.version && namesOf(one) !== namesOf(list))
  return other ? listProblem('LIST-OTHER', '', { value: list.version }) : undefined
}

// The announced changes may come or go with the file of changes; the destinations of a version may not.
const namesOf = ({ destinations }: DestinationList): string => JSON.stringify(destinations)
