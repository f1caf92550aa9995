import type { Context, Family } from '../family.ts'
import { refuse } from '../family.ts'
import { decodeCharset } from './charset.ts'
import { declaredCharsets } from './declared-charset.ts'
import { rebuildArchive } from './archive.ts'
import { rebuildPage } from './rebuild.ts'

/** Web pages: HTML in, HTML out; a web archive (MHT) becomes one page with its pictures inside. */
export const htmlFamily: Family = {
  id: 'html',
  types: ['html', 'mht'],
  rebuild(input, type, context) {
    const page =
      type === 'mht'
        ? rebuildArchive(input, context)
        : rebuildPage(decodePage(input, context), context)
    const output = new TextEncoder().encode(page)
    if (output.length > context.limits.outputBytes) refuse('LIMIT-SIZE')
    return { ok: true, outputType: 'html', output }
  },
}

/** A page is read as a whole, as text and as a tree; one larger than this has more elements than may be written anyway. */
const MAX_PAGE = 32 * 1024 * 1024

function decodePage(input: Uint8Array, context: Context): string {
  if (input.length > MAX_PAGE) refuse('H-SIZE')
  context.spend(input.length * 2)
  const { text, charset, clean } = decodeCharset(input, declaredCharsets(input))
  if (charset !== 'utf-8' && charset !== 'us-ascii') context.removed('H-CHARSET', charset)
  if (!clean) context.kept('T-ENC', charset)
  return text
}
