/** Says what a rebuilt workbook would change, in a process of its own: its cells are what somebody brought. */
import { createCompiledJudge } from '@sekisho/judge'
import { previewImport } from '@sekisho/report'
import type { ImportPreview, RebuiltWorkbook } from '@sekisho/report'
import { readTown } from '@sekisho/town'
import { workApart } from '../host/work-apart.ts'

interface Given {
  readonly rebuilt: RebuiltWorkbook
  /** Text of the declaration in force. */
  readonly text: string
  readonly remove: boolean
}

workApart((work) => previewed(work as Given))

function previewed({ rebuilt, text, remove }: Given): ImportPreview {
  const read = readTown(text)
  if (!read.ok) throw new TypeError('the declaration in force does not read')
  return previewImport(rebuilt, { read, text }, { judge: createCompiledJudge(), remove })
}
