/** A record of a PowerPoint stream ([MS-PPT] 2.3.1). */
export interface PptRecord {
  readonly type: number
  readonly instance: number
  readonly container: boolean
  /** Where its header lies. */
  readonly at: number
  /** Bytes behind the header that belong to it, as it says. */
  readonly size: number
}

export const PPT_HEADER = 8

export function pptRecordAt(stream: Uint8Array, at: number): PptRecord | undefined {
  if (at < 0 || at + PPT_HEADER > stream.length) return undefined
  const view = new DataView(stream.buffer, stream.byteOffset + at, PPT_HEADER)
  const head = view.getUint16(0, true)
  return {
    type: view.getUint16(2, true),
    instance: head >> 4,
    container: (head & 15) === 15,
    at,
    size: view.getUint32(4, true),
  }
}

/**
 * Every record from the start on, those inside of containers included, in the order of the file. Flat: a container is a header and
 * what follows, so depth costs nothing and a container that claims too much hides nothing.
 */
export function* pptRecords(stream: Uint8Array): Generator<PptRecord, void, undefined> {
  for (let at = 0; ;) {
    const record = pptRecordAt(stream, at)
    if (!record) return
    yield record
    at += PPT_HEADER + (record.container ? 0 : record.size)
  }
}

export const PPT = {
  vbaInfo: 0x0400,
  embeddedObject: 0x0fcc,
  linkedObject: 0x0fce,
  control: 0x0fee,
  interaction: 0x0ff3,
  userEdit: 0x0ff5,
  currentUser: 0x0ff6,
  video: 0x1006,
  mediaControl: 0x1007,
  midi: 0x100d,
  audioCd: 0x100e,
  wave: 0x100f,
  waveLink: 0x1010,
  objectStorage: 0x1011,
  persistDirectory: 0x1772,
  encryption: 0x2f14,
} as const
