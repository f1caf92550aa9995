/**
 * How netfilter goes through a text of iptables-save, written down plainly a second time: it shares no code with the readers and the diagrams, so that what they
 * say can be held against it. Only the words that the cases use; everything else may hold or not.
 */

export interface First {
  readonly in: string
  readonly out: string
  readonly protocol: 'tcp' | 'udp'
  readonly source: number
  readonly target: number
  readonly sourcePort: number
  readonly targetPort: number
}

type Verdict = 'ACCEPT' | 'DROP' | 'on'

interface Line {
  readonly words: readonly string[]
}

/** Every way in which the first packet of a connection may end. */
export function simulate(text: string): (packet: First) => ReadonlySet<'ACCEPT' | 'DROP'> {
  const tables = new Map<string, { policy: Map<string, string>; lines: Map<string, Line[]> }>()
  let table = ''
  for (const raw of text.split('\n')) {
    const words = raw.match(/"[^"]*"|\S+/gu) ?? []
    if (raw.startsWith('*')) {
      table = raw.slice(1)
      tables.set(table, { policy: new Map(), lines: new Map() })
    } else if (raw.startsWith(':')) {
      tables.get(table)!.policy.set(words[0]!.slice(1), words[1]!)
    } else if (words[0] === '-A' || words[0] === '-I') {
      const lines = tables.get(table)!.lines
      const before = lines.get(words[1]!) ?? []
      const line = { words: words.slice(2) }
      lines.set(words[1]!, words[0] === '-A' ? [...before, line] : [line, ...before])
    }
  }
  const chain = (name: string, inTable: string, packet: First): ReadonlySet<Verdict> => {
    const ends = new Set<Verdict>()
    for (const { words } of tables.get(inTable)!.lines.get(name) ?? []) {
      const holds = matches(words, packet)
      if (holds === false) continue
      const at = words.findIndex((word) => word === '-j' || word === '-g')
      const target = at < 0 ? 'LOG' : words[at + 1]!
      let after: ReadonlySet<Verdict | 'back'>
      if (target === 'ACCEPT' || target === 'DROP') after = new Set([target] as const)
      else if (target === 'REJECT') after = new Set(['DROP'] as const)
      else if (target === 'RETURN') after = new Set(['back'] as const)
      else if (tables.get(inTable)!.policy.has(target)) {
        const called = chain(target, inTable, packet)
        const gone = words[at] === '-g'
        after = new Set([...called].map((end) => (end === 'on' && gone ? 'back' : end)))
      } else after = new Set(['on'] as const)
      for (const end of after) if (end !== 'on') ends.add(end === 'back' ? 'on' : end)
      if (holds === true && !after.has('on')) return ends
    }
    return ends.add('on')
  }
  const way = [
    ['raw', 'PREROUTING'],
    ['mangle', 'PREROUTING'],
    ['mangle', 'FORWARD'],
    ['filter', 'FORWARD'],
    ['mangle', 'POSTROUTING'],
  ] as const
  return (packet) => {
    const ends = new Set<'ACCEPT' | 'DROP'>()
    for (const [inTable, name] of way) {
      if (!tables.has(inTable)) continue
      const own = chain(name, inTable, packet)
      const policy = tables.get(inTable)!.policy.get(name) === 'DROP' ? 'DROP' : 'ACCEPT'
      const all = new Set([...own].map((end) => (end === 'on' ? policy : end)))
      if (all.has('DROP')) ends.add('DROP')
      if (!all.has('ACCEPT')) return ends
    }
    return ends.add('ACCEPT')
  }
}

/** `undefined` when nobody can tell. */
function matches(words: readonly string[], packet: First): boolean | undefined {
  let told: boolean | undefined = true
  for (let at = 0; at < words.length; at += 1) {
    const negated = words[at] === '!'
    if (negated) at += 1
    const [word, value] = [words[at]!, words[at + 1] ?? '']
    if (word === '-j' || word === '-g') break
    if (word === '--comment') {
      at += 1
      continue
    }
    if (word === '-m') {
      at += 1
      if (UNCLEAR.has(value)) told = undefined
      continue
    }
    const holds = condition(word, value, packet)
    if (holds === undefined) continue
    at += 1
    if (holds === negated) return false
  }
  return told
}

const UNCLEAR = new Set(['limit', 'hashlimit', 'recent', 'addrtype', 'mark', 'physdev', 'rpfilter'])

function condition(word: string, value: string, packet: First): boolean | undefined {
  switch (word) {
    case '-i':
      return named(value, packet.in)
    case '-o':
      return named(value, packet.out)
    case '-s':
      return inside(value, packet.source)
    case '-d':
      return inside(value, packet.target)
    case '-p':
      return value === packet.protocol
    case '--dport':
    case '--dports':
      return value.split(',').some((one) => listed(one, packet.targetPort))
    case '--sport':
    case '--sports':
      return value.split(',').some((one) => listed(one, packet.sourcePort))
    case '--state':
    case '--ctstate':
      return value.split(',').includes('NEW')
    case '--src-range':
      return between(value, packet.source)
    case '--dst-range':
      return between(value, packet.target)
    default:
      return undefined
  }
}

const named = (pattern: string, name: string): boolean =>
  pattern.endsWith('+') ? name.startsWith(pattern.slice(0, -1)) : pattern === name

const listed = (one: string, port: number): boolean => {
  const [first, last = first] = one.split(':')
  return Number(first) <= port && port <= Number(last)
}

/** A dotted address as a number. */
export const dotted = (text: string): number =>
  text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)

function inside(block: string, address: number): boolean {
  const [base, length = '32'] = block.split('/')
  const size = 2 ** (32 - Number(length))
  return Math.floor(dotted(base!) / size) === Math.floor(address / size)
}

function between(range: string, address: number): boolean {
  const [first, last = first] = range.split('-')
  return dotted(first!) <= address && address <= dotted(last!)
}
