import { readFile } from 'node:fs/promises'
import { text as readAll } from 'node:stream/consumers'
import type { Answer, Question } from '@sekisho/core'
import { createJudge } from '@sekisho/judge'
import { renderFindings } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Command } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { openTown } from '../town-file.ts'
import { VERSION } from '../version.ts'

const CODES: Readonly<Record<Answer['result'], ExitCode>> = {
  pass: EXIT.done,
  refuse: EXIT.refused,
  hold: EXIT.held,
}

export const decide: Command = {
  name: 'decide',
  about: '1つの問いに、理由を付けて答えます（通過・保留・差止め）',
  usage: [
    'sekisho decide REQUEST.json --town town.yaml [--json]',
    'sekisho decide - --town town.yaml < REQUEST.json',
  ],
  flags: {
    town: { type: 'string', value: 'FILE', about: 'まちの宣言。モデルと版をここから補います' },
    json: { type: 'boolean', about: 'JSON で出します' },
  },
  async run(args, terminal) {
    const file = args.positionals[0]
    if (file === undefined) throw new UsageError('問いを書いた JSON ファイルを1つ書いてください。')
    const request = parse(
      file === '-' ? await readAll(process.stdin) : await readFile(file, 'utf8'),
    )
    const townFile = args.text('town')
    const town = townFile === undefined ? undefined : await openTown(townFile)
    if (town?.ok === false) {
      terminal.out(
        renderFindings(args.on('json') ? 'json' : 'text', town.findings, {
          file: townFile!,
          version: VERSION,
          result: 'refuse',
        }),
      )
      return EXIT.findings
    }
    const basis =
      town === undefined ? {} : { model: town.read.town.model, edition: town.read.town.edition }
    // The judge validates: whatever a request file holds, the answer is an Answer.
    const answer = createJudge().ask({
      question: request.question,
      facts: { ...basis, ...request.facts },
    } as Question)
    if (args.on('json'))
      terminal.out(
        `${JSON.stringify({ sekisho: '1', kind: 'Decision', question: request.question, ...answer })}\n`,
      )
    else
      terminal.out(
        renderFindings('text', answer.findings, {
          file,
          version: VERSION,
          result: answer.result,
          colour: terminal.colour,
        }),
      )
    return CODES[answer.result]
  },
}

function parse(source: string): { readonly question: unknown; readonly facts: object } {
  let value: unknown
  try {
    value = JSON.parse(source)
  } catch {
    throw new UsageError('問いのファイルが JSON として読めません。')
  }
  if (typeof value !== 'object' || value === null || !('question' in value)) {
    throw new UsageError('問いのファイルには "question" と "facts" を書いてください。')
  }
  const facts =
    'facts' in value && typeof value.facts === 'object' && value.facts !== null ? value.facts : {}
  return { question: value.question, facts }
}
