/**
 * Whether a listing says what the kernel does. nft turns the kernel's instructions back into words, and leaves out what it takes for implied: nft 1.0.6 prints
 * `meta l4proto ipv6-icmp th sport 0-65535 drop` as `th sport 0-65535 drop`, so that a wall for ICMPv6 alone is listed as one for everything. Whoever knows that
 * opens a firewall whose listing reads shut. So the listing is put into instructions again, and these are held against the kernel's own.
 */

/** A rule whose listing is not what it does. */
export interface Unfaithful {
  readonly family: string
  readonly table: string
  readonly chain: string
  /** Which rule of its chain, from 0. */
  readonly index: number
  /** `narrower`: it asks for more than is listed; `other`: nobody knows what it does. */
  readonly is: 'narrower' | 'other'
}

/** Instructions of each rule that decide whether it holds, by `family table chain`, in turn. */
type Programs = ReadonlyMap<string, readonly (readonly string[])[]>

/**
 * @param kernel what `nft --debug=netlink list ruleset` prints
 * @param again what `nft -c --debug=netlink -f` prints of the same listing
 */
export function unfaithfulIn(kernel: string, again: string): readonly Unfaithful[] {
  const [real, listed] = [programsIn(kernel), programsIn(again)]
  return [...real].flatMap(([key, rules]) => {
    const [family = '', table = '', chain = ''] = key.split(' ')
    const words = listed.get(key) ?? []
    return rules.flatMap((program, index): readonly Unfaithful[] => {
      const told = words.length === rules.length ? words[index]! : undefined
      if (told !== undefined && same(program, told)) return []
      const is = told !== undefined && holdsMore(program, told) ? 'narrower' : 'other'
      return [{ family, table, chain, index, is }]
    })
  })
}

const RULE = /^(ip|ip6|inet|netdev|bridge|arp) (\S+) ([^@\s]\S*)(?: \d+)*$/u
/** Instructions that ask; all others count, log, or end a way. */
const ASKS =
  /^\[ (?:meta load|payload load|ct load|cmp|range|bitwise|byteorder|lookup|fib|exthdr load|rt load|socket load|osf|xfrm|tunnel load|hash|numgen|inner|match) /u

function programsIn(out: string): Programs {
  const programs = new Map<string, string[][]>()
  let program: string[] | undefined
  let ofIpv4 = false
  for (const line of out.split('\n')) {
    const [, family, table, chain] = RULE.exec(line) ?? []
    const instruction = line.trim()
    if (family !== undefined) {
      program = []
      ofIpv4 = family === 'ip' || family === 'inet'
      const key = `${family} ${table} ${chain}`
      const rules = programs.get(key)
      if (rules) rules.push(program)
      else programs.set(key, [program])
    } else if (!line.startsWith('  ')) program = undefined
    else if (ASKS.test(instruction)) program?.push(plain(instruction, ofIpv4))
  }
  return programs
}

/** Sets without a name get a number of the kernel, and their flags are told of the kernel's own alone when there are none. */
const plain = (instruction: string, ofIpv4: boolean): string =>
  instruction
    .replace(/__(set|map)(?:\d+|%d)/u, '__$1')
    .replace(/^(\[ lookup .*?) 0x0 \]$/u, '$1 ]')
    // In IPv4 the protocol of the header is the one that nft asks for.
    .replace(ofIpv4 ? 'payload load 1b @ network header + 9' : '\0', 'meta load l4proto')

/**
 * The questions of a rule: what is loaded together with what it is held against. All must hold, so their turn says nothing, and nft changes it; only a verdict
 * that is looked up ends the way for those behind it.
 */
function questionsOf(program: readonly string[]): readonly string[] {
  const questions: string[] = []
  let part = 0
  let open: string[] = []
  const close = (): void => {
    if (open.length > 0) questions.push(`${part} ${open.join(' ')}`)
    open = []
  }
  for (const [at, instruction] of program.entries()) {
    const before = program[at - 1]
    if (before !== undefined && isAnswer(before) && !isAnswer(instruction)) close()
    open.push(instruction)
    if (instruction.includes(' dreg 0')) {
      close()
      part += 1
    }
  }
  close()
  return questions.toSorted()
}

const isAnswer = (instruction: string): boolean => /^\[ (?:cmp|range|lookup) /u.test(instruction)

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && questionsOf(a).join('\n') === questionsOf(b).join('\n')

/** Everything that is listed is asked for, and something beside it. A next header is narrower than a protocol, before which others may stand. */
function holdsMore(program: readonly string[], told: readonly string[]): boolean {
  const left = questionsOf(program)
  const narrowed = left.map((one) =>
    one.replace('payload load 1b @ network header + 6', 'meta load l4proto'),
  )
  return questionsOf(told).every((one) => left.includes(one) || narrowed.includes(one))
}
