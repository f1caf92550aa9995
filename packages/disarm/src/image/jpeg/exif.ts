/** The one thing of Exif that survives: how the picture is turned. */
import { startsWith } from '../reading.ts'

const EXIF_HEADER = 'Exif\0\0'
const ORIENTATION_TAG = 0x0112
const TYPE_SHORT = 3
const ENTRY_BYTES = 12

export function isExif(segment: Uint8Array): boolean {
  return startsWith(segment, EXIF_HEADER)
}

/**
 * Orientation 2 to 8 out of the data of an Exif APP1 segment; 1 when it is absent or makes no sense. Nothing else is
 * looked at: no offset is followed but the one to IFD0 (TIFF 6.0 §2).
 */
export function readOrientation(segment: Uint8Array): number {
  const tiff = segment.subarray(EXIF_HEADER.length)
  const little = startsWith(tiff, 'II*\0')
  if (tiff.length < 8 || (!little && !startsWith(tiff, 'MM\0*'))) return 1
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.length)
  const directory = view.getUint32(4, little)
  if (directory + 2 > tiff.length) return 1
  return orientationIn(view, directory + 2, view.getUint16(directory, little), little)
}

function orientationIn(view: DataView, from: number, entries: number, little: boolean): number {
  for (let i = 0, at = from; i < entries && at + ENTRY_BYTES <= view.byteLength; i++) {
    const isOrientation = view.getUint16(at, little) === ORIENTATION_TAG
    const value = view.getUint16(at + 8, little)
    if (isOrientation && view.getUint16(at + 2, little) === TYPE_SHORT) {
      return value >= 2 && value <= 8 ? value : 1
    }
    at += ENTRY_BYTES
  }
  return 1
}

/** Data of our Exif segment: 32 bytes, 36 with marker and length. Big-endian, IFD0 with one entry, no further IFD. */
export function orientationSegment(orientation: number): Uint8Array {
  return Buffer.concat([
    Buffer.from(EXIF_HEADER, 'latin1'),
    Buffer.from('MM\0*\0\0\0\x08', 'latin1'),
    Buffer.from([0, 1, 0x01, 0x12, 0, TYPE_SHORT, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]),
  ])
}
