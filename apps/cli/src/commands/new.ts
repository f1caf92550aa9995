import { existsSync, readdirSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { townSchema, townTemplate } from '@sekisho/town'
import { visible } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Command } from '../command.ts'
import { EXIT } from '../exit.ts'

const MODELS = ['alpha'] as const

export const create: Command = {
  name: 'new',
  about: '新しいまちのフォルダを作ります（宣言のひな形と、両側をつなぐ証明書）',
  usage: ['sekisho new alpha DIR [--low-host 名前]'],
  flags: {
    'low-host': {
      type: 'string',
      value: 'HOST',
      default: '127.0.0.1',
      about: 'インターネット側のホスト名かアドレス（証明書に書きます）',
    },
  },
  words: MODELS,
  async run(args, terminal) {
    // Loaded only here: it brings the web server with it.
    const { makeLinkCertificates } = await import('@sekisho/server')
    const [name, folder] = args.positionals
    const template = name === undefined ? undefined : townTemplate(name)
    if (template === undefined)
      throw new UsageError(`ひな形の名前を書いてください（${MODELS.join('・')}）。`)
    if (folder === undefined) throw new UsageError('作るフォルダの名前を書いてください。')
    if (existsSync(folder) && readdirSync(folder).length > 0) {
      throw new UsageError(
        `${visible(folder)} は空ではありません。別の名前にするか、空のフォルダを使ってください。`,
      )
    }
    await mkdir(join(folder, 'schema'), { recursive: true })
    await writeFile(
      join(folder, 'town.yaml'),
      template.replace(
        /^# yaml-language-server: .*$/mu,
        '# yaml-language-server: $schema=./schema/town.schema.json',
      ),
    )
    await writeFile(
      join(folder, 'schema', 'town.schema.json'),
      `${JSON.stringify(townSchema(), undefined, 2)}\n`,
    )
    await makeLinkCertificates(join(folder, 'certificates'), {
      lowHost: args.text('low-host') ?? '127.0.0.1',
    })
    terminal.out(
      `${visible(folder)} を作りました。\n  town.yaml          まちの宣言。ここから書き始めます\n  schema/            エディタの補完用\n` +
        '  certificates/      low と high をつなぐ証明書。ca.key は別の場所に保管してください\n' +
        `次に: sekisho check ${visible(join(folder, 'town.yaml'))}\n`,
    )
    return EXIT.done
  },
}
