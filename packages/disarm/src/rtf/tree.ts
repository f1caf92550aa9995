import type { Context } from '../family.ts'
import { refuse } from '../family.ts'
import type { Lexer } from './lexer.ts'
import type { Codepages, Reading } from './text.ts'
import { Run } from './text.ts'

/** A group of a table, read whole: tables are small, and their parts must be seen together to be judged. */
export type Node = WordNode | TextNode | GroupNode

export interface WordNode {
  readonly kind: 'word'
  readonly word: string
  readonly parameter: number | undefined
}

export interface TextNode {
  readonly kind: 'text'
  readonly text: string
}

export interface GroupNode {
  readonly kind: 'group'
  readonly nodes: readonly Node[]
}

/** Groups inside groups. Word writes about 20. */
export const MAX_DEPTH = 100
/** Parts of one table. The largest real ones have some ten thousand. */
const MAX_NODES = 1_000_000

/** Reads up to the brace that closes the group in which the lexer is, or to the end of the file. */
export function readTree(
  lexer: Lexer,
  codepages: Codepages,
  reading: Reading,
  depth: number,
  context: Context,
): readonly Node[] {
  return new TreeReader(lexer, codepages, context).group(reading, depth)
}

class TreeReader {
  readonly #lexer: Lexer
  readonly #codepages: Codepages
  readonly #context: Context
  readonly #run: Run
  #count = 0

  constructor(lexer: Lexer, codepages: Codepages, context: Context) {
    this.#lexer = lexer
    this.#codepages = codepages
    this.#context = context
    this.#run = new Run(codepages)
  }

  group(outer: Reading, depth: number): readonly Node[] {
    if (depth > MAX_DEPTH) refuse('RTF-PARSE')
    const nodes: Node[] = []
    let reading = outer
    for (;;) {
      this.#lexer.shiftJis = this.#codepages.isShiftJis(reading)
      const token = this.#lexer.next()
      if (this.#collect(token, reading)) continue
      const text = this.#run.take(reading)
      if (text !== '') nodes.push({ kind: 'text', text })
      if (token === 'close' || token === 'end') return nodes
      if (++this.#count > MAX_NODES) refuse('RTF-PARSE')
      this.#context.checkTime()
      if (token === 'open') nodes.push({ kind: 'group', nodes: this.group(reading, depth + 1) })
      if (token !== 'word') continue
      const { word, parameter } = this.#lexer
      reading = this.#codepages.after(reading, word, parameter)
      if (word !== 'uc') nodes.push({ kind: 'word', word, parameter })
    }
  }

  /** True for what belongs to a run of text. */
  #collect(token: string, reading: Reading): boolean {
    const lexer = this.#lexer
    if (token === 'text') this.#run.raw(lexer.bytes, lexer.start, lexer.end)
    else if (token === 'hex') this.#run.byte(lexer.byte)
    else if (token === 'symbol' && ESCAPED.has(lexer.byte)) this.#run.byte(lexer.byte)
    else if (token === 'word' && lexer.word === 'u')
      this.#run.unicode(lexer.parameter ?? 0xfffd, reading)
    else return false
    return true
  }
}

/** `\\ \{ \}` */
export const ESCAPED: ReadonlySet<number> = new Set([0x5c, 0x7b, 0x7d])

/** Words at this level, the last one of a name counting. */
export function wordsOf(nodes: readonly Node[]): ReadonlyMap<string, number | undefined> {
  return new Map(
    nodes.flatMap((node) => (node.kind === 'word' ? [[node.word, node.parameter] as const] : [])),
  )
}

/** Text at this level. */
export function textOf(nodes: readonly Node[]): string {
  return nodes.map((node) => (node.kind === 'text' ? node.text : '')).join('')
}

export function groupsOf(nodes: readonly Node[]): readonly (readonly Node[])[] {
  return nodes.flatMap((node) => (node.kind === 'group' ? [node.nodes] : []))
}

/** The word that says what a group is: its first. */
export function nameOf(nodes: readonly Node[]): string | undefined {
  const first = nodes[0]
  return first?.kind === 'word' ? first.word : undefined
}
