import words from '../words/ja.json' with { type: 'json' }
import type { Preview, PreviewSheet } from './preview.ts'
import {
  PREVIEW_COLUMNS_MAX,
  PREVIEW_PARAGRAPHS_MAX,
  PREVIEW_ROWS_MAX,
  shorten,
} from './preview-text.ts'
import { walkXml } from './xml-walk.ts'
import { readZip } from './zip-reader.ts'
import type { ZipReader } from './zip-reader.ts'

/** Largest part that is read for a preview, bytes: more is not a first page. */
const PART_MAX = 32 * 1024 * 1024
const SHEETS_MAX = 5
const SLIDES_MAX = 20

/** Paragraphs of a text or slides, rows of a workbook. */
export function previewOffice(bytes: Uint8Array, type: string): Preview | undefined {
  const zip = readZip(bytes)
  const main = zip && targetOf(zip, '', '/officeDocument')
  if (!zip || !main) return undefined
  if (type.startsWith('x')) return { kind: 'table', sheets: readSheets(zip, main) }
  if (type.startsWith('d')) {
    const { paragraphs, more } = readParagraphs(part(zip, main) ?? '', 'w:')
    return { kind: 'text', paragraphs, more }
  }
  return readSlides(zip, main)
}

function part(zip: ZipReader, name: string): string | undefined {
  const bytes = zip.read(name, PART_MAX)
  return bytes && new TextDecoder().decode(bytes)
}

interface Relation {
  readonly id: string
  readonly type: string
  readonly target: string
}

/** Relationships of a part; the source `''` is the package. */
function relationsOf(zip: ZipReader, source: string): readonly Relation[] {
  const cut = source.lastIndexOf('/')
  const folder = source.slice(0, cut + 1)
  const xml = part(zip, `${folder}_rels/${source.slice(cut + 1)}.rels`) ?? ''
  const relations: Relation[] = []
  walkXml(xml, {
    open(name, attribute) {
      if (name !== 'Relationship') return
      const target = attribute('Target') ?? ''
      relations.push({
        id: attribute('Id') ?? '',
        type: attribute('Type') ?? '',
        target: new URL(target, `zip:///${folder}`).pathname.slice(1),
      })
    },
  })
  return relations
}

function targetOf(zip: ZipReader, source: string, type: string): string | undefined {
  return relationsOf(zip, source).find((relation) => relation.type.endsWith(type))?.target
}

/** Text between paragraph marks; the prefix is `w:` in a document and `a:` on a slide. */
function readParagraphs(xml: string, prefix: string): { paragraphs: string[]; more: boolean } {
  const paragraphs: string[] = []
  let line = ''
  let reading = false
  const full = (): boolean => paragraphs.length >= PREVIEW_PARAGRAPHS_MAX
  walkXml(
    xml,
    {
      open(name) {
        if (name === `${prefix}t`) reading = true
        else if (name === `${prefix}tab`) line += '\t'
        else if (name === `${prefix}br`) line += '\n'
      },
      close(name) {
        if (name === `${prefix}t`) reading = false
        if (name !== `${prefix}p`) return
        if (line.trim() !== '') paragraphs.push(shorten(line))
        line = ''
      },
      text(text) {
        if (reading) line += text
      },
    },
    full,
  )
  return { paragraphs, more: full() }
}

function readSlides(zip: ZipReader, main: string): Preview {
  const slides = relationsOf(zip, main)
    .filter((relation) => relation.type.endsWith('/slide'))
    .map((relation) => relation.target)
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  const paragraphs = slides.slice(0, SLIDES_MAX).flatMap((slide, index) => {
    const read = readParagraphs(part(zip, slide) ?? '', 'a:')
    return [`${words.slide} ${index + 1}`, ...read.paragraphs]
  })
  const more = slides.length > SLIDES_MAX || paragraphs.length > PREVIEW_PARAGRAPHS_MAX
  return { kind: 'text', paragraphs: paragraphs.slice(0, PREVIEW_PARAGRAPHS_MAX), more }
}

function readSheets(zip: ZipReader, main: string): readonly PreviewSheet[] {
  const relations = relationsOf(zip, main)
  const strings = relations.find((relation) => relation.type.endsWith('/sharedStrings'))
  const shared = strings ? readStrings(part(zip, strings.target) ?? '') : []
  const sheets: PreviewSheet[] = []
  walkXml(part(zip, main) ?? '', {
    open(name, attribute) {
      if (localName(name) !== 'sheet' || sheets.length >= SHEETS_MAX) return
      const target = relations.find((relation) => relation.id === attribute('r:id'))?.target
      const xml = (target && part(zip, target)) ?? ''
      sheets.push({ name: attribute('name') ?? '', ...readRows(xml, shared) })
    },
  })
  return sheets
}

/** Shared strings, without the readings (`rPh`) that Excel keeps beside Japanese names. */
function readStrings(xml: string): string[] {
  const strings: string[] = []
  let text = ''
  let reading = false
  let phonetic = false
  walkXml(xml, {
    open(name) {
      const local = localName(name)
      if (local === 'si') text = ''
      else if (local === 'rPh') phonetic = true
      else if (local === 't') reading = !phonetic
    },
    close(name) {
      const local = localName(name)
      if (local === 'si') strings.push(text)
      else if (local === 'rPh') phonetic = false
      else if (local === 't') reading = false
    },
    text(part_) {
      if (reading) text += part_
    },
  })
  return strings
}

function readRows(
  xml: string,
  shared: readonly string[],
): { rows: readonly (readonly string[])[]; more: boolean } {
  const rows: string[][] = []
  let row: string[] = []
  let cell = { column: 0, type: '', value: '' }
  let reading = false
  let done = false
  walkXml(
    xml,
    {
      open(name, attribute) {
        const local = localName(name)
        if (local === 'row') row = []
        else if (local === 'c')
          cell = {
            column: columnOf(attribute('r') ?? '') ?? row.length,
            type: attribute('t') ?? 'n',
            value: '',
          }
        else if (local === 'v' || local === 't') reading = true
      },
      close(name) {
        const local = localName(name)
        if (local === 'v' || local === 't') reading = false
        else if (local === 'c' && cell.column < PREVIEW_COLUMNS_MAX) {
          while (row.length < cell.column) row.push('')
          row[cell.column] = shorten(valueOf(cell, shared))
        } else if (local === 'row') rows.push(row)
        else if (local === 'sheetData') done = true
      },
      text(text) {
        if (reading) cell.value += text
      },
    },
    () => done || rows.length > PREVIEW_ROWS_MAX,
  )
  return { rows: rows.slice(0, PREVIEW_ROWS_MAX), more: rows.length > PREVIEW_ROWS_MAX }
}

function valueOf(
  { type, value }: { type: string; value: string },
  shared: readonly string[],
): string {
  if (type === 's') return shared[Number(value)] ?? ''
  if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE'
  return value
}

/** Column of a reference such as `AB12`, from 0. */
function columnOf(reference: string): number | undefined {
  const letters = /^[A-Z]{1,3}/u.exec(reference)?.[0]
  if (letters === undefined) return undefined
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
