import { existsSync, readdirSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { visible } from '@sekisho/report'
import { TEMPLATE_NAMES, townSchema, townTemplate } from '@sekisho/town'
import { UsageError } from '../command.ts'
import type { Command } from '../command.ts'
import { EXIT } from '../exit.ts'

const MODELS = Object.keys(TEMPLATE_NAMES)
const LINK_PORT = 8443

export const create: Command = {
  name: 'new',
  about: '新しいまちのフォルダを作ります（宣言のひな形、両側の設定、つなぐための証明書）',
  usage: [`sekisho new ${MODELS.join('|')} DIR [--low-host 名前]`],
  flags: {
    'low-host': {
      type: 'string',
      value: 'HOST',
      default: '127.0.0.1',
      about: '2台に分けるときの、インターネット側のホスト名かアドレス',
    },
  },
  words: MODELS,
  async run(args, terminal) {
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
    const { makeLinkCertificates } = await import('@sekisho/server')
    await mkdir(join(folder, 'schema'), { recursive: true })
    const declaration = template.replace(
      /^# yaml-language-server: .*$/mu,
      '# yaml-language-server: $schema=./schema/town.schema.json',
    )
    await writeFile(join(folder, 'town.yaml'), declaration)
    await writeFile(join(folder, 'schema', 'town.schema.json'), json(townSchema()))
    await makeLinkCertificates(join(folder, 'certificates'))
    for (const side of ['low', 'high'] as const) {
      await writeFile(
        join(folder, `${side}.json`),
        json(sideConfig(side, args.text('low-host') ?? '127.0.0.1')),
      )
    }
    terminal.out(
      [
        `${visible(folder)} を作りました。`,
        '  town.yaml            まちの宣言。ここから書き始めます',
        '  schema/              エディタの補完用',
        '  certificates/low     インターネット側の証明書（high のものと分けて配ってください）',
        '  certificates/high    LGWAN 側の証明書',
        '  low.json, high.json  2台に分けて動かすときの設定',
        `次に: sekisho check ${visible(join(folder, 'town.yaml'))}`,
        '',
      ].join('\n'),
    )
    return EXIT.done
  },
}

function sideConfig(side: 'low' | 'high', lowHost: string): object {
  return {
    side,
    town: 'town.yaml',
    dataDir: `data/${side}`,
    web: { host: '127.0.0.1', port: side === 'low' ? 8081 : 8082 },
    link: { host: lowHost, port: LINK_PORT },
    linkCertificates: `certificates/${side}`,
  }
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}
