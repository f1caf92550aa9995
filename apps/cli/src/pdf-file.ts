/**
 * `--format pdf`: what has to be given with it, and the one file it writes.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { SekishoError } from '@sekisho/core'
import { findFont, makePdf, PDF_WORDS } from '@sekisho/report'
import type { FontFile } from '@sekisho/report'
import { UsageError } from './command.ts'
import type { Arguments, Flag } from './command.ts'

export const FONT_FLAG: Flag = {
  type: 'string',
  value: 'FILE',
  about: 'PDF に使うフォントです。指定がなければ IPAmj明朝 か Noto を探します',
}

/** Where the PDF goes. */
export interface PdfWish {
  readonly out: string
  readonly font: string | undefined
}

/**
 * @throws UsageError when `--font` stands without a PDF
 */
export function refuseFont(args: Arguments): void {
  if (args.text('font') !== undefined)
    throw new UsageError('--font は、--format pdf のときに使えます。')
}

/**
 * The font of `--font`, or the first that this machine has.
 *
 * @throws SekishoError NOT_FOUND when there is none; otherwise what the file system throws
 */
export async function pdfFont(
  wanted: string | undefined,
  search: typeof findFont = findFont,
): Promise<FontFile> {
  const file = wanted === undefined ? await search() : { bytes: await readFile(wanted) }
  if (file === undefined) throw new SekishoError('NOT_FOUND', PDF_WORDS.font.none)
  return file
}

/**
 * Makes the document and writes it. Nothing is written when there is no font for it.
 *
 * @throws SekishoError without a usable font; otherwise what the file system throws
 */
export async function writePdf(
  { out, font }: PdfWish,
  make: Parameters<typeof makePdf>[1],
  search: typeof findFont = findFont,
): Promise<void> {
  await writeFile(out, await makePdf(await pdfFont(font, search), make))
}
