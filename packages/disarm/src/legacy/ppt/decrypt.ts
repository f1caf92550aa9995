import type { Context } from '../../family.ts'
import { refuse } from '../../family.ts'
import { readRc4Encryption } from '../crypt/office-rc4.ts'
import type { BlockKey } from '../crypt/office-rc4.ts'
import { withPassword } from '../crypt/password.ts'
import { Rc4 } from '../crypt/rc4.ts'
import { sliceAt, uint32At } from '../reading.ts'
import { decryptPictures } from './pictures.ts'
import { PPT, PPT_HEADER, pptRecordAt } from './records.ts'

/** The streams of a presentation. */
export interface SlideStreams {
  readonly currentUser: Uint8Array
  readonly document: Uint8Array
  readonly pictures: Uint8Array
}

const TOKEN_AT = PPT_HEADER + 4
const TOKEN_PLAIN = 0xe391c05f
const TOKEN_ENCRYPTED = 0xf3d1c4df
/** Edits that a file was saved in; PowerPoint itself starts anew after some dozens. */
const MAX_EDITS = 4096

/**
 * Undoes RC4 CryptoAPI of a presentation ([MS-PPT] 2.3.7): each stored object has a key of its own, by its number. Counts what it
 * opened as OLE-CRYPT.
 */
export function decryptSlides(streams: SlideStreams, context: Context): SlideStreams {
  const { currentUser, document, pictures } = streams
  const edits = editsOf(document, uint32At(currentUser, PPT_HEADER + 8))
  const session = edits.find(({ session: reference }) => reference !== 0)
  if (!session && uint32At(currentUser, TOKEN_AT) !== TOKEN_ENCRYPTED) return streams
  if (!session) return refuse('ENCRYPTED')
  context.spend(document.length + pictures.length)
  const objects = persistedObjects(document, edits, context)
  const at = objects.get(session.session) ?? refuse('OLE-CFB')
  const record = pptRecordAt(document, at)
  if (record?.type !== PPT.encryption) return refuse('ENCRYPTED')
  const encryption = readRc4Encryption(sliceAt(document, at + PPT_HEADER, record.size))
  const key = withPassword(context, (password) => encryption.open(password))
  context.removed('OLE-CRYPT')
  objects.delete(session.session)
  return {
    currentUser: withNumber(currentUser, TOKEN_AT, TOKEN_PLAIN),
    document: decryptObjects(document, edits, objects, key),
    pictures: decryptPictures(pictures, key),
  }
}

interface Edit {
  readonly at: number
  readonly directory: number
  /** Number of the object that describes the encryption; 0 when there is none. */
  readonly session: number
}

/** UserEditAtoms, the newest first: a chain that must lead backwards, so that it ends. */
function editsOf(document: Uint8Array, newest: number): Edit[] {
  const edits: Edit[] = []
  for (let at = newest; ;) {
    const record = pptRecordAt(document, at)
    if (record?.type !== PPT.userEdit || record.size < 28) return edits
    const body = at + PPT_HEADER
    const session = record.size >= 32 ? uint32At(document, body + 28) : 0
    edits.push({ at, directory: uint32At(document, body + 12), session })
    const before = uint32At(document, body + 8)
    if (before === 0 || before >= at || edits.length >= MAX_EDITS) return edits
    at = before
  }
}

/** Offset of each stored object by its number; what a newer edit says counts. */
function persistedObjects(
  document: Uint8Array,
  edits: readonly Edit[],
  context: Context,
): Map<number, number> {
  const objects = new Map<number, number>()
  for (const { directory } of edits) {
    const record = pptRecordAt(document, directory)
    if (record?.type !== PPT.persistDirectory) continue
    const entries = sliceAt(document, directory + PPT_HEADER, record.size)
    // A thousand edits may name the same large directory: each costs.
    context.spend(entries.length)
    for (let at = 0; at + 4 <= entries.length;) {
      const head = uint32At(entries, at)
      const first = head % 0x100000
      const count = Math.floor(head / 0x100000)
      at += 4
      for (let i = 0; i < count && at + 4 <= entries.length; i++, at += 4) {
        if (!objects.has(first + i)) objects.set(first + i, uint32At(entries, at))
      }
    }
  }
  return objects
}

function decryptObjects(
  document: Uint8Array,
  edits: readonly Edit[],
  objects: ReadonlyMap<number, number>,
  key: BlockKey,
): Uint8Array {
  const output = new Uint8Array(document)
  // Objects one behind the other: two numbers for one place would decrypt it twice.
  let end = 0
  for (const [number, at] of [...objects].toSorted(([, a], [, b]) => a - b)) {
    if (at < end) continue
    const head = new Rc4(key(number)).apply(document.subarray(at, at + PPT_HEADER))
    const record = pptRecordAt(head, 0)
    if (!record || at + PPT_HEADER + record.size > document.length) continue
    end = at + PPT_HEADER + record.size
    output.set(new Rc4(key(number)).apply(document.subarray(at, end)), at)
  }
  for (const { at, session } of edits) {
    if (session !== 0) output.set(new Uint8Array(4), at + PPT_HEADER + 28)
  }
  return output
}

function withNumber(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const output = new Uint8Array(bytes)
  new DataView(output.buffer).setUint32(at, value, true)
  return output
}
