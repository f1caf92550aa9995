import { SekishoError } from '@sekisho/core'
import { openFont } from './font.ts'
import type { FontFile } from './font.ts'
import { WORDS } from './words.ts'

type Opened = Extract<Awaited<ReturnType<typeof openFont>>, { ok: true }>['font']

/**
 * Makes one document with a font of its own.
 *
 * @throws SekishoError CONFIG_INVALID when the font cannot be used
 */
export async function makePdf(
  file: FontFile,
  make: (font: Opened) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const opened = await openFont(file)
  if (!opened.ok) throw new SekishoError('CONFIG_INVALID', WORDS.font[opened.problem])
  return make(opened.font)
}
