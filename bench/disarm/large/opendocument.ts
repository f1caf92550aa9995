import { deflateRawSync } from 'node:zlib'
import { pick, random, sentence } from './words.ts'
import type { Zip } from './zip.ts'

const OASIS = 'urn:oasis:names:tc:opendocument:xmlns:'
const NAMESPACES =
  ['office', 'text', 'table', 'style', 'meta'].map(declared).join('') +
  ` xmlns:draw="${OASIS}drawing:1.0" xmlns:fo="${OASIS}xsl-fo-compatible:1.0" xmlns:number="${OASIS}datastyle:1.0"` +
  ` xmlns:of="${OASIS}of:1.2" xmlns:xlink="http://www.w3.org/1999/xlink"` +
  ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" office:version="1.3"'

function declared(name: string): string {
  return ` xmlns:${name}="${OASIS}${name}:1.0"`
}

const STYLES =
  '<style:style style:name="co1" style:family="table-column"><style:table-column-properties fo:break-before="auto" style:column-width="2.258cm"/></style:style>' +
  '<style:style style:name="ro1" style:family="table-row"><style:table-row-properties style:row-height="0.452cm"/></style:style>' +
  '<style:style style:name="ta1" style:family="table"><style:table-properties table:display="true"/></style:style>' +
  [1, 2, 3, 4, 5, 6]
    .map(
      (n) =>
        `<style:style style:name="P${n}" style:family="paragraph"><style:paragraph-properties fo:text-indent="${n}mm"/></style:style>` +
        `<style:style style:name="T${n}" style:family="text"><style:text-properties fo:font-size="${9 + n}pt"/></style:style>`,
    )
    .join('')

const MEDIA = { ods: 'spreadsheet', odt: 'text' } as const

/** A spreadsheet or a letter as LibreOffice writes it, packed. */
export function writeOpenDocument(zip: Zip, kind: 'ods' | 'odt', wanted: number): void {
  const type = `application/vnd.oasis.opendocument.${MEDIA[kind]}`
  zip.add('mimetype', [type])
  zip.add('content.xml', content(kind, wanted, `document-content${NAMESPACES}`, 'document-content'))
  zip.add('META-INF/manifest.xml', [
    `<?xml version="1.0" encoding="UTF-8"?>\n<manifest:manifest${declared('manifest')} manifest:version="1.3">` +
      `<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="${type}"/>` +
      '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>',
  ])
}

/** The same as one file of XML. */
export function flatDocument(kind: 'ods' | 'odt', wanted: number): Generator<string> {
  const type = `application/vnd.oasis.opendocument.${MEDIA[kind]}`
  // Flat files are not packed.
  return content(kind, wanted, `document${NAMESPACES} office:mimetype="${type}"`, 'document', true)
}

function* content(
  kind: 'ods' | 'odt',
  wanted: number,
  root: string,
  end: string,
  plain = false,
): Generator<string> {
  const body = MEDIA[kind]
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<office:${root}><office:automatic-styles>${STYLES}</office:automatic-styles><office:body><office:${body}>`
  if (kind === 'ods')
    yield '<table:table table:name="明細" table:style-name="ta1"><table:table-column table:style-name="co1" table:number-columns-repeated="10" table:default-cell-style-name="Default"/>'
  let written = 0
  for (let number = 1; written < wanted; number += 500) {
    const make = kind === 'ods' ? sheetRow : block
    const piece = Array.from({ length: 500 }, (_, index) => make(number + index)).join('')
    written += plain ? Buffer.byteLength(piece) : deflateRawSync(piece).length
    yield piece
  }
  if (kind === 'ods') yield '</table:table>'
  yield `</office:${body}></office:body></office:${end}>`
}

function sheetRow(number: number): string {
  const cells = Array.from({ length: 10 }, (_, index) => cell(number, index))
  return `<table:table-row table:style-name="ro1">${cells.join('')}</table:table-row>`
}

function cell(number: number, index: number): string {
  const value = random(3) === 0 ? random(1_000_000) / 100 : random(100_000)
  if (index < 3)
    return `<table:table-cell office:value-type="string" calcext:value-type="string"><text:p>${sentence()}</text:p></table:table-cell>`
  if (index === 3) {
    const date = `2026-${String(1 + random(12)).padStart(2, '0')}-${String(1 + random(28)).padStart(2, '0')}`
    return `<table:table-cell table:style-name="ce1" office:value-type="date" office:date-value="${date}" calcext:value-type="date"><text:p>${date}</text:p></table:table-cell>`
  }
  const formula =
    index > 6 ? ` table:formula="of:=${pick(FORMULAS).replaceAll('#', String(number))}"` : ''
  return `<table:table-cell${formula} office:value-type="float" office:value="${value}" calcext:value-type="float"><text:p>${value}</text:p></table:table-cell>`
}

const FORMULAS = [
  'SUM([.E#:.G#])*1.1',
  'IF([.E#]>1000;[.F#]*0.8;[.G#])',
  'ROUND([.E#]/[.$F$1];2)',
  'VLOOKUP([.A#];[$明細.$A$1:.$G$500];5;FALSE())',
]

function block(): string {
  return random(25) === 0 ? wordTable() : paragraph()
}

function paragraph(): string {
  const runs = Array.from({ length: 1 + random(4) }, () =>
    random(2) === 0
      ? `<text:span text:style-name="T${1 + random(6)}">${sentence()}</text:span>`
      : `${sentence()}<text:s text:c="2"/>`,
  )
  return `<text:p text:style-name="P${1 + random(6)}">${runs.join('')}</text:p>`
}

function wordTable(): string {
  const cells = (): string =>
    Array.from(
      { length: 4 },
      () => `<table:table-cell office:value-type="string">${paragraph()}</table:table-cell>`,
    ).join('')
  const rows = Array.from(
    { length: 5 + random(20) },
    () => `<table:table-row>${cells()}</table:table-row>`,
  )
  return `<table:table><table:table-column table:number-columns-repeated="4"/>${rows.join('')}</table:table>`
}
