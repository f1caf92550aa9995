import { SekishoError } from '@sekisho/core'
import { Context, Refusal } from './family.ts'
import { readEntry, readZip } from './zip/read.ts'

/**
 * The parts of a package (docx, xlsx, …) in the form that this package writes, unpacked, by name. For whoever reads what was rebuilt and verified;
 * hostile bytes have no business here.
 *
 * @throws SekishoError `BUG` when it is not such a package
 */
export function partsOf(rebuilt: Uint8Array): ReadonlyMap<string, Uint8Array> {
  try {
    const context = new Context()
    const zip = readZip(rebuilt, context)
    return new Map(zip.entries.map((entry) => [entry.name, readEntry(zip, entry, context)]))
  } catch (cause) {
    if (cause instanceof Refusal)
      throw new SekishoError('BUG', 'bytes that were not rebuilt', { cause })
    throw cause
  }
}
