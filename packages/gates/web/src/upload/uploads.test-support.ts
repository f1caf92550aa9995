/** For tests only: the cases of `corpus/cloud/uploads`, and the bytes that they describe. */
import { globSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib'
import type { CloudPattern, WebUploadFacts } from '@sekisho/core'
import { writeZip } from '@sekisho/disarm'
import { packageOf } from '../../../../disarm/src/ooxml/synthetic.test-support.ts'
import { buildPdf, streamBody } from '../../../../disarm/src/pdf/build.test-support.ts'
import { hostileZip } from '../../../../disarm/src/zip/hostile.test-support.ts'
import { traditionalMember } from '../../../../disarm/src/zip/locked.test-support.ts'
import type { LabelTerms } from '../../../outward/src/label.ts'

export type Piece =
  | string
  | { readonly hex: string }
  | { readonly base64: readonly Piece[] }
  | { readonly numbers: readonly Piece[] }
  | { readonly times: number; readonly of: readonly Piece[] }
  | SpelledPieces
  | DescribedFile

/** Bytes as letters in one of many ways, cut into pieces of `each` letters with something between them. */
export interface SpelledPieces {
  readonly spelled: keyof typeof SPELLINGS
  readonly of: readonly Piece[]
  readonly each?: number
  readonly between?: string
}

/** A file in a few words: what a reader sees, and what its program wrote on it. */
export interface DescribedFile {
  readonly file: 'docx' | 'xlsx' | 'odt' | 'pdf' | 'zip' | 'locked-zip' | 'png' | 'exe'
  readonly words?: string
  readonly property?: string
  readonly members?: Readonly<Record<string, readonly Piece[]>>
}

export interface UploadCase {
  readonly title: string
  readonly pattern?: CloudPattern
  readonly method?: string
  readonly path?: string | readonly Piece[]
  readonly headers?: readonly (readonly [string, string | readonly Piece[]])[]
  readonly body?: readonly Piece[]
  /** Content coding that is put over the body, one over another. */
  readonly coded?: readonly ('gzip' | 'deflate' | 'br' | 'zstd')[]
  readonly behind?: readonly Piece[]
  readonly approved?: boolean
  readonly town?: Partial<LabelTerms> & { readonly approval?: WebUploadFacts['outwardApproval'] }
  readonly expect: { readonly result: string; readonly rules?: readonly string[] }
}

const FOLDER = resolve(import.meta.dirname, '../../../../../corpus/cloud/uploads')

export function uploadCases(): readonly (readonly [file: string, one: UploadCase])[] {
  return globSync('*.json', { cwd: FOLDER })
    .toSorted()
    .flatMap((file) => {
      const { cases } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as {
        readonly cases: readonly UploadCase[]
      }
      return cases.map((one) => [basename(file, '.json'), one] as const)
    })
}

export function bytesOf(pieces: readonly Piece[]): Buffer {
  return Buffer.concat(pieces.map(bytesOfPiece))
}

/** The head as it is sent. */
export function headOf({ method = 'POST', path = '/api/send', headers = [] }: UploadCase): {
  readonly method: string
  readonly path: string
  readonly headers: readonly (readonly [string, string])[]
} {
  const written = (text: string | readonly Piece[]): string =>
    typeof text === 'string' ? text : bytesOf(text).toString('latin1')
  return {
    method,
    path: written(path),
    headers: headers.map(([name, value]) => [name, written(value)] as const),
  }
}

const CODINGS = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
} as const

export function bodyOf({ body = [], coded = [], behind = [] }: UploadCase): Buffer {
  const plain = bytesOf(body)
  const packed = coded.reduce<Buffer>((bytes, name) => CODINGS[name](bytes), plain)
  return Buffer.concat([packed, bytesOf(behind)])
}

function bytesOfPiece(piece: Piece): Buffer {
  if (typeof piece === 'string') return Buffer.from(piece)
  if ('hex' in piece) return Buffer.from(piece.hex, 'hex')
  if ('base64' in piece) return Buffer.from(bytesOf(piece.base64).toString('base64'))
  if ('numbers' in piece) return Buffer.from(`[${[...bytesOf(piece.numbers)].join(',')}]`)
  if ('spelled' in piece) return spelledOf(piece)
  if ('times' in piece)
    return Buffer.concat(Array.from({ length: piece.times }, () => bytesOf(piece.of)))
  return Buffer.from(FILES[piece.file](piece))
}

function spelledOf({ spelled, of, each, between = '' }: SpelledPieces): Buffer {
  const letters = SPELLINGS[spelled](bytesOf(of))
  if (each === undefined) return Buffer.from(letters)
  const pieces = letters.match(new RegExp(`.{1,${each}}`, 'gsu')) ?? []
  return Buffer.from(pieces.join(between))
}

