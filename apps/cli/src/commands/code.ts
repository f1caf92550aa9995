import { visible } from '@sekisho/report'
import type { Command } from '../command.ts'
import { EXIT } from '../exit.ts'

export const code: Command = {
  name: 'code',
  about: '体験用アカウントの、今の確認コードを示します',
  usage: ['sekisho code [--data DIR]'],
  flags: {
    data: {
      type: 'string',
      value: 'DIR',
      default: 'data',
      about: '`npm start` が使っているフォルダ',
    },
  },
  async run(args, terminal) {
    // Loaded only here: it brings the web server with it.
    const { demoCodes } = await import('@sekisho/server')
    for (const account of await demoCodes(args.text('data') ?? 'data')) {
      terminal.out(
        `${account.code}  ${visible(account.name)}（${visible(account.email)}）　残り${account.seconds}秒\n`,
      )
    }
    return EXIT.done
  },
}
