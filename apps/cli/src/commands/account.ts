import { join } from 'node:path'
import { visible } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Arguments, Command } from '../command.ts'
import { EXIT } from '../exit.ts'
import { openTown } from '../town-file.ts'

const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,190}$/u

export const account: Command = {
  name: 'account',
  about: 'まちの人のアカウントを、片側に作ります（次の起動で有効になります）',
  usage: [
    'sekisho account add 人のid --email 宛先 --side low|high [--town FILE] [--data DIR]',
    'sekisho account add 人のid --email 宛先 --config low.json   2台に分けているとき',
  ],
  flags: {
    email: { type: 'string', value: 'EMAIL', about: 'サインインに使うメールアドレス' },
    side: { type: 'string', value: 'low|high', about: 'どちら側に作るか' },
    town: { type: 'string', value: 'FILE', default: 'town.yaml', about: 'まちの宣言' },
    data: { type: 'string', value: 'DIR', default: 'data', about: '記録を置くフォルダ' },
    config: { type: 'string', value: 'FILE', about: '片側だけを動かすときの設定' },
  },
  words: ['add'],
  async run(args, terminal) {
    const [verb, person] = args.positionals
    const email = args.text('email') ?? ''
    if (verb !== 'add') throw new UsageError('add を書いてください。')
    if (person === undefined)
      throw new UsageError('まちの宣言にある、人の id を書いてください（例: s0001）。')
    if (!EMAIL.test(email)) throw new UsageError('--email に、メールアドレスを書いてください。')
    const { folder, town } = await place(args)
    const opened = await openTown(town)
    if (!opened.ok)
      throw new UsageError(`${visible(town)} が読めません。sekisho check で確かめてください。`)
    const found = opened.read.town.people.find((one) => one.id === person)
    if (found === undefined) throw new UsageError(`${visible(person)} という人は、宣言にいません。`)
    const { enrol } = await import('@sekisho/server')
    const made = await enrol(folder, { person, email })
    terminal.out(
      [
        `${visible(found.name)} のアカウントを、次の起動で作ります。`,
        `  メールアドレス　${visible(made.email)}`,
        `  パスワード　　　${made.password}`,
        `  確認コードの鍵　${made.totpSecret}（認証アプリに入れてください）`,
        'この表示は一度だけです。本人に手渡してください。反対側には、別のものを作ってください。',
        '',
      ].join('\n'),
    )
    return EXIT.done
  },
}

/** Folder of the side, and the declaration it runs. */
async function place(args: Arguments): Promise<{ folder: string; town: string }> {
  const file = args.text('config')
  if (file !== undefined) {
    const { readSideConfig } = await import('@sekisho/server')
    const config = await readSideConfig(file)
    return { folder: config.dataDir, town: config.town }
  }
  const side = args.text('side')
  if (side !== 'low' && side !== 'high')
    throw new UsageError('--side に low か high を書いてください。')
  return { folder: join(args.text('data') ?? 'data', side), town: args.text('town') ?? 'town.yaml' }
}
