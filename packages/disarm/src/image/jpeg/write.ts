import { joinedAndGivenBack } from '../../give-back.ts'
import { codesFor, encodeScan, scansOf, tableSlot } from './encode-scan.ts'
import type { CodePair } from './encode-scan.ts'
import { orientationSegment } from './exif.ts'
import { MARKER } from './jpeg.ts'
import type { Component, Density, Frame, Jpeg } from './jpeg.ts'

/**
 * Writes the JPEG form of the disarm grammar: sequential Huffman from the coefficients, with tables of our own, the
 * sampling and quantisation of the input, no restart markers. The same coefficients give the same bytes.
 */
export function encodeJpeg(jpeg: Jpeg): Uint8Array {
  const { frame } = jpeg
  const tables = quantizationTables(frame)
  const codes = codesFor(frame)
  return joinedAndGivenBack([
    marker(MARKER.SOI),
    ...application(jpeg),
    ...tables.map((table, number) => segment(MARKER.DQT, quantizationData(table, number))),
    segment(isWide(tables) ? MARKER.SOF1 : MARKER.SOF0, frameData(frame, tables)),
    ...codes.flatMap((pair, slot) => huffmanSegments(pair, slot)),
    ...scansOf(frame).flatMap((scan) => [
      segment(MARKER.SOS, scanData(frame, scan)),
      encodeScan(frame, scan, codes),
    ]),
    marker(MARKER.EOI),
  ])
}

function application({ density, orientation, adobeTransform, frame }: Jpeg): Uint8Array[] {
  return [
    ...(density ? [segment(MARKER.APP0, jfifData(density))] : []),
    ...(orientation > 1 ? [segment(MARKER.APP1, orientationSegment(orientation))] : []),
    ...(adobeTransform !== undefined && frame.components.length > 1
      ? [segment(MARKER.APP14, adobeData(adobeTransform, frame))]
      : []),
  ]
}

/** JFIF 1.01 without thumbnail (T.871 §10.1). */
function jfifData({ unit, x, y }: Density): Uint8Array {
  const data = Buffer.from('JFIF\0\x01\x01\0\0\0\0\0\0\0', 'latin1')
  data.writeUInt8(unit, 7)
  data.writeUInt16BE(x, 8)
  data.writeUInt16BE(y, 10)
  return data
}

/** Adobe segment, version 100, no flags. Any transform means YCbCr for three components and YCCK for four. */
function adobeData(transform: number, frame: Frame): Uint8Array {
  const canonical = transform === 0 ? 0 : frame.components.length === 3 ? 1 : 2
  return Buffer.from([...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, canonical])
}

/** The distinct tables in use, at most four, in the order of the components. */
function quantizationTables(frame: Frame): readonly Uint16Array[] {
  const tables: Uint16Array[] = []
  for (const component of frame.components) {
    if (tableNumber(tables, component) < 0) tables.push(component.quantization!)
  }
  return tables
}

function tableNumber(tables: readonly Uint16Array[], { quantization }: Component): number {
  return tables.findIndex((table) => table.every((value, k) => value === quantization![k]))
}

function isWide(tables: readonly Uint16Array[]): boolean {
  return tables.some((table) => table.some((value) => value > 255))
}

function quantizationData(table: Uint16Array, number: number): Uint8Array {
  if (!isWide([table])) return Uint8Array.of(number, ...table)
  const data = Buffer.alloc(129)
  data.writeUInt8(0x10 | number, 0)
  table.forEach((value, k) => data.writeUInt16BE(value, 1 + k * 2))
  return data
}

function frameData(frame: Frame, tables: readonly Uint16Array[]): Uint8Array {
  const data = Buffer.alloc(6 + frame.components.length * 3)
  data.writeUInt8(8, 0)
  data.writeUInt16BE(frame.height, 1)
  data.writeUInt16BE(frame.width, 3)
  data.writeUInt8(frame.components.length, 5)
  frame.components.forEach((component, i) => {
    data.set(
      [component.id, (component.h << 4) | component.v, tableNumber(tables, component)],
      6 + i * 3,
    )
  })
  return data
}

function huffmanSegments({ dc, ac }: CodePair, slot: number): Uint8Array[] {
  return [
    segment(MARKER.DHT, Uint8Array.of(slot, ...dc.counts, ...dc.symbols)),
    segment(MARKER.DHT, Uint8Array.of(0x10 | slot, ...ac.counts, ...ac.symbols)),
  ]
}

function scanData(frame: Frame, scan: readonly number[]): Uint8Array {
  const parts = scan.flatMap((index) => [frame.components[index]!.id, tableSlot(index) * 0x11])
  return Uint8Array.of(scan.length, ...parts, 0, 63, 0)
}

function marker(code: number): Uint8Array {
  return Uint8Array.of(0xff, code)
}

function segment(code: number, data: Uint8Array): Uint8Array {
  const length = data.length + 2
  return Buffer.concat([Uint8Array.of(0xff, code, length >> 8, length & 0xff), data])
}
