/**
 * What a rule id means: for `sekisho explain`, for the pages and for the reference.
 */
import { CLASS_TABLE, editDistance } from '@sekisho/core'
import { loadGuideline } from './guideline.ts'
import { needKey } from './rule.ts'
import type { Rule } from './rule.ts'
import { OWN_REASONS } from './sentences.ts'
import type { Sentences, Words } from './sentences.ts'

/**
 * One part of a rule, or one of the judge's own reasons (which have no rule). Where the cure of a finding lists what is
 * missing, the cure here lists everything that is needed.
 */
export interface ExplanationPart {
  readonly rule?: Rule
  readonly ja: Words
  readonly en: Words
}

/** Everything known about one id. */
export interface Explanation {
  readonly id: string
  /** At least one. */
  readonly parts: readonly ExplanationPart[]
}

/**
 * Explains a rule id or one of the judge's own reason ids.
 *
 * @returns `undefined` when there is no such id; `nearestRule` then says which one may have been meant.
 */
export function explainRule(id: string): Explanation | undefined {
  const parts = [...rulesOf(id), ...ownReasonOf(id)]
  return parts.length === 0 ? undefined : { id, parts }
}

/** The known id most like this one, when one is near enough to be a slip of the hand. */
export function nearestRule(id: string): string | undefined {
  const asked = id.slice(0, MAX_ID_CHARS).toUpperCase()
  const near = knownIds()
    .map((known) => ({ known, distance: editDistance(asked, known) }))
    .filter(({ known, distance }) => distance <= Math.ceil(known.length / 3))
    .toSorted((a, b) => a.distance - b.distance)
  return near[0]?.known
}

/** A rule that rests on a clause, or is about something, with its heading. */
export interface RuleMention {
  readonly id: string
  readonly short: string
  readonly clause: string
}

/**
 * The rules whose clause has this text in it (番号法19条, 8.4), or whose sentences have the word (特定通信, ISMAP). Numbers are compared whole: 9条 is not 69条.
 *
 * @returns in the order of the rules, each id once; empty when nothing is meant or the text is a single letter
 */
export function rulesAbout(text: string): readonly RuleMention[] {
  const wanted = plainClause(text.slice(0, MAX_ID_CHARS))
  if ([...wanted].length < 2) return []
  const { rules, sentences } = loadGuideline()
  const known = rules.flatMap(({ id, key, clause, kind }) => {
    const words = sentences.ja.rules.get(key)
    if (words === undefined || kind === 'permit') return []
    const { short, message, cure } = words
    return [{ mention: { id, short, clause }, said: `${short} ${message} ${cure}` }]
  })
  const inClause = known.filter(({ mention }) => hasWhole(plainClause(mention.clause), wanted))
  // A number means its clause; a word may stand anywhere.
  const found =
    /[0-9]/u.test(wanted) && inClause.length > 0
      ? inClause
      : known.filter((rule) => inClause.includes(rule) || hasWhole(plainClause(rule.said), wanted))
  return [...new Map(found.map(({ mention }) => [mention.id, mention])).values()]
}

/** 第 and blanks are written or left out as one likes, digits are wide or narrow. Not NFKC: it would join 8.4 ② to 8.42. */
function plainClause(text: string): string {
  return text
    .replaceAll(/[０-９．]/gu, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replaceAll(/[\s第]/gu, '')
}

function hasWhole(text: string, wanted: string): boolean {
  const digit = /[0-9]/u
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const before = text.charAt(at - 1)
    const next = text.charAt(at + wanted.length)
    const cutsNumber =
      (digit.test(before) && digit.test(wanted.charAt(0))) ||
      (digit.test(next) && digit.test(wanted.charAt(wanted.length - 1)))
    // 29条 is another article than 29条の4.
    const branch = wanted.endsWith('条') && /^の[0-9]/u.test(text.slice(at + wanted.length))
    if (!cutsNumber && !branch) return true
  }
  return false
}

/** Longer input is cut before it is compared: the cost grows with its length. */
const MAX_ID_CHARS = 64

function rulesOf(id: string): ExplanationPart[] {
  const { rules, sentences } = loadGuideline()
  return rules
    .filter((rule) => rule.id === id)
    .flatMap((rule) => {
      const ja = sentences.ja.rules.get(rule.key)
      const en = sentences.en.rules.get(rule.key)
      if (!ja || !en) return []
      return [{ rule, ja: filled(ja, rule, sentences.ja), en: filled(en, rule, sentences.en) }]
    })
}

function filled(words: Words, rule: Rule, { missing, listMark }: Sentences): Words {
  const names = rule.needs.map((need) => missing.get(needKey(need)) ?? need.fact)
  return { ...words, cure: words.cure.replace('{missing}', () => names.join(listMark)) }
}

function ownReasonOf(id: string): ExplanationPart[] {
  const { ja, en } = loadGuideline().sentences
  return OWN_REASONS.filter((reason) => reason === id).map((reason) => ({
    ja: withClasses(ja.reasons[reason], ja),
    en: withClasses(en.reasons[reason], en),
  }))
}

/** A finding names the classes that correspond; here every class can. */
function withClasses(words: Words, { listMark }: Sentences): Words {
  const classes = CLASS_TABLE.map(({ municipal }) => municipal).join(listMark)
  return { ...words, cure: words.cure.replace('{missing}', () => classes) }
}

function knownIds(): string[] {
  return [...new Set([...loadGuideline().rules.map((rule) => rule.id), ...OWN_REASONS])]
}
