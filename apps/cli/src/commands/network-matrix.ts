import {
  MATRIX_WORDS,
  matrixJson,
  matrixOf,
  matrixRows,
  matrixText,
  unreadLines,
} from '@sekisho/network'
import type { Filter, MatrixOptions, Service } from '@sekisho/network'
import { csvText, visible } from '@sekisho/report'
import type { Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { jsonText } from '../json-text.ts'
import type { ImportFormat } from './network-import.ts'

/** Classes at most; the screen holds fewer, a program may want more. */
const MOST = 500

/** What is asked of a firewall that is there. */
export interface MatrixQuestion extends Pick<MatrixOptions, 'behind'> {
  readonly files: readonly string[]
  readonly at: string
  readonly service: Service
}

/** Tells between which places the present firewall opens a service, for each family. */
export function tellMatrix(
  filter: Filter,
  { files, at, service, ...options }: MatrixQuestion,
  format: ImportFormat,
  terminal: Terminal,
): ExitCode {
  const families = ([4, 6] as const).map((family) =>
    matrixOf(filter, service, family, { ...options, most: MOST }),
  )
  const matrices = families.filter((matrix) => matrix !== undefined)
  if (format === 'json') {
    terminal.out(
      jsonText({
        sekisho: '1',
        kind: 'ServiceMatrix',
        files,
        at,
        complete: filter.unread.length === 0,
        unread: filter.unread,
        matrices: matrices.map(matrixJson),
      }),
    )
  } else if (format === 'csv') {
    terminal.out(csvText([Object.values(MATRIX_WORDS.columns), ...matrices.flatMap(matrixRows)]))
  } else {
    // Names in the foreign text are shown as they are: nothing of them may reach the screen as a control.
    terminal.out(`${matrices.map(matrixText).join('\n').split('\n').map(visible).join('\n')}\n`)
    terminal.err(`${MATRIX_WORDS.forwarded}\n`)
  }
  const unread = format === 'json' ? [] : unreadLines(filter.unread)
  for (const line of unread) terminal.err(`${visible(line)}\n`)
  if (matrices.length === families.length) {
    return filter.unread.length > 0 ? EXIT.failed : EXIT.done
  }
  terminal.err(`${MATRIX_WORDS.tooMany.replace('{most}', String(MOST))}\n`)
  return EXIT.failed
}
