import { crc32, deflateRawSync } from 'node:zlib'
import { disarmBytes } from '../src/engine.ts'
import { REFUSAL_REASONS, isDisarmRule } from '../src/rules.ts'
import { verifyClean } from '../verify/index.ts'

/** A parser under attack. */
export interface Target {
  readonly name: string
  /** Words of the format that mutations put in. */
  readonly dictionary: readonly string[]
  /** Runs the input; what promise was broken, or nothing. */
  run(bytes: Uint8Array): string
}

/** Ceilings for one run: a fuzzer needs thousands of runs, not large ones. */
const LIMITS = { decodedBytes: 32 * 1024 * 1024, milliseconds: 5000 }

/**
 * What must hold for any bytes under any name: no crash, only known reasons and rules, and whatever is written is accepted by the verifier and
 * written again byte for byte.
 */
function faultOf(bytes: Uint8Array, extension: string): string {
  const { report, output } = disarmBytes(bytes, extension, { limits: LIMITS })
  const unknown = [...report.removed, ...report.kept].find(({ rule }) => !isDisarmRule(rule))
  if (unknown) return `unknown rule ${unknown.rule}`
  if (!output) return reasonFault(report.reason ?? '')
  if (output.length === 0) return 'empty output'
  const verdict = verifyClean(output, report.outputType)
  if (!verdict.clean) return `not accepted: ${verdict.reason}`
  const again = disarmBytes(output, report.outputType, { limits: LIMITS })
  if (!again.output)
    return again.report.reason?.startsWith('LIMIT-') ? '' : `second time: ${again.report.reason}`
  return Buffer.from(again.output).equals(output) ? '' : 'second time: other bytes'
}

function reasonFault(reason: string): string {
  if (!REFUSAL_REASONS.includes(reason)) return `unknown reason ${reason}`
  return reason === 'ENG-CRASH' || reason === 'LIMIT-TIME' ? reason : ''
}

function plain(name: string, extension: string, dictionary: string): Target {
  return { name, dictionary: dictionary.split('¦'), run: (bytes) => faultOf(bytes, extension) }
}

/** Mutations reach the XML, not its packing: the input is one part of a package that is otherwise sound. */
function part(
  name: string,
  extension: string,
  dictionary: string,
  wrap: (bytes: Uint8Array) => Uint8Array,
): Target {
  return {
    name,
    dictionary: dictionary.split('¦'),
    run: (bytes) => faultOf(wrap(bytes), extension),
  }
}

