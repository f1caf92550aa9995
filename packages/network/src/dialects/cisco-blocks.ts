/** How the configurations of Cisco machines are laid out: commands at the edge, and what stands inside them behind blanks. */
import type { Unread } from '../filter/filter.ts'

/** One command, and what stands inside it. */
export interface Block {
  readonly words: readonly string[]
  readonly inner: readonly (readonly string[])[]
  /** Where it stands in the text, counted from 1, and the same for each line inside. */
  readonly line: number
  readonly innerLines: readonly number[]
}

/** What a machine makes of a line. */
export interface Grammar {
  /** Lines that are printed above and below a configuration, and comments. */
  readonly frame: RegExp
  /** Commands that are read, whether they stand at the edge or, as some texts are pasted, behind blanks; `opening` has others inside. */
  readonly readAs: (words: readonly string[]) => 'opening' | 'alone' | undefined
  /** Commands of the edge wherever they stand: a machine takes them also in the middle of another, so blanks hide nothing. */
  readonly isOwn: (words: readonly string[]) => boolean
  /** Commands that say nothing about which packets are forwarded, with whatever stands inside them. */
  readonly isSilent: (words: readonly string[]) => boolean
  /** Whether a line that stands at the edge belongs inside the command before it all the same. */
  readonly belongs?: (open: readonly string[], words: readonly string[]) => boolean
}

/** A configuration as commands; a command that is not known to be harmless is in `unread`. */
export function blocksIn(
  text: string,
  grammar: Grammar,
): { readonly blocks: readonly Block[]; readonly unread: readonly Unread[] } {
  const blocks: { words: string[]; inner: string[][]; line: number; innerLines: number[] }[] = []
  const unread: Unread[] = []
  let open: (typeof blocks)[number] | undefined
  let silent = false
  for (const [at, line] of text.split(/\r\n?|\n/u).entries()) {
    const words = line.split(/[ \t]+/u).filter((word) => word !== '')
    if (words.length === 0 || grammar.frame.test(line.trimStart())) continue
    const isInner = /^[ \t]/u.test(line)
    const isOwn = grammar.isOwn(words)
    const readAs = grammar.readAs(words)
    if (open && ((isInner && !isOwn) || grammar.belongs?.(open.words, words) === true)) {
      open.inner.push(words)
      open.innerLines.push(at + 1)
    } else if (readAs) {
      const block = { words, inner: [], line: at + 1, innerLines: [] }
      blocks.push(block)
      open = readAs === 'opening' ? block : undefined
      silent = false
    } else if (isInner && silent && !isOwn) continue
    else {
      silent = grammar.isSilent(words)
      if (!silent) unread.push({ place: '', text: words.join(' ') })
      open = undefined
    }
  }
  return { blocks, unread }
}
