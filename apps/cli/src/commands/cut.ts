import { nearest } from '@sekisho/core'
import { visible } from '@sekisho/report'
import { cutImpact, cutTargets, NOTHING_STOPS } from '@sekisho/town'
import type { CutImpact } from '@sekisho/town'
import { UsageError } from '../command.ts'
import type { Command } from '../command.ts'
import { EXIT } from '../exit.ts'
import { openTown, showProblems } from '../town-file.ts'

export const cut: Command = {
  name: 'cut',
  about: '接続先・サービス・通信を止めると、何が使えなくなるかを見ます',
  usage: [
    'sekisho cut peer:eltax --town town.yaml',
    'sekisho cut service:ID --town town.yaml [--json]',
    'sekisho cut --town town.yaml',
  ],
  flags: {
    town: { type: 'string', value: 'FILE', default: 'town.yaml', about: 'まちの宣言' },
    json: { type: 'boolean', about: 'JSON で出します' },
  },
  async run(args, terminal) {
    const [target] = args.positionals
    const file = args.text('town') ?? 'town.yaml'
    const town = await openTown(file)
    if (!town.ok) return showProblems(file, town.findings, args, terminal)
    const targets = cutTargets(town.read.town)
    if (target === undefined) {
      terminal.out(targets.map(({ target: one, name }) => `${one}　${visible(name)}\n`).join(''))
      return EXIT.done
    }
    const known = targets.find((one) => one.target === target)
    const impact = known && cutImpact(town.read.town, known.target)
    if (!impact) {
      const near = nearest(
        target,
        targets.map((one) => one.target),
      )
      throw new UsageError(
        `「${visible(target)}」は、この宣言にありません。${near === undefined ? '' : `もしかして ${near} ですか。`}`,
      )
    }
    terminal.out(
      args.on('json')
        ? `${JSON.stringify({ sekisho: '1', kind: 'CutImpact', ...impact })}\n`
        : cutText(impact),
    )
    return EXIT.done
  },
}

/** What stops, in lines. */
export function cutText({ name, lines }: CutImpact): string {
  const said = lines.map(
    ({ sentence, owner }) => `  ${sentence}${owner === '' ? '' : `（${visible(owner)}）`}\n`,
  )
  return `「${visible(name)}」を止めると\n${said.length === 0 ? `  ${NOTHING_STOPS}\n` : said.join('')}`
}
