import type { Context } from '../../family.ts'
import type { WordStreams } from './decrypt.ts'
import type { Fib } from './fib.ts'
import { TABLE, tableStructure } from './fib.ts'
import { uint16At, uint32At } from '../reading.ts'

/** A run of the document's text: two bytes per character, or one. */
export interface TextRun {
  readonly bytes: Uint8Array
  readonly wide: boolean
}

/**
 * The text of a Word document in reading order, as the piece table lays it out ([MS-DOC] 2.4.1), main text first and notes, headers and
 * text boxes behind it. Runs that lie outside of the stream are left out.
 */
export function textRuns(streams: WordStreams, fib: Fib, context: Context): TextRun[] {
  const { document, table } = streams
  const pieces = fib.modern ? pieceTable(tableStructure(document, table, TABLE.pieces)) : undefined
  if (!pieces) return plainText(document, fib)
  const runs: TextRun[] = []
  const count = Math.floor((pieces.length - 4) / 12)
  for (let i = 0; i < count; i++) {
    const length = uint32At(pieces, (i + 1) * 4) - uint32At(pieces, i * 4)
    const place = uint32At(pieces, (count + 1) * 4 + i * 8 + 2)
    const run = runAt(document, length, place)
    if (!run) continue
    // Many pieces may show the same bytes: each costs.
    context.spend(run.bytes.length)
    runs.push(run)
  }
  return runs
}

/** Bit 30 says that the characters have one byte each, and that the offset is doubled. */
const COMPRESSED = 0x40000000

function runAt(document: Uint8Array, length: number, place: number): TextRun | undefined {
  const wide = (place & COMPRESSED) === 0
  const at = wide ? place & 0x3fffffff : (place & 0x3fffffff) >>> 1
  const size = wide ? length * 2 : length
  if (length <= 0 || at + size > document.length) return undefined
  return { bytes: document.subarray(at, at + size), wide }
}

const PROPERTIES = 1
const PIECES = 2

/** Behind lists of formatting changes in Clx comes the piece table. */
function pieceTable(clx: Uint8Array | undefined): Uint8Array | undefined {
  if (!clx) return undefined
  for (let at = 0; at + 5 <= clx.length;) {
    if (clx[at] === PIECES) return clx.subarray(at + 5, at + 5 + uint32At(clx, at + 1))
    if (clx[at] !== PROPERTIES) return undefined
    at += 3 + uint16At(clx, at + 1)
  }
  return undefined
}

/** Without a piece table the text lies in one run, from fcMin to fcMac. */
function plainText(document: Uint8Array, fib: Fib): TextRun[] {
  if (document.length < 0x20) return []
  const from = uint32At(document, 0x18)
  const to = Math.min(uint32At(document, 0x1c), document.length)
  return from < to ? [{ bytes: document.subarray(from, to), wide: fib.modern }] : []
}
