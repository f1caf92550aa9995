import type { Command } from '../command.ts'
import { EXIT } from '../exit.ts'
import { VERSION } from '../version.ts'

export const version: Command = {
  name: 'version',
  about: 'この Sekisho の版を示します',
  usage: ['sekisho version [--json]'],
  flags: { json: { type: 'boolean', about: 'JSON で出します' } },
  async run(args, terminal) {
    const about = {
      sekisho: '1',
      kind: 'Version',
      version: VERSION,
      node: process.versions.node,
      platform: `${process.platform}-${process.arch}`,
    }
    terminal.out(
      args.on('json')
        ? `${JSON.stringify(about)}\n`
        : `sekisho ${VERSION}（Node.js ${about.node}、${about.platform}）\n`,
    )
    return EXIT.done
  },
}
