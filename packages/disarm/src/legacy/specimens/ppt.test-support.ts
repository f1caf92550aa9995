import { writeCompoundFile } from '../../cfb/index.ts'
import type { NewStream } from '../../cfb/index.ts'
import { PPT } from '../ppt/records.ts'
import { Rc4 } from '../crypt/rc4.ts'
import type { Lock } from './lock.test-support.ts'
import { uint32 } from './lock.test-support.ts'

export interface SpecimenShow {
  /** Stored objects: records, numbered from 1. */
  readonly objects: readonly Buffer[]
  readonly pictures?: readonly SpecimenPicture[]
  readonly lock?: Lock
  readonly streams?: readonly NewStream[]
}

/** A picture of the pictures stream, with one id and a tag. */
export interface SpecimenPicture {
  readonly bytes: Uint8Array
}

export function pptRecord(
  type: number,
  body: Uint8Array,
  { container = false, instance = 0 } = {},
): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt16LE((instance << 4) | (container ? 15 : 0), 0)
  head.writeUInt16LE(type, 2)
  head.writeUInt32LE(body.length, 4)
  return Buffer.concat([head, body])
}

/** A PowerPoint 97 file: objects, their directory, the edit that lists them. */
export function specimenPpt(show: SpecimenShow): Uint8Array {
  const { lock } = show
  const session = lock ? [pptRecord(PPT.encryption, lock.header, { container: true })] : []
  const places: Buffer[] = []
  let at = 0
  const stored = [...show.objects, ...session].map((object, index) => {
    places.push(uint32(at))
    at += object.length
    return lock && index < show.objects.length ? sealed(object, lock, index + 1) : object
  })
  const directory = pptRecord(
    PPT.persistDirectory,
    Buffer.concat([uint32((stored.length << 20) | 1), ...places]),
  )
  const edit = pptRecord(
    PPT.userEdit,
    Buffer.concat([
      ...[0, 0, 0, at, 1, stored.length + 1, 0].map(uint32),
      ...(lock ? [uint32(stored.length)] : []),
    ]),
  )
  const document = Buffer.concat([...stored, directory, edit])
  const user = pptRecord(
    PPT.currentUser,
    Buffer.concat([
      uint32(20),
      uint32(lock ? 0xf3d1c4df : 0xe391c05f),
      uint32(at + directory.length),
      Buffer.alloc(8),
    ]),
  )
  const pictures = (show.pictures ?? []).map(({ bytes }) => pictureRecord(bytes, lock))
  return writeCompoundFile({
    streams: [
      { path: 'PowerPoint Document', bytes: document },
      { path: 'Current User', bytes: user },
      { path: 'Pictures', bytes: Buffer.concat(pictures) },
      ...(show.streams ?? []),
    ],
  })
}

function pictureRecord(bytes: Uint8Array, lock: Lock | undefined): Buffer {
  const id = Buffer.alloc(16, 7)
  const whole = pptRecord(0xf01e, Buffer.concat([id, Buffer.of(0xff), bytes]), { instance: 0x6e0 })
  if (!lock) return whole
  const cuts = [0, 8, 24, 25, whole.length]
  return Buffer.concat(
    cuts.slice(1).map((end, index) => sealed(whole.subarray(cuts[index], end), lock, 0)),
  )
}

function sealed(bytes: Uint8Array, lock: Lock, block: number): Buffer {
  return Buffer.from(new Rc4(lock.key(block)).apply(bytes))
}
