import { deflateSync } from 'node:zlib'
import { SekishoError } from '@sekisho/core'
import { writeChunk } from './chunks.ts'
import { applyFilters } from './filter.ts'
import { bitsPerPixel, isColorType, PNG_SIGNATURE, rowBytes } from './png.ts'
import type { Png } from './png.ts'

/** Level 6 takes seven tenths longer and saves a twentieth. */
const LEVEL = 5
/** Enough to see which way of filtering wins. */
const TRIAL_LEVEL = 1
/** Bytes of a picture that are tried, in bands spread over its height. */
const TRIAL_BYTES = 128 * 1024
const BANDS = 4

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

/** Either way of filtering may win by half: a part of the rows is tried both ways, the whole is written in the better one. */
function compress(png: Png): Uint8Array {
  const trial = someRows(png)
  const plain = filtered(png, trial, false)
  const adaptive = filtered(png, trial, true)
  const isAdaptive = deflate(adaptive, TRIAL_LEVEL).length < deflate(plain, TRIAL_LEVEL).length
  if (trial !== png) return deflate(filtered(png, png, isAdaptive), LEVEL)
  return deflate(isAdaptive ? adaptive : plain, LEVEL)
}

type Rows = Pick<Png, 'data' | 'height'>

function someRows(png: Png): Rows {
  const stride = rowBytes(png, png.width)
  const height = Math.max(1, Math.floor(TRIAL_BYTES / BANDS / stride))
  const apart = Math.floor((png.height - height) / (BANDS - 1))
  if (apart <= height) return png
  const bands = Array.from({ length: BANDS }, (_, band) =>
    png.data.subarray(band * apart * stride, (band * apart + height) * stride),
  )
  return { data: Buffer.concat(bands), height: height * BANDS }
}

function filtered(png: Png, { data, height }: Rows, adaptive: boolean): Uint8Array {
  const step = Math.max(1, bitsPerPixel(png) >> 3)
  return applyFilters(data, height, rowBytes(png, png.width), step, adaptive)
}

function deflate(rows: Uint8Array, level: number): Uint8Array {
  return deflateSync(rows, { level, memLevel: 9 })
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
