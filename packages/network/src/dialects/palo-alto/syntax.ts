import type { Unread } from '../../filter/filter.ts'

/** What was set, as a tree of words: `set address a ip-netmask 10.0.0.1` is a path, and its last word a value. */
export interface Node {
  readonly kids: Map<string, Node>
  /** Where it was first set, counted from 1. */
  readonly line: number
}

const made = (line: number): Node => ({ kids: new Map(), line })

/** Words of one command at most: the machine has about ten levels, a hostile text has as many as it likes. */
const MAX_WORDS = 4_000
const MAX_DEPTH = 24

/** What a terminal prints around the text: the prompt with what was asked, and the line that tells where one is. */
const FRAME =
  /^(?:#|\[edit[^\]]{0,200}\]|[\w.@()-]{1,80}[>#] *(?:(?:show|set cli|configure|exit)\b.*)?$)/u

/**
 * Set commands (`set cli config-output-format set`, then `show` in configuration mode; or a script), as a tree. Commands take effect in their order: what is
 * deleted is gone, what is set again is added to, a rule that is moved stands where it was moved to. Whatever else a line says is in `unread`.
 */
export function readTree(text: string): {
  readonly root: Node
  readonly unread: readonly Unread[]
} {
  const root = made(0)
  const unread: Unread[] = []
  for (const { line, words } of commands(text)) {
    if (!apply(root, words, line)) {
      unread.push({ place: '', text: words.join(' ').slice(0, 200) })
    }
  }
  return { root, unread }
}

interface Command {
  readonly words: readonly string[]
  /** Counted from 1. */
  readonly line: number
}

/** Lines as words. A description in quotes may go over several lines; a quotation that never ends makes the rest one command, which is not understood. */
function* commands(text: string): Generator<Command> {
  let [line, at] = [1, 0]
  while (at < text.length) {
    const end = lineEnd(text, at)
    if (FRAME.test(text.slice(at, end).trim())) at = end
    const words: string[] = []
    const begin = line
    while (at < text.length && text[at] !== '\n' && text[at] !== '\r') {
      if (text[at] === ' ' || text[at] === '\t') at += 1
      else {
        const read = wordAt(text, at)
        words.push(read.value)
        line += read.value.split('\n').length - 1
        ;({ next: at } = read)
        if (read.open) words.length = MAX_WORDS + 1
      }
    }
    if (words.length > 0) yield { words, line: begin }
    at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1
    line += 1
  }
}

// A lone carriage return ends a line: what stands behind it is no comment.
function lineEnd(text: string, from: number): number {
  let at = from
  while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at += 1
  return at
}

/** One word; a backslash within quotes takes the next character as it is. */
function wordAt(text: string, from: number) {
  const quote = text[from] === '"' || text[from] === "'" ? text[from] : undefined
  let value = ''
  let at = quote === undefined ? from : from + 1
  for (; at < text.length; at += 1) {
    const char = text[at]!
    if (quote === undefined && /[ \t\r\n]/u.test(char)) return { value, next: at, open: false }
    if (char === quote) return { value, next: at + 1, open: false }
    if (char === '\\' && quote !== undefined && at + 1 < text.length) {
      at += 1
      value += text[at]!
    } else value += char
  }
  return { value, next: at, open: quote !== undefined }
}

function apply(root: Node, words: readonly string[], line: number): boolean {
  const [verb, ...path] = words
  const own = withoutVsys(path)
  if (words.length > MAX_WORDS) return false
  if (own.length === 0) return isSession(words)
  switch (verb) {
    case 'set':
      return set(root, own, line)
    case 'delete':
      return remove(root, own)
    case 'move':
      return move(root, own)
    default:
      return isSession(words)
  }
}

/** What only ends a paste. */
const isSession = (words: readonly string[]): boolean =>
  words.length === 1 && ['commit', 'exit', 'quit', 'top', 'configure'].includes(words[0]!)

/** A machine with one virtual system may print it or not. Another would be another firewall. */
const withoutVsys = (path: readonly string[]): readonly string[] =>
  path[0] === 'vsys' && path[1] === 'vsys1'
    ? path.slice(2)
    : path[0] === 'shared'
      ? path.slice(1)
      : path

/** `[ a b ]` is each of them. */
function set(root: Node, path: readonly string[], line: number): boolean {
  const open = path.indexOf('[')
  const names = open < 0 ? path : path.slice(0, open)
  const last = open < 0 ? [] : path.slice(open + 1, -1)
  if (names.length > MAX_DEPTH || names.some((word) => word === '[' || word === ']')) return false
  if (open >= 0 && (path.at(-1) !== ']' || last.some((word) => word === '[' || word === ']'))) {
    return false
  }
  let node = root
  for (const word of names) node = child(node, word, line)
  for (const word of last) child(node, word, line)
  return true
}

function child(node: Node, word: string, line: number): Node {
  const known = node.kids.get(word)
  if (known) return known
  const kid = made(line)
  node.kids.set(word, kid)
  return kid
}

/** What is not there is not there afterwards either. */
function remove(root: Node, path: readonly string[]): boolean {
  const parent = nodeAt(root, path.slice(0, -1))
  parent?.kids.delete(path.at(-1)!)
  return !path.includes('[')
}

/** `move rulebase security rules NAME top|bottom|before OTHER|after OTHER`. */
function move(root: Node, path: readonly string[]): boolean {
  const to = path.findIndex((word) => ['top', 'bottom', 'before', 'after'].includes(word))
  const name = path[to - 1]
  const parent = to < 2 ? undefined : nodeAt(root, path.slice(0, to - 1))
  const moved = parent?.kids.get(name!)
  if (!parent || !moved) return false
  const [where, other] = path.slice(to)
  const others = [...parent.kids].filter(([key]) => key !== name)
  const found = others.findIndex(([key]) => key === other)
  const wantsOther = where === 'before' || where === 'after'
  if (wantsOther ? found < 0 || path.length !== to + 2 : path.length !== to + 1) return false
  const at = { top: 0, bottom: others.length, before: found, after: found + 1 }[where as 'top']
  parent.kids.clear()
  for (const [key, node] of others.toSpliced(at, 0, [name!, moved])) parent.kids.set(key, node)
  return true
}

export function nodeAt(root: Node, path: readonly string[]): Node | undefined {
  let node: Node | undefined = root
  for (const word of path) node = node?.kids.get(word)
  return node
}

/** The words at the end of a path: what was set there. */
export const valuesAt = (root: Node, ...path: readonly string[]): readonly string[] => [
  ...(nodeAt(root, path)?.kids.keys() ?? []),
]
