import { SyntaxFault } from '../lexer.ts'

/** What is damaged, or asks for more than it may: the picture goes, the document stays. */
export function damaged(): never {
  throw new SyntaxFault('damaged JBIG2', 0)
}
