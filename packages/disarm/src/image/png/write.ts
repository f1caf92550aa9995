import { deflateSync } from 'node:zlib'
import { SekishoError } from '@sekisho/core'
import { writeChunk } from './chunks.ts'
import { applyFilters } from './filter.ts'
import { bitsPerPixel, isColorType, PNG_SIGNATURE, rowBytes } from './png.ts'
import type { Png } from './png.ts'

/** Up to this size both ways of filtering are tried, because either may win by half. */
const TRY_BOTH_BYTES = 8 * 1024 * 1024
/** Up to this size deflate tries hardest; beyond it takes ten times as long for a few hundredths. */
const HARD_BYTES = 256 * 1024

/**
 * Writes the PNG form of the disarm grammar: signature, IHDR, PLTE when indexed, tRNS when given, one IDAT, IEND;
 * not interlaced. The same input gives the same bytes.
 * @throws SekishoError `BUG` when the parts contradict each other
 */
export function encodePng(png: Png): Uint8Array {
  checkParts(png)
  return Buffer.concat([
    Buffer.from(PNG_SIGNATURE, 'latin1'),
    writeChunk('IHDR', headerData(png)),
    ...(png.palette ? [writeChunk('PLTE', png.palette)] : []),
    ...(png.transparency ? [writeChunk('tRNS', png.transparency)] : []),
    writeChunk('IDAT', compress(png)),
    writeChunk('IEND', new Uint8Array(0)),
  ])
}

function headerData(png: Png): Uint8Array {
  const data = Buffer.alloc(13)
  data.writeUInt32BE(png.width, 0)
  data.writeUInt32BE(png.height, 4)
  data.writeUInt8(png.bitDepth, 8)
  data.writeUInt8(png.colorType, 9)
  return data
}

/** Filters seldom help where a byte is not a sample; a large picture is not tried twice. */
function compress(png: Png): Uint8Array {
  const wholeSamples = png.colorType !== 3 && png.bitDepth >= 8
  if (png.data.length > TRY_BOTH_BYTES) return deflateFiltered(png, wholeSamples)
  const plain = deflateFiltered(png, false)
  const adaptive = deflateFiltered(png, true)
  return adaptive.length < plain.length ? adaptive : plain
}

function deflateFiltered(png: Png, adaptive: boolean): Uint8Array {
  const stride = rowBytes(png, png.width)
  const step = Math.max(1, bitsPerPixel(png) >> 3)
  const filtered = applyFilters(png.data, png.height, stride, step, adaptive)
  return deflateSync(filtered, { level: filtered.length > HARD_BYTES ? 6 : 9, memLevel: 9 })
}

function checkParts(png: Png): void {
  const paletteFits = (png.colorType === 3) === (png.palette !== undefined)
  const sized = png.data.length === png.height * rowBytes(png, png.width)
  if (
    !isColorType(png.colorType, png.bitDepth) ||
    !paletteFits ||
    !sized ||
    png.data.length === 0
  ) {
    throw new SekishoError('BUG', 'encodePng: parts of the picture do not fit together')
  }
}