const SPELLINGS = {
  base64: (bytes) => bytes.toString('base64'),
  base64url: (bytes) => bytes.toString('base64url'),
  hex: (bytes) => bytes.toString('hex'),
  base32: (bytes) =>
    [...bytes]
      .map((byte) => byte.toString(2).padStart(8, '0'))
      .join('')
      .replaceAll(/.{1,5}/gu, (five) =>
        'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(Number.parseInt(five.padEnd(5, '0'), 2)),
      ),
  base85: (bytes) =>
    fours(bytes)
      .map(fiveLetters)
      .join('')
      .slice(0, bytes.length + Math.ceil(bytes.length / 4))
      .replaceAll(/["\\]/gu, '\\$&'),
  uuencode: (bytes) => (bytes.toString('latin1').match(/.{1,45}/gsu) ?? []).map(uuLine).join(''),
  signed: (bytes) => [...new Int8Array(bytes)].join(','),
  unsigned: (bytes) => [...bytes].join(','),
  numbered: (bytes) => [...bytes].map((byte, at) => `"${at}":${byte}`).join(','),
  binary: (bytes) => JSON.stringify(bytes.toString('latin1')),
  packed: (bytes) => deflateRawSync(bytes).toString('base64'),
} as const satisfies Readonly<Record<string, (bytes: Buffer) => string>>

const fours = (bytes: Buffer): readonly number[] =>
  Array.from({ length: Math.ceil(bytes.length / 4) }, (_, nth) =>
    Buffer.concat([bytes, Buffer.alloc(3)]).readUInt32BE(nth * 4),
  )

const fiveLetters = (value: number): string =>
  [4, 3, 2, 1, 0]
    .map((power) => String.fromCharCode(33 + (Math.floor(value / 85 ** power) % 85)))
    .join('')

function uuLine(part: string): string {
  const letter = (value: number): string => String.fromCharCode(value === 0 ? 96 : value + 32)
  const bits = [...Buffer.from(part, 'latin1')]
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('')
  const letters = (bits.match(/.{1,6}/gu) ?? []).map((six) =>
    letter(Number.parseInt(six.padEnd(6, '0'), 2)),
  )
  return `${letter(part.length)}${letters.join('')}\n`
}

const FILES: Readonly<Record<DescribedFile['file'], (file: DescribedFile) => Uint8Array>> = {
  docx: (file) => office('a.docx', `<w:p><w:r><w:t>${file.words ?? ''}</w:t></w:r></w:p>`, file),
  xlsx: (file) =>
    office(
      'a.xlsx',
      (file.words ?? '')
        .split('\n')
        .map((row) => `<row><c t="inlineStr"><is><t>${row}</t></is></c></row>`)
        .join(''),
      file,
    ),
  odt: ({ words = '', property = '' }) =>
    writeZip([
      { name: 'mimetype', bytes: Buffer.from(ODT), stored: true },
      { name: 'META-INF/manifest.xml', bytes: Buffer.from(MANIFEST) },
      { name: 'content.xml', bytes: Buffer.from(odtContent(words)) },
      { name: 'meta.xml', bytes: Buffer.from(odtMeta(property)) },
    ]),
  pdf: ({ property = '' }) =>
    buildPdf(
      { 4: streamBody('0 0 9 9 re f'), 5: `<< /Title <${utf16(property)}> >>` },
      '/Info 5 0 R',
    ),
  zip: ({ members = {} }) =>
    writeZip(Object.entries(members).map(([name, pieces]) => ({ name, bytes: bytesOf(pieces) }))),
  'locked-zip': ({ words = '' }) =>
    hostileZip([traditionalMember('a.txt', words, Buffer.from('secret'))]),
  png: () =>
    Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=',
      'base64',
    ),
  exe: () => Buffer.concat([Buffer.from('MZ\u0090\u0000', 'latin1'), Buffer.alloc(300, 7)]),
}

function office(name: string, body: string, { property }: DescribedFile): Uint8Array {
  const core = `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>${property ?? ''}</dc:title></cp:coreProperties>`
  const parts = property === undefined ? {} : { 'docProps/core.xml': core }
  return packageOf({ title: '', name, body, parts })
}

const ODT = 'application/vnd.oasis.opendocument.text'
const MANIFEST = `<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="${ODT}"/></manifest:manifest>`
const NAMESPACES =
  'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"'
const odtContent = (words: string): string =>
  `<office:document-content ${NAMESPACES}><office:body><office:text><text:p>${words}</text:p></office:text></office:body></office:document-content>`
const odtMeta = (property: string): string =>
  `<office:document-meta ${NAMESPACES}><office:meta><meta:keyword>${property}</meta:keyword></office:meta></office:document-meta>`

/** As a text of PDF (ISO 32000-1, 7.9.2.2). */
function utf16(text: string): string {
  return `feff${Buffer.from(text, 'utf16le').swap16().toString('hex')}`
}

/** A document that acts when it is opened. */
export const MACRO = packageOf({
  title: '',
  name: 'a.docm',
  body: '<w:p><w:r><w:t>お知らせ</w:t></w:r></w:p>',
  parts: { 'word/vbaProject.bin': 'base64:0M8R4KGxGuE=' },
  types: { 'word/vbaProject.bin': 'application/vnd.ms-office.vbaProject' },
  relationships: {
    main: [
      [
        'rId9',
        'http://schemas.microsoft.com/office/2006/relationships/vbaProject',
        'vbaProject.bin',
      ],
    ],
  },
})
