/** `sekisho gate web password`: a fresh password for a person, said once and kept as a hash only. */
import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { errorCode } from '@sekisho/core'
import { visible } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Arguments, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'

export async function addPassword(
  [person = '']: readonly string[],
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  const file = args.text('people')
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/u.test(person))
    throw new UsageError('職員の識別名（例 s0003）を書いてください。')
  if (file === undefined) throw new UsageError('--people FILE で、書き足す表を示してください。')
  const { hashPassword } = await import('@sekisho/server')
  const before = await readFile(file, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return ''
    throw error
  })
  const others = before.split('\n').filter((line) => line !== '' && line.split(/\s/u)[0] !== person)
  const password = randomBytes(15).toString('base64url')
  const lines = [...others, `${person} ${await hashPassword(password)}`]
  await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600 })
  terminal.out(`${visible(person)} のパスワード　${password}\n`)
  terminal.err('この画面にだけ出ます。端末の設定に入れたら、どこにも残さないでください。\n')
  return EXIT.done
}