export const TARGETS: readonly Target[] = [
  plain('zip', 'zip', 'PK\x03\x04¦PK\x01\x02¦PK\x05\x06¦PK\x06\x06¦PK\x06\x07¦a.txt¦../¦\x00\x08'),
  part(
    'xml',
    'docx',
    '<w:p>¦</w:p>¦<w:r>¦<w:t>¦<w:instrText>¦DDE¦<!--¦]]>¦<![CDATA[¦&amp;¦&#x¦<?a?>¦<!DOCTYPE¦ xmlns:w="¦<mc:AlternateContent>¦<w:fldSimple w:instr="¦ r:id="rId1"',
    wordPackage,
  ),
  plain(
    'pdf',
    'pdf',
    'obj¦endobj¦stream\n¦endstream¦xref\n¦trailer¦startxref¦<<¦>>¦[¦]¦/Type¦/Page¦/Kids¦/JS¦/AA¦/Length¦/Filter¦/FlateDecode¦/LZWDecode¦/Prev¦/ObjStm¦R¦(¦)¦<¦>¦%%EOF¦/Encrypt',
  ),
  plain(
    'cfb',
    'doc',
    '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1¦\xfe\xff\xff\xff¦\xff\xff\xff\xff¦\xfd\xff\xff\xff¦R\x00o\x00o\x00t\x00',
  ),
  plain(
    'msg',
    'msg',
    '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1¦\xfe\xff\xff\xff¦_\x00_\x00s\x00u\x00b\x00s\x00t\x00g\x001\x00',
  ),
  plain(
    'rtf',
    'rtf',
    "{\\rtf1¦{\\*¦}¦\\objdata¦\\bin¦\\u-10¦\\uc¦\\'81¦\\pict¦\\fldinst¦\\field¦\\upr¦\\par¦{\\fonttbl¦\\fcharset128",
  ),
  plain('png', 'png', 'IHDR¦IDAT¦PLTE¦IEND¦tRNS¦\x00\x00\x00\x0d'),
  plain(
    'jpeg',
    'jpg',
    '\xff\xd8¦\xff\xc0¦\xff\xc2¦\xff\xc4¦\xff\xda¦\xff\xdb¦\xff\xdd¦\xff\xd9¦\xff\xe1¦Exif\x00\x00',
  ),
  plain('gif', 'gif', 'GIF89a¦\x21\xf9\x04¦\x2c¦\x3b¦NETSCAPE2.0'),
  plain('tiff', 'tif', 'II*\x00¦MM\x00*¦\x00\x01\x03\x00¦\x03\x01\x03\x00¦\x11\x01\x04\x00'),
  plain('webp', 'webp', 'RIFF¦WEBP¦VP8 ¦VP8L¦VP8X¦ALPH¦ANIM¦ANMF¦\x9d\x01\x2a¦\x2f'),
  plain('bmp', 'bmp', 'BM¦\x28\x00\x00\x00¦\x6c\x00\x00\x00¦\x7c\x00\x00\x00'),
  plain('emf', 'emf', '\x01\x00\x00\x00¦ EMF¦\x0e\x00\x00\x00¦\x46\x00\x00\x00¦\x54\x00\x00\x00'),
  plain('wmf', 'wmf', '\xd7\xcd\xc6\x9a¦\x26\x06¦\x00\x00\x00\x03\x00\x00'),
  plain(
    'svg',
    'svg',
    '<svg ¦<script>¦onload=¦xlink:href="¦url(#¦<style>¦@import¦<use ¦</g>¦<g>¦data:image/png;base64,',
  ),
  plain(
    'html',
    'html',
    '<script>¦<a href="¦<table>¦</p>¦<!--¦-->¦<svg>¦<math>¦<style>¦&#x¦&amp¦<![CDATA[¦<img src="¦onerror=¦<!DOCTYPE¦<base ¦<pre>\n',
  ),
  plain(
    'mime',
    'eml',
    'Content-Type: ¦multipart/mixed; boundary="b"¦\r\n--b\r\n¦--b--¦\r\n\r\n¦=?utf-8?B?¦=?iso-2022-jp?Q?¦Content-Transfer-Encoding: base64¦begin 644 a¦message/rfc822¦Subject: ¦From: ',
  ),
  plain('csv', 'csv', '=¦+¦-¦@¦"¦,¦;¦\t¦\r\n¦cmd|¦HYPERLINK(¦\x1b$B¦\x1b(B'),
  plain('dxf', 'dxf', '  0\r\n¦SECTION\r\n¦ENDSEC\r\n¦ENTITIES\r\n¦EOF\r\n¦  2\r\n¦ 10\r\n0.0\r\n'),
  plain('p21', 'p21', "ISO-10303-21;¦HEADER;¦ENDSEC;¦DATA;¦#1=¦('¦');¦/*¦*/¦\\X2\\"),
  plain(
    'ics',
    'ics',
    'BEGIN:VEVENT\r\n¦END:VEVENT\r\n¦BEGIN:VALARM\r\n¦END:VCALENDAR\r\n¦SUMMARY:¦CATEGORIES:¦RRULE:FREQ=¦DTSTART¦;TZID="¦;VALUE=DATE:¦ATTACH:¦METHOD:¦\r\n ¦\\,¦\\',
  ),
  part(
    'odf',
    'odt',
    '<text:p>¦</text:p>¦<draw:image xlink:href="¦<office:scripts>¦<text:a ¦<table:table>¦ table:formula="¦<script:event-listener',
    openDocument,
  ),
]

const DOCUMENT = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'

function wordPackage(document: Uint8Array): Uint8Array {
  return soundZip([
    [
      '[Content_Types].xml',
      `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="${DOCUMENT}"/></Types>`,
    ],
    [
      '_rels/.rels',
      '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    ],
    ['word/document.xml', document],
  ])
}

function openDocument(content: Uint8Array): Uint8Array {
  return soundZip([
    ['mimetype', 'application/vnd.oasis.opendocument.text'],
    [
      'META-INF/manifest.xml',
      '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>',
    ],
    ['content.xml', content],
  ])
}

/** A sound zip around hostile parts. */
function soundZip(members: readonly (readonly [string, string | Uint8Array])[]): Uint8Array {
  const local: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const [name, content] of members) {
    const bytes = Buffer.from(content)
    const packed = name === 'mimetype' ? bytes : deflateRawSync(bytes)
    const shared = Buffer.alloc(26)
    shared.writeUInt16LE(20, 0)
    shared.writeUInt16LE(name === 'mimetype' ? 0 : 8, 4)
    shared.writeUInt16LE(0x21, 8)
    shared.writeUInt32LE(crc32(bytes), 10)
    shared.writeUInt32LE(packed.length, 14)
    shared.writeUInt32LE(bytes.length, 18)
    shared.writeUInt16LE(name.length, 22)
    const head = Buffer.concat([Buffer.from('PK\x03\x04'), shared, Buffer.from(name), packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    central.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), shared, tail, Buffer.from(name)]),
    )
    local.push(head)
    offset += head.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(members.length, 8)
  end.writeUInt16LE(members.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...local, directory, end])
}
