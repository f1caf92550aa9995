import type { CompoundFile } from '../../cfb/index.ts'
import type { Context } from '../../family.ts'

const NAMES = '__nameid_version1.0/__substg1.0_00030102'

/** Numbers of named properties (PidLid…), as far as they matter here ([MS-OXPROPS]). */
export const LOCATION = 0x8208
export const START = 0x820d
export const END = 0x820e
/** The path of the sound that a reminder plays. */
const REMINDER_SOUND = 0x851f

/** Ids under which this file keeps its named properties ([MS-OXMSG] 2.2.3: eight bytes each), by their numbers. */
export function namedIds(file: CompoundFile, context: Context): ReadonlyMap<number, number> {
  const ids = new Map<number, number>()
  const entry = file.find(NAMES)
  if (entry?.kind !== 'stream') return ids
  const bytes = file.readStream(entry, context)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    const byNumber = (view.getUint16(at + 4, true) & 1) === 0
    if (byNumber) ids.set(view.getUint32(at, true), 0x8000 + view.getUint16(at + 6, true))
  }
  return ids
}

/** Whether the message names a sound for its reminder. */
export function hasReminderSound(file: CompoundFile, context: Context): boolean {
  const id = namedIds(file, context).get(REMINDER_SOUND)?.toString(16).toUpperCase()
  return (
    id !== undefined &&
    ['001F', '001E'].some((type) => file.find(`__substg1.0_${id}${type}`) !== undefined)
  )
}
