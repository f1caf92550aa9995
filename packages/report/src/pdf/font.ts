/**
 * The one font of the document: where to look for it, and what it can draw.
 */
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Font } from 'fontkit'

/** A font file and the face in it. */
export interface FontFile {
  readonly bytes: Uint8Array
  /** PostScript name of the face, for a collection (.ttc); absent for a file of one face. */
  readonly face?: string
}

/**
 * Where a font may be, best first: IPAmj明朝 draws the variants of names, Noto draws every character and not every variant. Fixed places only: what a search
 * would find on a machine is not known to us.
 */
export const FONT_PLACES: readonly { readonly path: string; readonly face?: string }[] = [
  { path: '/usr/share/fonts/truetype/ipamj/ipamjm.ttf' },
  { path: '/usr/share/fonts/opentype/ipamj/ipamjm.ttf' },
  { path: '/usr/share/fonts/ipa-mj-mincho-fonts/ipamjm.ttf' },
  // Where a person without the administrator's rights may put it.
  { path: join(homedir(), '.local', 'share', 'fonts', 'ipamjm.ttf') },
  { path: 'C:\\Windows\\Fonts\\ipamjm.ttf' },
  ...['/usr/share/fonts/opentype/noto', '/usr/share/fonts/google-noto-cjk'].flatMap((folder) => [
    { path: `${folder}/NotoSerifCJK-Regular.ttc`, face: 'NotoSerifCJKjp-Regular' },
    { path: `${folder}/NotoSansCJK-Regular.ttc`, face: 'NotoSansCJKjp-Regular' },
  ]),
]

/** The first font of the fixed places that is there, or `undefined`. */
export async function findFont(places = FONT_PLACES): Promise<FontFile | undefined> {
  for (const { path, face } of places) {
    // oxlint-disable-next-line no-await-in-loop -- the first that is there, in this order
    const bytes = await readFile(path).catch(() => undefined)
    if (bytes !== undefined) return { bytes, ...(face !== undefined && { face }) }
  }
  return undefined
}

/** Why a font cannot be used. */
export type FontProblem = 'unreadable' | 'no-japanese'

/**
 * Opens the font anew. One open font per document: the library remembers in it which character a glyph was first asked for, and a document must not depend on
 * the one before.
 */
export async function openFont(
  file: FontFile,
): Promise<
  { readonly ok: true; readonly font: Font } | { readonly ok: false; readonly problem: FontProblem }
> {
  const { create } = await import('fontkit')
  const font = parsed(() => create(file.bytes, file.face))
  if (font === undefined) return { ok: false, problem: 'unreadable' }
  const japanese = [...'あ漢〔〕'].every((letter) =>
    font.hasGlyphForCodePoint(letter.codePointAt(0)!),
  )
  return japanese ? { ok: true, font } : { ok: false, problem: 'no-japanese' }
}

/** The Japanese face of a collection, or its first one. Only faces with outlines a PDF can carry. */
function parsed(open: () => ReturnType<typeof import('fontkit').create>): Font | undefined {
  try {
    const read = open()
    if (read === null) return undefined
    if (!('fonts' in read)) return read.type === 'TTF' ? read : undefined
    return read.fonts.find(({ postscriptName }) => /jp/iu.test(postscriptName)) ?? read.fonts[0]
  } catch {
    // A broken file makes the library throw anything.
    return undefined
  }
}
