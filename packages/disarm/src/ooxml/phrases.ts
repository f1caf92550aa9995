import type { KnownTag } from './fast-lane.ts'

/**
 * An element without text that passes as it stands, children and all: the formatting of a run, the borders of a cell. The same ones come again
 * and again, and are known by one comparison.
 */
export interface Phrase {
  readonly spelled: string
  /** Elements in it. */
  readonly elements: number
  /** Levels below the place where it stands, at least one. */
  readonly depth: number
  /** The start tag in it that comes last. */
  readonly last: KnownTag
}

/** Phrases remembered behind one tag; a document that varies them all the time is read tag by tag. */
const MAX_PHRASES = 4
const MAX_SPELLING = 1024

/** The phrase among those that followed `tag` before that stands at `at`. */
export function phraseAt(text: string, at: number, { phrases }: KnownTag): Phrase | undefined {
  for (let index = 0; index < phrases.length; index++) {
    const phrase = phrases[index]
    // A cut and a comparison of whole words: `startsWith` goes letter by letter and takes twice as long.
    if (phrase !== undefined && text.slice(at, at + phrase.spelled.length) === phrase.spelled)
      return phrase
  }
  return undefined
}

/** Remembers that `spelled`, which passed unchanged and told nobody anything, came after `before`. */
export function learnPhrase(before: KnownTag, spelled: string, last: KnownTag): void {
  if (before.phrases.length >= MAX_PHRASES || spelled.length > MAX_SPELLING) return
  let depth = 0
  let deepest = 0
  let elements = 0
  for (let at = spelled.indexOf('<'); at >= 0; at = spelled.indexOf('<', at + 1)) {
    if (spelled.charCodeAt(at + 1) === 0x2f) {
      depth--
      continue
    }
    elements++
    depth++
    deepest = Math.max(deepest, depth)
    if (spelled.charCodeAt(spelled.indexOf('>', at) - 1) === 0x2f) depth--
  }
  before.phrases.push({ spelled: ownCopy(spelled), elements, depth: deepest, last })
}

/** A part of a long text keeps the whole of it in memory; its copy does not. Binary text only. */
export function ownCopy(part: string): string {
  return Buffer.from(part, 'latin1').toString('latin1')
}
