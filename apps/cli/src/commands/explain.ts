import { refusalWords } from '@sekisho/disarm'
import { explainRule } from '@sekisho/guideline'
import { visible } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Command } from '../command.ts'
import { EXIT } from '../exit.ts'

export const explain: Command = {
  name: 'explain',
  about: '理由の番号や条項を、日本語で説明します',
  usage: ['sekisho explain ZN-06', 'sekisho explain OX-VBA [--json]'],
  flags: { json: { type: 'boolean', about: 'JSON で出します' } },
  async run(args, terminal) {
    const id = args.positionals[0]
    if (id === undefined) throw new UsageError('理由の番号を書いてください（例: ZN-06、OX-VBA）。')
    const rule = explainRule(id)
    if (rule !== undefined && 'rule' in rule) {
      const { rule: about, sentences } = rule
      if (args.on('json'))
        terminal.out(`${JSON.stringify({ sekisho: '1', kind: 'Rule', ...about, sentences })}\n`)
      else {
        terminal.out(
          `${about.id}　${sentences.short}\n\n  ${sentences.message}\n  ${sentences.why}\n  直し方　${sentences.cure}\n  根拠　　${about.clause}\n` +
            `  版　　　${about.editions}　${about.verified ? '条文と照合済み' : '※条文との照合はまだです'}\n`,
        )
      }
      return EXIT.done
    }
    const words = refusalWords(id)
    if (words.known) {
      if (args.on('json'))
        terminal.out(`${JSON.stringify({ sekisho: '1', kind: 'Reason', id, ...words })}\n`)
      else terminal.out(`${id}\n\n  ${words.what}\n  ${words.why}\n  ${words.cure}\n`)
      return EXIT.done
    }
    const near =
      rule !== undefined && 'suggestion' in rule ? `もしかして ${rule.suggestion} ですか。` : ''
    terminal.err(`${visible(id)} という番号はありません。${near}\n`)
    return EXIT.usage
  },
}
