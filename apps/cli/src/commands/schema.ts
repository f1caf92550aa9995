import { townSchema } from '@sekisho/town'
import type { Command } from '../command.ts'
import { EXIT } from '../exit.ts'

export const schema: Command = {
  name: 'schema',
  about: 'town.yaml の JSON Schema を出します（エディタの補完用）',
  usage: ['sekisho schema > town.schema.json'],
  flags: {},
  async run(_args, terminal) {
    terminal.out(`${JSON.stringify(townSchema(), undefined, 2)}\n`)
    return EXIT.done
  },
}
