import type { Unread } from '../../filter/filter.ts'

/** A table, or one entry of it: what is set there, tables inside it, and its entries in their order. */
export interface Node {
  /** `firewall policy 12`, for people. */
  readonly place: string
  readonly sets: Map<string, readonly string[]>
  readonly tables: Map<string, Node>
  readonly entries: Map<string, Node>
}

/** Tables inside tables at most: FortiOS has four, a hostile text has as many as it likes. */
const MAX_DEPTH = 16

const made = (place: string): Node => ({
  place,
  sets: new Map(),
  tables: new Map(),
  entries: new Map(),
})

/**
 * What `show` prints and scripts say (`config`, `edit`, `set`, `next`, `end`), as a tree. A table or an entry that comes twice is one, as it is on the machine.
 * Whatever else a line says is in `unread`.
 */
export function readTree(text: string): {
  readonly root: Node
  readonly unread: readonly Unread[]
} {
  const root = made('')
  const unread: Unread[] = []
  const open: { readonly node: Node; readonly kind: 'table' | 'entry' }[] = [
    { node: root, kind: 'entry' },
  ]
  for (const words of lines(text)) {
    const [verb, ...rest] = words
    const { node, kind } = open.at(-1)!
    const key = rest[0] ?? ''
    if (verb === 'config' && rest.length > 0 && open.length < MAX_DEPTH) {
      const name = rest.join(' ')
      open.push({ node: child(node.tables, name, `${node.place} ${name}`.trim()), kind: 'table' })
    } else if (verb === 'edit' && rest.length === 1 && kind === 'table' && key !== '0') {
      const entry = child(node.entries, key, `${node.place} ${key}`)
      open.push({ node: entry, kind: 'entry' })
    } else if (verb === 'set' && rest.length > 0 && open.length > 1)
      node.sets.set(key, rest.slice(1))
    else if (verb === 'append' && rest.length > 1) {
      node.sets.set(key, [...(node.sets.get(key) ?? []), ...rest.slice(1)])
    } else if (verb === 'unset' && rest.length === 1) node.sets.delete(key)
    else if (verb === 'next' && rest.length === 0 && kind === 'entry' && open.length > 1) open.pop()
    else if (verb === 'end' && rest.length === 0 && open.length > 1) close(open)
    else unread.push({ place: node.place, text: words.join(' ') })
  }
  if (open.length > 1) unread.push({ place: open.at(-1)!.node.place, text: 'end' })
  return { root, unread }
}

/** `end` closes an entry that is still open together with its table. */
function close(open: { readonly kind: 'table' | 'entry' }[]): void {
  if (open.at(-1)!.kind === 'entry') open.pop()
  open.pop()
}

function child(of: Map<string, Node>, key: string, place: string): Node {
  const known = of.get(key)
  if (known) return known
  const node = made(place)
  of.set(key, node)
  return node
}

/** What a terminal printed around the text: the prompt with what was asked, and the pages. A verb is no name of a machine. */
const PROMPT =
  /^(?!(?:config|edit|set|append|unset|next|end|delete|purge|rename|move|clone|select|unselect)\s)\S{1,80} (?:\([^()]{0,80}\) )?[#$] *(?:(?:show|get|end|exit)\b.*)?$|^--More--\s*$/u

/** Lines as words. A quoted word may hold line ends (certificates do), and a backslash takes the next character as it is. */
function* lines(text: string): Generator<readonly string[]> {
  let words: string[] = []
  for (let at = 0; at < text.length;) {
    const char = text[at]!
    if (char === '\n' || char === '\r') {
      if (words.length > 0) yield words
      words = []
      at += 1
    } else if (char === ' ' || char === '\t') at += 1
    else if (words.length === 0 && isSilent(text, at)) at = lineEnd(text, at)
    else {
      const [value, next] = word(text, at)
      words.push(value)
      at = next
    }
  }
  if (words.length > 0) yield words
}

const isSilent = (text: string, at: number): boolean =>
  text[at] === '#' || PROMPT.test(text.slice(at, Math.min(lineEnd(text, at), at + 300)))

// A lone carriage return ends a line for the machine: what stands behind it is no comment.
function lineEnd(text: string, from: number): number {
  let at = from
  while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at += 1
  return at
}

/** One word. A quote that is never closed takes the rest of the text, so that the `end` of its table is missing, which is told. */
function word(text: string, from: number): readonly [value: string, next: number] {
  let value = ''
  let quote = ''
  let at = from
  for (; at < text.length; at += 1) {
    const char = text[at]!
    if (char === '\\' && quote !== "'" && at + 1 < text.length) {
      at += 1
      value += text[at]!
    } else if (quote !== '' && char === quote) quote = ''
    else if (quote !== '') value += char
    else if (char === '"' || char === "'") quote = char
    else if (/[ \t\r\n]/u.test(char)) break
    else value += char
  }
  return [value, at]
}
