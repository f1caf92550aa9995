import { deflateSync } from 'node:zlib'
import { jpegFromPixels } from '../../../packages/disarm/src/image/jpeg/from-pixels.ts'
import { randomBytes } from './bytes.ts'

/** Pixels of a page scanned at about 150 dpi. */
const WIDTH = 1240
const HEIGHT = 1754

type Packing = 'DCTDecode' | 'FlateDecode'

/** A document of scanned pages, each one picture of colours: JPEG as a copier sends it, or deflated. */
export function* pdf(wanted: number, packing: Packing): Generator<Uint8Array> {
  const offsets: number[] = []
  let length = 0
  const written = (): boolean => length >= wanted
  const object = (body: string, stream?: Uint8Array): Buffer => {
    offsets.push(length)
    const number = offsets.length
    const head = `${number} 0 obj\n${body}\n`
    const piece = stream
      ? Buffer.concat([
          Buffer.from(`${head}stream\n`),
          stream,
          Buffer.from('\nendstream\nendobj\n'),
        ])
      : Buffer.from(`${head}endobj\n`)
    length += piece.length
    return piece
  }
  const start = Buffer.from('%PDF-1.7\n%\u00E2\u00E3\u00CF\u00D3\n', 'latin1')
  length = start.length
  yield start
  const pages: number[] = []
  while (!written()) {
    const picture = pack(randomBytes(WIDTH * HEIGHT * 3), packing)
    const first = offsets.length + 1
    yield object(
      `<</Type/XObject/Subtype/Image/Width ${WIDTH}/Height ${HEIGHT}/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/${packing}/Length ${picture.length}>>`,
      picture,
    )
    const content = Buffer.from('q 595 0 0 842 0 0 cm /I Do Q')
    yield object(`<</Length ${content.length}>>`, content)
    pages.push(first + 2)
    yield object(
      `<</Type/Page/MediaBox[0 0 595 842]/Resources<</XObject<</I ${first} 0 R>>>>/Contents ${first + 1} 0 R>>`,
    )
  }
  const tree = offsets.length + 1
  yield object(
    `<</Type/Pages/Count ${pages.length}/Kids[${pages.map((page) => `${page} 0 R`).join(' ')}]>>`,
  )
  yield object(`<</Type/Catalog/Pages ${tree} 0 R>>`)
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`)
  yield Buffer.from(
    `xref\n0 ${offsets.length + 1}\n0000000000 65535 f \n${rows.join('')}trailer\n<</Size ${offsets.length + 1}/Root ${tree + 1} 0 R>>\nstartxref\n${length}\n%%EOF\n`,
  )
}

function pack(pixels: Uint8Array, packing: Packing): Uint8Array {
  return packing === 'DCTDecode' ? jpegFromPixels(pixels, WIDTH, HEIGHT) : deflateSync(pixels)
}
