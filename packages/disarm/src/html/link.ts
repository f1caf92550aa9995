/**
 * What a link must say about itself because its words say something else: `［host］` to be put at its end, or nothing. A text
 * that shows one address and leads to another is how passwords are stolen.
 * @param url canonical, as the URL policy writes it
 * @param words the text of the link without such a note
 */
export function hostNote(url: string, words: string): string | undefined {
  const target = hostOf(url)
  if (target === undefined) return undefined
  const shown = shownHost(words)
  const differs = shown !== undefined && bare(shown) !== bare(target)
  const disguised = /(?:^|\.)xn--/.test(target) && !words.includes(target)
  return differs || disguised ? `［${target}］` : undefined
}

function hostOf(url: string): string | undefined {
  if (/^https?:/.test(url)) return new URL(url).hostname
  const address = /^mailto:[^?]*@([^?,;]+)/.exec(url)?.[1]
  return address?.toLowerCase()
}

const ENDINGS =
  'jp|com|net|org|info|biz|gov|edu|int|mil|io|co|dev|app|cloud|online|site|tokyo|kyoto|osaka|nagoya|us|uk|eu|de|fr|cn|kr|tw|ru|tv|me|cc|ly|gl|be|xyz|top|shop'
/** One run of characters of addresses; classes do not overlap, so nothing is read twice. */
const RUN = /[A-Za-z0-9.\-_:/@%]+/g
const SCHEME = /^https?:\/\//i
const USER = /^[^@/]{1,64}@/
const ADDRESS = /^[^:/]{1,253}/
const NAME = new RegExp(`^((?:[a-z0-9][a-z0-9-]{0,62}\\.){1,8}(?:${ENDINGS}))(?=[:/.]|$)`, 'i')
const MAX_WORDS = 400

/** The first name of a machine that the words show. Full-width letters look the same to a reader. */
function shownHost(words: string): string | undefined {
  for (const [run] of words.slice(0, MAX_WORDS).normalize('NFKC').matchAll(RUN)) {
    const host = hostIn(run)
    if (host?.includes('.')) return host.toLowerCase()
  }
  return undefined
}

function hostIn(run: string): string | undefined {
  const machine = run.replace(SCHEME, '').replace(USER, '')
  const whole = SCHEME.test(run) ? ADDRESS.exec(machine)?.[0] : undefined
  return whole ?? NAME.exec(machine)?.[1]
}

function bare(host: string): string {
  return host.replace(/^www\./, '').replace(/\.$/, '')
}
