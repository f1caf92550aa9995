/**
 * Clean files of the grammar, built from the page and nothing else, so that each test can put one thing back.
 */
import { createHash } from 'node:crypto'
import { crc32, deflateRawSync, deflateSync } from 'node:zlib'

export type Members = readonly (readonly [name: string, content: string | Uint8Array])[]

const bytesOf = (content: string | Uint8Array): Buffer => Buffer.from(content as string)

/** A canonical zip. */
export function zip(members: Members): Buffer {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let offset = 0
  for (const [name, content] of members) {
    const { shared, rawName, data } = entry(name, bytesOf(content))
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), shared, rawName, data])
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    const version = Buffer.from([20, 0])
    centrals.push(
      Buffer.concat([Buffer.from('PK\u0001\u0002', 'latin1'), version, shared, place, rawName]),
    )
    locals.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(centrals)
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006', 0, 'latin1')
  end.writeUInt16LE(members.length, 8)
  end.writeUInt16LE(members.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, directory, end])
}

function entry(name: string, raw: Buffer): { shared: Buffer; rawName: Buffer; data: Buffer } {
  const packed = deflateRawSync(raw, { level: 4 })
  const smaller = packed.length < raw.length
  const data = smaller ? packed : raw
  const rawName = Buffer.from(name)
  const shared = Buffer.alloc(26)
  shared.writeUInt16LE(20, 0)
  shared.writeUInt16LE(0x0800, 2)
  shared.writeUInt16LE(smaller ? 8 : 0, 4)
  shared.writeUInt16LE(0x0021, 8)
  shared.writeUInt32LE(crc32(raw), 10)
  shared.writeUInt32LE(data.length, 14)
  shared.writeUInt32LE(raw.length, 18)
  shared.writeUInt16LE(rawName.length, 22)
  return { shared, rawName, data }
}

export const xml = (body: string): string =>
  `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${body}`

/** An object of a PDF: a value, or the beginning of a dictionary and the content of its stream. */
export type PdfObject = string | readonly [dictionary: string, content: string]

/**
 * A canonical PDF of these objects. Object 1 is the catalog; they may be given in any order and are numbered as the grammar
 * demands. What nothing refers to is put at the end, where the verifier must find it.
 */
export function pdf(objects: readonly PdfObject[]): Buffer {
  const order = numbering(objects)
  const renumbered = (text: string): string =>
    text.replaceAll(
      /(\d+) 0 R/gu,
      (_, old: string) => `${order.indexOf(Number(old)) + 1 || old} 0 R`,
    )
  const header = Buffer.from('%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n', 'latin1')
  const parts = order.map((old, index) => {
    const object = objects[old - 1]!
    const body =
      typeof object === 'string'
        ? Buffer.from(renumbered(object), 'latin1')
        : streamOf([renumbered(object[0]), object[1]])
    return Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), body, Buffer.from('\nendobj\n')])
  })
  return Buffer.concat([header, ...parts, tail(parts, header.length)])
}

function numbering(objects: readonly PdfObject[]): readonly number[] {
  const order: number[] = []
  const visit = (number: number): void => {
    if (number < 1 || number > objects.length || order.includes(number)) return
    order.push(number)
    const object = objects[number - 1] ?? ''
    const text = typeof object === 'string' ? object : object[0]
    for (const [, next] of text.matchAll(/(\d+) 0 R/gu)) visit(Number(next))
  }
  visit(1)
  for (const index of objects.keys()) visit(index + 1)
  return order
}

function tail(parts: readonly Buffer[], start: number): Buffer {
  const id = createHash('sha256')
    .update(Buffer.concat(parts))
    .digest('hex')
    .slice(0, 32)
    .toUpperCase()
  let at = start
  const lines = parts.map((part) => {
    const line = `${String(at).padStart(10, '0')} 00000 n \n`
    at += part.length
    return line
  })
  const count = parts.length + 1
  return Buffer.from(
    `xref\n0 ${count}\n0000000000 65535 f \n${lines.join('')}trailer\n<< /Size ${count} /Root 1 0 R /ID [<${id}> <${id}>] >>\n` +
      `startxref\n${at}\n%%EOF\n`,
  )
}

function streamOf([dictionary, content]: readonly [string, string]): Buffer {
  const packed = deflateSync(Buffer.from(content, 'latin1'), { level: 4 })
  const filter = dictionary.includes('/Filter') ? '' : ' /Filter /FlateDecode'
  const raw = filter === '' ? Buffer.from(content, 'latin1') : packed
  const begin = dictionary === '' ? '' : ` ${dictionary}`
  return Buffer.concat([
    Buffer.from(`<<${begin}${filter} /Length ${raw.length} >>\nstream\n`, 'latin1'),
    raw,
    Buffer.from('\nendstream'),
  ])
}

export interface PageParts {
  /** Further entries of the catalog, of the page and of its resources. */
  readonly catalog?: string
  readonly leaf?: string
  readonly resources?: string
  /** Objects from number 5. */
  readonly more?: readonly PdfObject[]
}

/** Catalog (1), page tree (2), one page (3), its content (4). */
export function page(content = 'BT\nET\n', parts: PageParts = {}): Buffer {
  const { catalog = '', leaf = '', resources = '', more = [] } = parts
  const entries = (text: string): string => (text === '' ? '' : ` ${text}`)
  return pdf([
    `<< /Type /Catalog /Pages 2 0 R${entries(catalog)} >>`,
    '<< /Type /Pages /Count 1 /Kids [3 0 R] >>',
    `<< /Type /Page /Resources <<${entries(resources)} >> /MediaBox [0 0 595 842] /Contents 4 0 R${entries(leaf)} /Parent 2 0 R >>`,
    ['', content],
    ...more,
  ])
}

/** A chunk of a PNG with a true CRC. */
export function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(data.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE(crc32(body), body.length + 4)
  return out
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10])

/** A PNG of these chunks. */
export function pngOf(chunks: readonly Buffer[]): Buffer {
  return Buffer.concat([SIGNATURE, ...chunks])
}

/** A canonical grey 1×1 PNG, with chunks put in front of `IEND`. */
export function png(extra: readonly (readonly [type: string, data: Uint8Array])[] = []): Buffer {
  return pngOf([
    chunk('IHDR', Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])),
    chunk('IDAT', deflateSync(Buffer.from([0, 128]))),
    ...extra.map(([type, data]) => chunk(type, data)),
    chunk('IEND', new Uint8Array()),
  ])
}
