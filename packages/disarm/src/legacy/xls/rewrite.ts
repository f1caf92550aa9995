import type { BiffRecord } from './records.ts'
import { BIFF, SUBSTREAM, biffRecords } from './records.ts'

/**
 * The workbook as the converter may see it: no encryption mark, no trace of a VBA project, no data source, and macro sheets emptied and
 * turned into plain sheets, so that the numbers of the other sheets stay. Bytes behind the last record are not copied.
 */
export function rewriteWorkbook(stream: Uint8Array, macroSheets: ReadonlySet<number>): Uint8Array {
  const parts: Uint8Array[] = []
  /** New place of each substream, by its old one. */
  const moved = new Map<number, number>()
  const sheets: number[] = []
  let size = 0
  /** Records one behind the other are copied together. */
  let from = 0
  let to = 0
  for (const record of keptRecords(stream, macroSheets)) {
    if (record.type === BIFF.begin) moved.set(record.at, size)
    if (record.type === BIFF.boundSheet) sheets.push(size)
    const end = record.at + 4 + record.data.length
    if (macroSheets.has(record.at)) {
      parts.push(stream.subarray(from, to), plainBegin(record))
      from = end
    } else if (record.at !== to) {
      parts.push(stream.subarray(from, to))
      from = record.at
    }
    to = end
    size += end - record.at
  }
  parts.push(stream.subarray(from, to))
  const output = new Uint8Array(Buffer.concat(parts))
  for (const at of sheets) pointTo(output, at, moved, macroSheets)
  return output
}

const DROPPED: ReadonlySet<number> = new Set([
  BIFF.filePass,
  BIFF.vbaProject,
  BIFF.codeName,
  BIFF.noMacros,
  BIFF.databaseQuery,
  BIFF.queryTable,
  BIFF.textQuery,
  BIFF.externalDatabase,
  BIFF.dataConsolidation,
  BIFF.consolidationReference,
  BIFF.consolidationName,
  BIFF.consolidationBuiltIn,
])

function* keptRecords(
  stream: Uint8Array,
  macroSheets: ReadonlySet<number>,
): Generator<BiffRecord, void, undefined> {
  let depth = 0
  /** Depth of the substreams around the macro sheet we are in; -1 outside of one. */
  let emptied = -1
  let dropping = false
  for (const record of biffRecords(stream)) {
    if (record.type === BIFF.begin) {
      if (emptied < 0 && macroSheets.has(record.at)) {
        emptied = depth
        yield record
      } else if (emptied < 0) yield record
      depth++
      continue
    }
    if (record.type === BIFF.eof) {
      depth = Math.max(0, depth - 1)
      if (emptied >= 0 && depth > emptied) continue
      emptied = -1
      yield record
      continue
    }
    dropping = DROPPED.has(record.type) || (dropping && record.type === BIFF.continuation)
    // Outside of all substreams lie only the zeros that some writers fill up with.
    if (emptied < 0 && !dropping && depth > 0) yield record
  }
}

/** BOF of a macro sheet, as that of a plain one. */
function plainBegin({ data }: BiffRecord): Uint8Array {
  const part = Buffer.alloc(4 + data.length)
  part.writeUInt16LE(BIFF.begin, 0)
  part.writeUInt16LE(data.length, 2)
  part.set(data, 4)
  if (data.length >= 4) part.writeUInt16LE(SUBSTREAM.sheet, 6)
  return part
}

/** BOUNDSHEET: where the sheet begins now, and that it is a plain one if its macros went. */
function pointTo(
  output: Uint8Array,
  at: number,
  moved: ReadonlyMap<number, number>,
  macroSheets: ReadonlySet<number>,
): void {
  const view = new DataView(output.buffer, output.byteOffset + at)
  if (view.getUint16(2, true) < 6) return
  const old = view.getUint32(4, true)
  const place = moved.get(old)
  if (place !== undefined) view.setUint32(4, place, true)
  if (macroSheets.has(old)) view.setUint8(9, 0)
}
