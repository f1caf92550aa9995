import { writeFile } from 'node:fs/promises'
import { createLogKey } from '@sekisho/evidence'
import { visible } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Arguments, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'

/** Makes the key of one person, and shows the line that goes into the town file. */
export async function makeListKey(
  [person, ...rest]: readonly string[],
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  if (person === undefined || rest.length > 0 || !/^[a-z0-9][a-z0-9-]{0,62}$/u.test(person))
    throw new UsageError('職員の識別名を一つ書いてください。')
  const out = args.text('out')
  if (out === undefined) throw new UsageError('--out FILE で、鍵の書き出し先を決めてください。')
  const { signer, verifier } = createLogKey(person)
  // Never over another key, and for its owner only.
  await writeFile(out, `${signer}\n`, { flag: 'wx', mode: 0o600 })
  terminal.err(
    `鍵を ${visible(out)} に書き出しました。本人だけが持ってください。次の行を、町の定義の gates.web の signers に書いてください。\n`,
  )
  terminal.out(`${verifier}\n`)
  return EXIT.done
}
