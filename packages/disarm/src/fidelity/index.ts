import type { Fidelity, Removal } from '@sekisho/core'
import { Context } from '../family.ts'
import { readPixmaps } from '../flatten/pixmap.ts'
import { canFlatten } from '../flatten/index.ts'
import { pageLikeness } from './pages.ts'
import { textLikeness } from './similarity.ts'
import { wordsOf } from './words.ts'

/** How much is measured: nothing, the words, or the words and the drawn pages. */
export type FidelityWish = 'off' | 'text' | 'pages'

/** One side of the comparison. */
export interface Version {
  readonly bytes: Uint8Array
  readonly type: string
}

/** How alike input and output are; what could not be measured is absent. */
export function measureFidelity(
  before: Version,
  after: Version,
  wish: FidelityWish,
  context: Context,
): Fidelity {
  if (wish === 'off') return {}
  const text = measureText(before, after, context)
  const pages = wish === 'pages' ? measurePages(before, after, context) : undefined
  return { ...(text === undefined ? {} : { text }), ...(pages === undefined ? {} : { pages }) }
}

function measureText(before: Version, after: Version, context: Context): number | undefined {
  // Looking must not cost the budget of what was looked at.
  const scratch = new Context({
    limits: context.limits,
    ...(context.password === undefined ? {} : { password: context.password }),
  })
  const said = saidByRenderer(before, after, context)
  if (said) return textLikeness(...said)
  const was = wordsOf(before.bytes, before.type, scratch)
  const is = was === undefined ? undefined : wordsOf(after.bytes, after.type, scratch)
  return was === undefined || is === undefined ? undefined : textLikeness(was, is)
}

/** What a renderer reads in a PDF is what people read; but only when it read both versions, for it puts words in an order of its own. */
function saidByRenderer(
  before: Version,
  after: Version,
  context: Context,
): readonly [string, string] | undefined {
  if (before.type !== 'pdf' || after.type !== 'pdf') return undefined
  const was = context.ask('text', before.bytes)
  const is = context.ask('text', after.bytes)
  return was && is ? [new TextDecoder().decode(was), new TextDecoder().decode(is)] : undefined
}

/** Both versions drawn small by the same renderer. A version that it cannot draw says nothing. */
function measurePages(before: Version, after: Version, context: Context): number | undefined {
  const papers = [before, after].map((version) => paperOf(version, context))
  const [was, is] = papers.map((paper) => paper && context.ask('thumbs', paper))
  return was && is ? pageLikeness(readPixmaps(was), readPixmaps(is)) : undefined
}

function paperOf({ bytes, type }: Version, context: Context): Uint8Array | undefined {
  if (!canFlatten(type)) return undefined
  if (type === 'pdf') return bytes
  return context.ask(`paper:${type}`, bytes) ?? undefined
}

/** Below these, in thousandths, a file is not called the same any more. */
const LEAST_TEXT = 950
const LEAST_PAGES = 600

/**
 * The reason why the output is too far from the input, or `undefined`. What the report itself says was taken out explains a difference: an
 * embedded file had words, a removed video had a picture.
 */
export function tooFar(
  { text = 1000, pages = 1000 }: Fidelity,
  removed: readonly Removal[],
): 'FIDELITY-TEXT' | 'FIDELITY-IMAGE' | undefined {
  const explained = removed.some(({ rule }) => CHANGES_WHAT_IS_SEEN.has(rule))
  if (explained) return undefined
  if (text < LEAST_TEXT) return 'FIDELITY-TEXT'
  return pages < LEAST_PAGES ? 'FIDELITY-IMAGE' : undefined
}

const CHANGES_WHAT_IS_SEEN: ReadonlySet<string> = new Set(
  `OX-OLE OX-OLELINK OX-ACTIVEX OX-MEDIA OX-XLM OX-HIDDEN OX-REV OX-CT OX-VML OX-MC OX-EXTREL OX-WEBEXT OX-FONT W-ALTCHUNK W-SUBDOC W-FIELD W-DDE W-SDT
   W-MAILMERGE X-DIALOG X-EXTLINK X-RICHVALUE X-PIVOT X-FORMULA P-MEDIA P-NOTES P-3D P-SLIDELINK PDF-FORM PDF-ANNOT PDF-EMBED PDF-OC PDF-SIG PDF-3D
   PDF-XREF PDF-FILTER PDF-FONT PDF-CONTENT PDF-EXTSTREAM PDF-INCR PDF-NOFONT PDF-FUNC PDF-LIMIT IMG-DECODE IMG-ANIM IMG-TRUNCATED IMG-METAFILE
   ODF-MACRO ODF-OBJ ODF-LINK ODF-FORM ODF-REV ODF-HIDDEN ODF-PKG RTF-OBJ RTF-PICT RTF-FIELD RTF-PARSE H-SCRIPT H-EMBED H-REMOTE H-SMUGGLE
   H-PHISH SVG-SCRIPT SVG-EXT OLE-OBJ OLE-LINK OLE-XLM OLE-FIELD OLE-CONVERTED OX-XLSB M-PART M-ATT M-HTML MSG-FORM ZIP-MEMBER FLATTENED
   URL-REMOVED T-CTRL T-CSVINJ CAD-TOKEN`
    .trim()
    .split(/\s+/),
)
