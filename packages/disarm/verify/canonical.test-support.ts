/**
 * Clean files of the grammar, built from the page and nothing else, so that each test can put one thing back.
 */
import { crc32, deflateRawSync, deflateSync } from 'node:zlib'

export type Members = readonly (readonly [name: string, content: string | Uint8Array])[]

const bytesOf = (content: string | Uint8Array): Buffer => Buffer.from(content as string)

/** A canonical zip. */
export function zip(members: Members): Buffer {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let offset = 0
  for (const [name, content] of members) {
    const raw = bytesOf(content)
    const packed = deflateRawSync(raw)
    const rawName = Buffer.from(name)
    const shared = Buffer.alloc(26)
    shared.writeUInt16LE(20, 0)
    shared.writeUInt16LE(0x0800, 2)
    shared.writeUInt16LE(8, 4)
    shared.writeUInt16LE(0x0021, 8)
    shared.writeUInt32LE(crc32(raw), 10)
    shared.writeUInt32LE(packed.length, 14)
    shared.writeUInt32LE(raw.length, 18)
    shared.writeUInt16LE(rawName.length, 22)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), shared, rawName, packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    const version = Buffer.from([20, 0])
    centrals.push(
      Buffer.concat([Buffer.from('PK\u0001\u0002', 'latin1'), version, shared, tail, rawName]),
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

export const xml = (body: string): string =>
  `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${body}`

const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const SHEET_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
const WORD_TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml'
export const WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
export const SHEET = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'

interface Extra {
  /** More `Override` elements. */
  readonly types?: string
  /** Relationships of the main part. */
  readonly relationships?: string
  /** More members. */
  readonly members?: Members
}

const relationships = (body: string): string =>
  xml(`<Relationships xmlns="${PACKAGE}/relationships">${body}</Relationships>`)

export const relationship = (id: string, kind: string, target: string, more = ''): string =>
  `<Relationship Id="${id}" Type="${OFFICE}/${kind}" Target="${target}"${more}/>`

/** A canonical docx with this body. */
export function docx(body: string, extra: Extra = {}): Buffer {
  const main = xml(
    `<w:document xmlns:w="${WORD}" xmlns:r="${OFFICE}"><w:body>${body}</w:body></w:document>`,
  )
  return office('word/document.xml', `${WORD_TYPE}.document.main+xml`, main, extra)
}

/** A canonical xlsx with these cells on its one sheet. */
export function xlsx(cells: string, extra: Extra = {}): Buffer {
  const book = xml(
    `<workbook xmlns="${SHEET}" xmlns:r="${OFFICE}"><sheets><sheet name="Sheet1" sheetId="1" r:id="s1"/></sheets></workbook>`,
  )
  const sheet = xml(
    `<worksheet xmlns="${SHEET}" xmlns:r="${OFFICE}"><sheetData><row r="1">${cells}</row></sheetData></worksheet>`,
  )
  return office('xl/workbook.xml', `${SHEET_TYPE}.sheet.main+xml`, book, {
    types: `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${SHEET_TYPE}.worksheet+xml"/>${extra.types ?? ''}`,
    relationships: `${relationship('s1', 'worksheet', 'worksheets/sheet1.xml')}${extra.relationships ?? ''}`,
    members: [['xl/worksheets/sheet1.xml', sheet], ...(extra.members ?? [])],
  })
}

function office(name: string, type: string, main: string, extra: Extra): Buffer {
  const folder = name.slice(0, name.lastIndexOf('/') + 1)
  const rels = `${folder}_rels/${name.slice(folder.length)}.rels`
  const types = `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/${name}" ContentType="${type}"/>${extra.types ?? ''}</Types>`
  return zip([
    ['[Content_Types].xml', xml(types)],
    ['_rels/.rels', relationships(relationship('m', 'officeDocument', name))],
    [name, main],
    ...(extra.relationships === undefined
      ? []
      : [[rels, relationships(extra.relationships)] as const]),
    ...(extra.members ?? []),
  ])
}

/** A canonical PDF of these objects; object 1 is the catalog. A pair is a stream: dictionary body and content. */
export function pdf(
  objects: readonly (string | readonly [dictionary: string, content: string])[],
): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n', 'latin1')]
  const offsets: number[] = []
  let at = parts[0]!.length
  for (const [index, object] of objects.entries()) {
    const body = typeof object === 'string' ? Buffer.from(object, 'latin1') : streamOf(object)
    const part = Buffer.concat([
      Buffer.from(`${index + 1} 0 obj\n`),
      body,
      Buffer.from('\nendobj\n'),
    ])
    offsets.push(at)
    parts.push(part)
    at += part.length
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const count = objects.length + 1
  parts.push(
    Buffer.from(
      `xref\n0 ${count}\n0000000000 65535 f \n${table}trailer\n<< /Size ${count} /Root 1 0 R /ID [<00><00>] >>\nstartxref\n${at}\n%%EOF\n`,
    ),
  )
  return Buffer.concat(parts)
}

function streamOf([dictionary, content]: readonly [string, string]): Buffer {
  const packed = deflateSync(Buffer.from(content, 'latin1'))
  return Buffer.concat([
    Buffer.from(`<< /Length ${packed.length} /Filter /FlateDecode ${dictionary} >>\nstream\n`),
    packed,
    Buffer.from('\nendstream'),
  ])
}

/** Catalog, page tree, one page, its content. */
export function page(
  content = 'BT ET',
  {
    catalog = '',
    leaf = '',
    more = [],
  }: {
    catalog?: string
    leaf?: string
    more?: readonly (string | readonly [string, string])[]
  } = {},
): Buffer {
  return pdf([
    `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R ${leaf} >>`,
    ['', content],
    ...more,
  ])
}

/** A canonical 1×1 PNG, with chunks put in front of `IEND`. */
export function png(extra: readonly (readonly [type: string, data: Uint8Array])[] = []): Buffer {
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])
  const chunk = (type: string, data: Uint8Array): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const out = Buffer.alloc(body.length + 8)
    out.writeUInt32BE(data.length, 0)
    body.copy(out, 4)
    out.writeUInt32BE(crc32(body), body.length + 4)
    return out
  }
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from([0, 128]))),
    ...extra.map(([type, data]) => chunk(type, data)),
    chunk('IEND', new Uint8Array()),
  ])
}
