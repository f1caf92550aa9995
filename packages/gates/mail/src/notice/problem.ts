import type { Progress } from '@sekisho/passage'
import { fileProblem } from '../../../file/src/sentences.ts'
import type { FourLines } from '../../../file/src/sentences.ts'
import { mailRefusalWords } from '../message/words.ts'

/** The four lines of a mail that was not let through; `undefined` for any other. */
export function mailProblem(progress: Progress): FourLines | undefined {
  return fileProblem(progress, mailRefusalWords)
}
