import type { Block } from '../cisco-blocks.ts'
import { readExtended, readStandard } from './ace.ts'
import type { Ace } from './ace.ts'
import type { Book } from './objects.ts'

/** One line of a list. */
export interface Entry {
  /** Under this number the machine shows it: its own, or ten more than the one before. */
  readonly number: number
  readonly line: number
  readonly text: string
  readonly remark?: string
  /** What it says about permitting, also when the rest is not understood. */
  readonly action?: 'accept' | 'deny'
  readonly ace?: Ace
  /** Asks for the answers to what was written down under this name. */
  readonly evaluate?: string
}

/** Lists by family and name, e.g. `4 LAN-IN`. */
export type Lists = ReadonlyMap<string, readonly Entry[]>

type Kind = 'standard' | 'extended' | 'ipv6'

/** A line as it stands, before its words are read. */
interface Line {
  readonly words: readonly string[]
  readonly line: number
}

export function listsOf(blocks: readonly Block[], book: Book): Lists {
  const lines = new Map<string, { readonly kind: Kind; readonly lines: Line[] }>()
  const listed = (kind: Kind, name: string): Line[] => {
    const key = `${kind === 'ipv6' ? 6 : 4} ${name}`
    const known = lines.get(key) ?? { kind, lines: [] }
    lines.set(key, known)
    // Under one name there is one kind of list; what is of another kind is read as that, and not understood.
    return known.lines
  }
  for (const block of blocks) {
    const [verb, next = '', kind = '', name = ''] = block.words
    if (verb === 'access-list') {
      listed(numbered(next), next).push({ words: block.words.slice(2), line: block.line })
    } else if (next === 'access-list') {
      const isSix = verb === 'ipv6'
      const inner = block.inner.map((words, at) => ({ words, line: block.innerLines[at]! }))
      if (isSix) listed('ipv6', kind).push(...inner)
      else if (kind === 'standard' || kind === 'extended') listed(kind, name).push(...inner)
    }
  }
  return new Map([...lines].map(([key, { kind, lines: all }]) => [key, entriesOf(all, kind, book)]))
}

/** Lists 1 to 99 and 1300 to 1999 ask for the sender alone. */
function numbered(name: string): Kind {
  const number = Number(name)
  return number < 100 || (number >= 1300 && number < 2000) ? 'standard' : 'extended'
}

const STEP = 10

function entriesOf(lines: readonly Line[], kind: Kind, book: Book): readonly Entry[] {
  const entries: Entry[] = []
  const taken = new Set<number>()
  let last = 0
  let remark: string | undefined
  for (const { words, line } of lines) {
    const own = ownNumber(words)
    const said = own ? own.words : words
    const [verb = ''] = said
    if (verb === 'remark') {
      remark = said.slice(1).join(' ')
      continue
    }
    if (verb === 'exit' || verb === 'description') continue
    const number = own?.number ?? last + STEP
    // A number that comes twice is refused by some releases and takes the place of the first in others.
    const doubled = taken.has(number)
    taken.add(number)
    last = Math.max(last, number)
    entries.push({
      number,
      line,
      text: words.join(' '),
      ...(remark !== undefined && { remark }),
      ...(verb === 'permit' && { action: 'accept' as const }),
      ...(verb === 'deny' && { action: 'deny' as const }),
      ...(doubled ? {} : meaningOf(said, kind, book)),
    })
  }
  return entries.toSorted((a, b) => a.number - b.number)
}

/** `10 permit …` as IPv4 lists print it, `sequence 10 permit …` as IPv6 lists do. */
function ownNumber(words: readonly string[]) {
  const at = words[0] === 'sequence' ? 1 : 0
  const text = words[at] ?? ''
  return /^\d{1,10}$/u.test(text) ? { number: Number(text), words: words.slice(at + 1) } : undefined
}

function meaningOf(
  words: readonly string[],
  kind: Kind,
  book: Book,
): Pick<Entry, 'ace' | 'evaluate'> {
  if (words[0] === 'evaluate' && words.length === 2 && kind !== 'standard') {
    return { evaluate: words[1]! }
  }
  const ace =
    kind === 'standard'
      ? readStandard(book, words)
      : readExtended(book, kind === 'ipv6' ? 6 : 4, words)
  return ace ? { ace } : {}
}
