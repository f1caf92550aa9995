import { deflateSync } from 'node:zlib'
import { jpegFromPixels } from '../image/jpeg/from-pixels.ts'
import type { Pixmap } from './pixmap.ts'
import { greyOf, indexedOf, isGrey } from './pixmap.ts'
import type { Word } from './words.ts'

/** Dots per inch of the drawn pages. */
const RESOLUTION = 150
const POINTS = 72 / RESOLUTION

/**
 * A PDF of pictures with unseen words over them, so that it can be searched and copied from. Plain and not yet canonical: the PDF family
 * rebuilds it like any other input.
 */
export function pictureDocument(
  pages: readonly Pixmap[],
  words: readonly (readonly Word[])[],
): Uint8Array {
  const body = new Body()
  const kids = pages.map((page, index) => addPage(body, page, words[index] ?? []))
  const tree = body.add(
    `<< /Type /Pages /Count ${kids.length} /Kids [${kids.map(reference).join(' ')}] >>`,
  )
  return body.finish(body.add(`<< /Type /Catalog /Pages ${reference(tree)} >>`))
}

function addPage(body: Body, page: Pixmap, words: readonly Word[]): number {
  const width = number(page.width * POINTS)
  const height = number(page.height * POINTS)
  const image = addImage(body, page)
  const content = `q\n${width} 0 0 ${height} 0 0 cm\n/I Do\nQ\n${unseen(words, page.height * POINTS)}`
  const resources = `<< /XObject << /I ${reference(image)} >> /Font << /F ${reference(body.font())} >> >>`
  const stream = body.stream('', Buffer.from(content, 'latin1'))
  return body.add(
    `<< /Type /Page /MediaBox [0 0 ${width} ${height}] /Resources ${resources} /Contents ${reference(stream)} >>`,
  )
}

function addImage(body: Body, page: Pixmap): number {
  const size = `/Type /XObject /Subtype /Image /Width ${page.width} /Height ${page.height} /BitsPerComponent 8`
  const flate = '/Filter /FlateDecode'
  if (isGrey(page)) {
    return body.stream(`${size} /ColorSpace /DeviceGray ${flate}`, deflateSync(greyOf(page)))
  }
  const indexed = indexedOf(page)
  if (indexed) {
    const { palette, indices } = indexed
    const space = `[/Indexed /DeviceRGB ${palette.length / 3 - 1} <${Buffer.from(palette).toString('hex')}>]`
    return body.stream(`${size} /ColorSpace ${space} ${flate}`, deflateSync(indices))
  }
  const jpeg = jpegFromPixels(page.rgb, page.width, page.height)
  return body.stream(`${size} /ColorSpace /DeviceRGB /Filter /DCTDecode`, jpeg)
}

/** Text in rendering mode 3 (ISO 32000-1, 9.3.6), each word stretched over the place where it was seen. */
function unseen(words: readonly Word[], pageHeight: number): string {
  const lines = words.map(({ left, top, width, height, text }) => {
    const size = Math.max(1, height)
    const units = [...text].length
    const stretch = Math.min(1000, Math.max(1, (width * 100) / (size * units)))
    const place = `1 0 0 1 ${number(left)} ${number(pageHeight - top - size * 0.85)} Tm`
    return `/F ${number(size)} Tf\n${number(stretch)} Tz\n${place}\n<${hex(text)}> Tj`
  })
  return lines.length === 0 ? '' : `BT\n3 Tr\n${lines.join('\n')}\nET\n`
}

/** UTF-16BE: the font's codes are the characters themselves. */
function hex(text: string): string {
  return Buffer.from(text, 'utf16le').swap16().toString('hex')
}

function reference(object: number): string {
  return `${object} 0 R`
}

function number(value: number): string {
  return String(Number(value.toFixed(2)))
}

/** Objects in the order they were added. */
class Body {
  readonly #objects: Uint8Array[] = []
  #font: number | undefined

  add(text: string): number {
    return this.#objects.push(Buffer.from(text, 'latin1'))
  }

  stream(keys: string, bytes: Uint8Array): number {
    const head = Buffer.from(`<< ${keys} /Length ${bytes.length} >>\nstream\n`, 'latin1')
    return this.#objects.push(Buffer.concat([head, bytes, Buffer.from('\nendstream')]))
  }

  /** A font that is never drawn: its codes are UTF-16 units, and a map says so to whoever copies text. */
  font(): number {
    this.#font ??= this.#newFont()
    return this.#font
  }

  #newFont(): number {
    const info = '/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>'
    const descriptor = this.add(
      '<< /Type /FontDescriptor /FontName /Unseen /Flags 4 /FontBBox [0 -200 1000 800] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>',
    )
    const descendant = this.add(
      `<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Unseen ${info} /DW 1000 /FontDescriptor ${reference(descriptor)} >>`,
    )
    const map = this.stream('', Buffer.from(TO_UNICODE, 'latin1'))
    return this.add(
      `<< /Type /Font /Subtype /Type0 /BaseFont /Unseen /Encoding /Identity-H /DescendantFonts [${reference(descendant)}] /ToUnicode ${reference(map)} >>`,
    )
  }

  finish(root: number): Uint8Array {
    const parts: Uint8Array[] = [Buffer.from('%PDF-1.7\n')]
    const offsets: number[] = []
    let at = parts[0]!.length
    this.#objects.forEach((object, index) => {
      offsets.push(at)
      const whole = Buffer.concat([
        Buffer.from(`${index + 1} 0 obj\n`),
        object,
        Buffer.from('\nendobj\n'),
      ])
      parts.push(whole)
      at += whole.length
    })
    const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`)
    const size = offsets.length + 1
    parts.push(
      Buffer.from(
        `xref\n0 ${size}\n0000000000 65535 f \n${rows.join('')}trailer\n<< /Size ${size} /Root ${reference(root)} >>\nstartxref\n${at}\n%%EOF\n`,
      ),
    )
    return Buffer.concat(parts)
  }
}

/** Every code is its own UTF-16 unit; a range may not cross a first byte (ISO 32000-1, 9.10.3). */
const TO_UNICODE = (() => {
  const rows = Array.from({ length: 256 }, (_, high) => {
    const byte = high.toString(16).padStart(2, '0')
    return `<${byte}00> <${byte}ff> <${byte}00>`
  })
  const blocks = [0, 100, 200].map((from) => {
    const some = rows.slice(from, from + 100)
    return `${some.length} beginbfrange\n${some.join('\n')}\nendbfrange\n`
  })
  return `/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapType 2 def\n1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n${blocks.join('')}endcmap\nend\nend\n`
})()
