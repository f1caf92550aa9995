import type { NestedResult } from '../family.ts'
import { Context, TOOLS, refuse } from '../family.ts'
import { rebuildPdf } from '../pdf/rebuild.ts'
import { pictureDocument } from './document.ts'
import { bringsItsFonts, canDraw } from './glyphs.ts'
import { readPixmaps } from './pixmap.ts'
import { readWords } from './words.ts'

/** Pages that are drawn at most. The renderer is asked for one more, so that a page too many is seen. */
const MAX_PAGES = 100

/** Whether a file of this type has pages that could be drawn, were there a renderer. */
export function canFlatten(type: string): boolean {
  return type === 'pdf' || TOOLS.includes(`paper:${type}`)
}

/**
 * The second outcome, 画像化: the pages as pictures with unseen words over them, as a PDF. Only when a person asks for it by name; never
 * when the fonts for its words are missing, because then letters would vanish without a trace.
 *
 * @param type as `detect` names it
 */
export function flatten(bytes: Uint8Array, type: string, context: Context): NestedResult {
  if (!canFlatten(type)) refuse('FLATTEN-FORM')
  const paper = type === 'pdf' ? bytes : answer(context, `paper:${type}`, bytes)
  const answers = ['pages', 'words', 'fonts', 'glyphs'].map((tool) => context.ask(tool, paper))
  const [drawn, words, fonts, charset] = answers
  if (answers.includes(undefined)) refuse('FLATTEN-TOOL')
  const pages = readPixmaps(drawn ?? refuse('FLATTEN-PAGES'))
  if (pages.length > MAX_PAGES) refuse('LIMIT-ENTRIES')
  context.spend(pages.reduce((sum, { rgb }) => sum + rgb.length, 0))
  // A page without a single word has no table; then there is nothing that a font could lack.
  const table = readWords(words ?? new Uint8Array(), pages.length)
  if (!drawable(table, fonts ?? null, charset ?? null)) refuse('FLATTEN-FONT')
  context.removed('FLATTENED', '', pages.length)
  // A ledger of its own: the unseen font is ours and nobody's news.
  const result = rebuildPdf(pictureDocument(pages, table), new Context({ limits: context.limits }))
  return { ...result, type }
}

function answer(context: Context, tool: string, bytes: Uint8Array): Uint8Array {
  const made = context.ask(tool, bytes)
  return made ?? refuse(made === null ? 'FLATTEN-PAGES' : 'FLATTEN-TOOL')
}

function drawable(
  words: ReturnType<typeof readWords>,
  fonts: Uint8Array | null,
  charset: Uint8Array | null,
): boolean {
  if (words.every((page) => page.length === 0)) return true
  if (fonts && bringsItsFonts(fonts)) return true
  return charset !== null && canDraw(words, charset)
}
