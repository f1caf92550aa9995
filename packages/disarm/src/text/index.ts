import type { Context, Family, Rebuilt } from '../family.ts'
import { refuse } from '../family.ts'
import { cleanControls } from './clean.ts'
import { neutraliseCells } from './csv.ts'
import { detectEncoding } from './encoding.ts'

export { looksLikeText, posesAsText, textHead } from './pose.ts'

/** Plain text and tables of text. Bytes that are valid and harmless come out unchanged. */
export const textFamily: Family = {
  id: 'text',
  types: ['txt', 'csv', 'tsv'],
  rebuild: rebuildText,
}

function rebuildText(input: Uint8Array, type: string, context: Context): Rebuilt {
  const encoding = detectEncoding(input) ?? refuse('T-BINARY')
  const clean = cleanControls(input, encoding, context)
  // A file made of control characters is a program's file, whatever it is called.
  if (clean.length < input.length * MIN_SHARE_OF_TEXT) refuse('T-BINARY')
  const output = type === 'txt' ? clean : neutraliseCells(clean, encoding, context)
  return { ok: true, outputType: type, output }
}

const MIN_SHARE_OF_TEXT = 0.9
