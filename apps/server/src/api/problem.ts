/** Error body: a refusal in four lines, never a stack trace. */
export type { FourLines as Problem } from '@sekisho/gates/file'
