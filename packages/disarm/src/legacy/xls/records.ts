/** A record of a BIFF stream ([MS-XLS] 2.1.4). */
export interface BiffRecord {
  readonly type: number
  /** Where its header lies in the stream. */
  readonly at: number
  readonly data: Uint8Array
}

/** Records one after another, up to the first that does not fit into the stream. */
export function* biffRecords(stream: Uint8Array): Generator<BiffRecord, void, undefined> {
  for (let at = 0; at + 4 <= stream.length;) {
    const type = stream[at]! | (stream[at + 1]! << 8)
    const size = stream[at + 2]! | (stream[at + 3]! << 8)
    const end = at + 4 + size
    if (end > stream.length) return
    yield { type, at, data: stream.subarray(at + 4, end) }
    at = end
  }
}

/** Record types, as [MS-XLS] 2.3 numbers them. */
export const BIFF = {
  formula: 0x06,
  eof: 0x0a,
  externalSheet: 0x17,
  name: 0x18,
  externalName: 0x23,
  filePass: 0x2f,
  continuation: 0x3c,
  object: 0x5d,
  boundSheet: 0x85,
  fileSharing: 0x5b,
  writeProtect: 0x86,
  vbaProject: 0xd3,
  databaseQuery: 0xdc,
  interfaceHeader: 0xe1,
  revisionHead: 0x138,
  userBook: 0x194,
  fileLock: 0x195,
  revisionInfo: 0x196,
  queryTable: 0x1ad,
  supBook: 0x1ae,
  codeName: 0x1ba,
  noMacros: 0x1bd,
  dataConsolidation: 0x50,
  consolidationReference: 0x51,
  consolidationName: 0x52,
  consolidationBuiltIn: 0x1b5,
  textQuery: 0x805,
  externalDatabase: 0x803,
  begin: 0x809,
} as const

/** Kinds of substreams, in the BOF record. */
export const SUBSTREAM = { globals: 0x05, sheet: 0x10, chart: 0x20, macros: 0x40 } as const

/** Version of BOF: BIFF8 since Excel 97, BIFF5 before. */
export const BIFF8 = 0x0600
