/**
 * Writes large files that look like those of an office: letters of many paragraphs and tables, books of numbers, words and formulas, plans, pages, mails.
 *
 *   node bench/disarm/make-large.ts docx 10 FILE     about 10 MB, packed
 *   node bench/disarm/make-large.ts csv:cp932 50 FILE
 *
 * Kinds: docx xlsx ods odt fods fodt rtf dxf p21 sfc html eml bmp zip pdf (of scanned pages: JPEG, or `pdf:flate`), and csv txt with an encoding
 * (utf8 utf16 cp932 eucjp jis).
 */
import { dxf, p21, sfc } from './large/drawing.ts'
import { writePieces } from './large/file.ts'
import { writeOffice } from './large/office.ts'
import { flatDocument, writeOpenDocument } from './large/opendocument.ts'
import { bmp, eml, html } from './large/pages.ts'
import { pdf } from './large/pdf.ts'
import { csv, rtf, txt } from './large/plain.ts'
import { Zip } from './large/zip.ts'

const [named = 'xlsx', megabytes = '10', file = 'large.xlsx'] = process.argv.slice(2)
const [kind = '', encoding = 'utf8'] = named.split(':')
const wanted = Number(megabytes) * 1_000_000

const PLAIN: Readonly<Record<string, () => Iterable<string | Uint8Array>>> = {
  fods: () => flatDocument('ods', wanted),
  fodt: () => flatDocument('odt', wanted),
  csv: () => csv(wanted, encoding),
  txt: () => txt(wanted, encoding),
  rtf: () => rtf(wanted),
  dxf: () => dxf(wanted),
  p21: () => p21(wanted),
  sfc: () => sfc(wanted),
  html: () => html(wanted),
  eml: () => eml(wanted),
  bmp: () => bmp(wanted),
  pdf: () => pdf(wanted, encoding === 'flate' ? 'FlateDecode' : 'DCTDecode'),
}

const plain = PLAIN[kind]
if (plain) writePieces(file, plain())
else writeZip(new Zip(file))

function writeZip(zip: Zip): void {
  if (kind === 'ods' || kind === 'odt') writeOpenDocument(zip, kind, wanted)
  else if (kind === 'zip') writeMembers(zip)
  else writeOffice(zip, kind === 'docx' ? 'docx' : 'xlsx', wanted)
  zip.end()
}

/** Tables, texts and pictures side by side; the size counts them unpacked. */
function writeMembers(zip: Zip): void {
  for (let number = 1; number <= 10; number++) {
    zip.add(`meisai${number}.csv`, csv(wanted / 30, number % 2 === 0 ? 'utf8' : 'cp932'))
    zip.add(`note${number}.txt`, txt(wanted / 30, 'utf8'))
    zip.add(`scan${number}.bmp`, bmp(wanted / 30))
  }
}
