import type { Context } from '../../family.ts'
import { reportMetadata } from '../leftover.ts'
import { bigEndian16, startsWith } from '../reading.ts'
import { isExif, orientationSegment, readOrientation } from './exif.ts'
import { MARKER } from './jpeg.ts'
import type { Density } from './jpeg.ts'

/** What APPn and COM segments say about how to show the picture. Everything else in them is dropped. */
export interface Application {
  density: Density | undefined
  /** 0 until an Exif segment was seen. */
  orientation: number
  adobeTransform: number | undefined
}

const JFIF = 'JFIF\0'
const JFIF_BYTES = 14
const ADOBE = 'Adobe'
const ADOBE_BYTES = 12

/** Takes in one APPn or COM segment, and reports what of it will not be written: IMG-EXIF,
 * or IMG-ICC for a colour profile. */
export function readApplication(
  marker: number,
  data: Uint8Array,
  application: Application,
  context: Context,
  where: string,
): void {
  const known = readJfif(marker, data, application) || readAdobe(marker, data, application)
  if (known || readExif(marker, data, application)) return
  const profile = marker === MARKER.APP2 && startsWith(data, 'ICC_PROFILE\0')
  reportMetadata(context, profile ? 'IMG-ICC' : 'IMG-EXIF', data, where)
}

/** True when the segment holds no more than the density, which is written again. */
function readJfif(marker: number, data: Uint8Array, application: Application): boolean {
  if (marker !== MARKER.APP0 || !startsWith(data, JFIF) || data.length < JFIF_BYTES) return false
  const x = bigEndian16(data, 8)
  const y = bigEndian16(data, 10)
  const unit = data[7]!
  application.density ??= x > 0 && y > 0 && unit <= 2 ? { unit, x, y } : { unit: 0, x: 1, y: 1 }
  return data.length === JFIF_BYTES
}

function readAdobe(marker: number, data: Uint8Array, application: Application): boolean {
  if (marker !== MARKER.APP14 || !startsWith(data, ADOBE) || data.length < ADOBE_BYTES) return false
  application.adobeTransform ??= data[11]!
  return data.length === ADOBE_BYTES
}

/** True when the segment is exactly the one that we write ourselves. */
function readExif(marker: number, data: Uint8Array, application: Application): boolean {
  if (marker !== MARKER.APP1 || !isExif(data)) return false
  application.orientation ||= readOrientation(data)
  return Buffer.compare(data, orientationSegment(application.orientation)) === 0
}
