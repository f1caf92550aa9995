const ENDINGS = new Set(
  `jp com net org info biz gov edu int mil io co dev app cloud online site tokyo kyoto osaka nagoya us uk eu de fr cn kr tw ru tv me
cc ly gl be xyz top shop`.split(/\s+/u),
)
const MAX_WORDS = 400

/**
 * Whether a link says where it leads: when its words show another machine than the one it goes to, or when it goes to a name in
 * Punycode, its last words are `［machine］`.
 * @param words all text inside the link
 * @param last the text right before its end tag
 */
export function linkIsHonest(href: string, words: string, last: string): boolean {
  const target = machineOf(href)
  if (target === undefined) return true
  const note = `［${target}］`
  if (!needsNote(target, words)) return true
  return last.endsWith(note) && needsNote(target, words.slice(0, -note.length))
}

function machineOf(href: string): string | undefined {
  if (href.startsWith('http')) return new URL(href).hostname
  if (!href.startsWith('mailto:')) return undefined
  const address = href.slice(7).split('?')[0]!
  const at = address.lastIndexOf('@')
  return at < 0 ? undefined : /^[^?,;]+/u.exec(address.slice(at + 1))?.[0].toLowerCase()
}

function needsNote(target: string, words: string): boolean {
  if (target.split('.').some((label) => label.startsWith('xn--')) && !words.includes(target))
    return true
  const shown = shownMachine(words)
  return shown !== undefined && withoutWww(shown) !== withoutWww(target)
}

function withoutWww(machine: string): string {
  return (machine.startsWith('www.') ? machine.slice(4) : machine).replace(/\.$/u, '')
}

function shownMachine(words: string): string | undefined {
  const runs = words
    .slice(0, MAX_WORDS)
    .normalize('NFKC')
    .split(/[^A-Za-z0-9.\-_:/@%]+/u)
  for (const run of runs) {
    const machine = machineIn(run)
    if (machine !== undefined) return machine
  }
  return undefined
}

function machineIn(run: string): string | undefined {
  const scheme = /^https?:\/\//iu.exec(run)?.[0] ?? ''
  const user = /^[^@/]{1,64}@/u.exec(run.slice(scheme.length))?.[0] ?? ''
  const rest = run.slice(scheme.length + user.length)
  if (scheme !== '') {
    const address = /^[^:/]{1,253}/u.exec(rest)?.[0]
    if (address?.includes('.')) return address.toLowerCase()
    if (address !== undefined) return undefined
  }
  return nameIn(rest)
}

/** Labels up to the longest one that is a known ending; after it comes the end, a colon, a slash or a dot. */
function nameIn(rest: string): string | undefined {
  const labels = (/^[^:/]*/u.exec(rest)?.[0] ?? '').split('.')
  for (let count = Math.min(9, labels.length); count >= 2; count--) {
    const some = labels.slice(0, count)
    const fine = some.slice(0, -1).every((label) => /^[a-z0-9][a-z0-9-]{0,62}$/iu.test(label))
    if (fine && ENDINGS.has(some.at(-1)!.toLowerCase())) return some.join('.').toLowerCase()
  }
  return undefined
}
