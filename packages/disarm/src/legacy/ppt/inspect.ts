import type { Context } from '../../family.ts'
import type { PptRecord } from './records.ts'
import { PPT, PPT_HEADER, pptRecords } from './records.ts'

/** What a record stands for in a report. Older versions of slides, which a quick save leaves behind, count too. */
const RULES: ReadonlyMap<number, string> = new Map([
  [PPT.embeddedObject, 'OLE-OBJ'],
  [PPT.linkedObject, 'OLE-LINK'],
  [PPT.control, 'OX-ACTIVEX'],
  [PPT.video, 'P-MEDIA'],
  [PPT.mediaControl, 'P-MEDIA'],
  [PPT.midi, 'P-MEDIA'],
  [PPT.audioCd, 'P-MEDIA'],
  [PPT.wave, 'P-MEDIA'],
  [PPT.waveLink, 'P-MEDIA'],
])

/**
 * Reports what of a (decrypted) presentation will not come along, and returns the stream with the bodies of all stored objects (OLE,
 * controls, the VBA project: they share one record type) overwritten with zeros, so that the converter cannot carry them on.
 */
export function inspectSlides(stream: Uint8Array, context: Context): Uint8Array {
  const output = new Uint8Array(stream)
  for (const record of pptRecords(stream)) {
    const rule = RULES.get(record.type)
    if (rule) context.removed(rule, 'slides')
    else if (record.type === PPT.vbaInfo) reportProject(stream, record, context)
    else if (record.type === PPT.interaction) reportAction(stream, record, context)
    else if (record.type === PPT.objectStorage) {
      const from = record.at + PPT_HEADER
      output.fill(0, from, from + record.size)
    }
  }
  context.checkTime()
  return output
}

/** VBAInfoAtom: where the project is stored, and whether it has macros ([MS-PPT] 2.4.11). */
function reportProject(stream: Uint8Array, { at, size }: PptRecord, context: Context): void {
  const stored = stream.subarray(at + PPT_HEADER, at + PPT_HEADER + 4).some((byte) => byte !== 0)
  if (size >= 4 && stored) context.removed('OLE-VBA', 'project')
}

const RUNS_MACRO = 1
const RUNS_PROGRAM = 2

/** InteractiveInfoAtom: what a click or the pointer sets off ([MS-PPT] 2.8.4). */
function reportAction(stream: Uint8Array, { at }: PptRecord, context: Context): void {
  const action = stream[at + PPT_HEADER + 8]
  if (action === RUNS_MACRO || action === RUNS_PROGRAM) context.removed('P-ACTION', 'slides')
}
