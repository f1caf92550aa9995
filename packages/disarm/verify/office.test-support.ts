import { disarmBytes } from '../src/engine.ts'
import { packageOf } from '../src/ooxml/synthetic.test-support.ts'
import { zip } from './canonical.test-support.ts'
import { Budget } from './budget.ts'
import { NAMESPACES } from './ooxml-tables.ts'
import { readZip } from './zip.ts'

export type OfficeKind = 'docx' | 'xlsx' | 'pptx'

/** What is put back into a clean file. */
export interface Change {
  /** Elements: into the body, behind the rows, or among the shapes. */
  readonly body?: string
  /** The part they go into; the document, first sheet or first slide when absent. */
  readonly into?: string
  /** Elements behind the sheets of the book, or behind the slides of the show. */
  readonly book?: string
  /** A relationship of the part: type, target, and `External` for one that leads outside. */
  readonly relationship?: readonly string[]
  /** Further parts: name, content type, content. */
  readonly parts?: readonly (readonly [name: string, type: string, content: string])[]
  /** Text replaced anywhere, e.g. in the content types. */
  readonly replace?: readonly [from: string, to: string]
}

const SECOND: Readonly<Record<OfficeKind, string>> = {
  docx: 'word/document.xml',
  xlsx: 'xl/worksheets/sheet1.xml',
  pptx: 'ppt/slides/slide1.xml',
}
const MAIN: Readonly<Record<OfficeKind, string>> = {
  docx: 'word/document.xml',
  xlsx: 'xl/workbook.xml',
  pptx: 'ppt/presentation.xml',
}
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships'
/** Namespaces that no clean file may use. */
const FOREIGN: Readonly<Record<string, string>> = {
  y: 'urn:y',
  xvml: 'urn:schemas-microsoft-com:office:excel',
}

const W = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
const word = (root: string, body: string): string => `<w:${root} xmlns:w="${W}">${body}</w:${root}>`
const STORY = '<w:p><w:r><w:t>注</w:t></w:r></w:p>'
const wordType = (name: string): string =>
  `application/vnd.openxmlformats-officedocument.wordprocessingml.${name}+xml`

/** A file as the disarmer writes it: with header, footer, notes and comments for a letter. */
export function cleanOffice(kind: OfficeKind): Uint8Array {
  const bytes = WRITTEN.get(kind) ?? written(kind)
  WRITTEN.set(kind, bytes)
  return bytes
}

const WRITTEN = new Map<OfficeKind, Uint8Array>()

function written(kind: OfficeKind): Uint8Array {
  const text = '<w:p><w:r><w:t>葛\u{E0102}城 𠮷田 髙橋 﨑</w:t></w:r></w:p>'
  const section =
    '<w:p><w:pPr><w:sectPr><w:headerReference w:type="default" r:id="h"/><w:footerReference w:type="default" r:id="f"/></w:sectPr></w:pPr></w:p>'
  const letter = {
    title: 'letter',
    name: 'a.docx',
    body: `${text}${section}`,
    parts: {
      'word/header1.xml': word('hdr', STORY),
      'word/footer1.xml': word('ftr', STORY),
      'word/footnotes.xml': word('footnotes', `<w:footnote w:id="1">${STORY}</w:footnote>`),
      'word/comments.xml': word('comments', `<w:comment w:id="1">${STORY}</w:comment>`),
    },
    types: Object.fromEntries(
      [
        ['header1', 'header'],
        ['footer1', 'footer'],
        ['footnotes', 'footnotes'],
        ['comments', 'comments'],
      ].map(([part, type]) => [`word/${part}.xml`, wordType(type!)]),
    ),
    relationships: {
      main: [
        ['h', 'header', 'header1.xml'],
        ['f', 'footer', 'footer1.xml'],
        ['n', 'footnotes', 'footnotes.xml'],
        ['c', 'comments', 'comments.xml'],
      ],
    },
  }
  const other = {
    title: 'other',
    name: `a.${kind}`,
    body: kind === 'xlsx' ? '<row r="1"><c r="A1"><f>SUM(B1:B9)</f><v>1</v></c></row>' : '',
  }
  const { output } = disarmBytes(packageOf(kind === 'docx' ? letter : other), kind)
  if (!output) throw new Error('the clean file was refused')
  return output
}

/** Parts of a package in their order. */
export function partsOf(bytes: Uint8Array): Map<string, Uint8Array> {
  return new Map(readZip(bytes, new Budget()).map((member) => [member.name, member.bytes]))
}

/** Puts something back into a clean file and packs it again in the canonical form, so that nothing else is wrong with it. */
export function changed(kind: OfficeKind, change: Change): Uint8Array {
  const parts = new Map(
    [...partsOf(cleanOffice(kind))].map(([name, bytes]) => [name, Buffer.from(bytes).toString()]),
  )
  const into = change.into ?? SECOND[kind]
  if (change.body !== undefined) insert(parts, into, change.body)
  if (change.book !== undefined) insert(parts, MAIN[kind], change.book)
  if (change.relationship) relate(parts, into, change.relationship)
  for (const [name, type, content] of change.parts ?? []) {
    parts.set(name, content)
    declare(parts, name, type)
  }
  const [from, to] = change.replace ?? ['', '']
  return zip(
    [...parts].map(([name, text]) => [name, from === '' ? text : text.replaceAll(from, to)]),
  )
}

/** Before the end of what holds the content; of the root where that is nothing of the kind. */
function insert(parts: Map<string, string>, name: string, body: string): void {
  const text = declared(parts.get(name)!, body)
  const ends = ['</w:body>', '</p:spTree>', '</w:footnote>', '</w:comment>']
  const end = ends.find((tag) => text.includes(tag))
  const cells = body.startsWith('<c ') ? '</row>' : undefined
  const at = text.lastIndexOf(cells ?? end ?? '</')
  parts.set(name, text.slice(0, at) + body + text.slice(at))
}

/** Declares the prefixes of `body` on the root. */
function declared(text: string, body: string): string {
  const known = {
    ...Object.fromEntries(Object.entries(NAMESPACES).map(([uri, prefix]) => [prefix, uri])),
    ...FOREIGN,
  }
  const used = new Set([...body.matchAll(/[< ]([a-z0-9]+):/gu)].map(([, prefix]) => prefix!))
  const missing = [...used].filter(
    (prefix) => !text.includes(`xmlns:${prefix}=`) && prefix !== 'xml',
  )
  const declarations = missing.map(
    (prefix) => ` xmlns:${prefix}="${known[prefix] ?? `urn:${prefix}`}"`,
  )
  return text.replace(/(<[A-Za-z:]+)( |>|\/>)/u, `$1${declarations.join('')}$2`)
}

function relate(
  parts: Map<string, string>,
  name: string,
  [type = '', target = '', mode]: readonly string[],
): void {
  const slash = name.lastIndexOf('/') + 1
  const rels = `${name.slice(0, slash)}_rels/${name.slice(slash)}.rels`
  const before =
    parts.get(rels) ??
    `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="${PACKAGE}"></Relationships>`
  const id = `rId${before.split('<Relationship ').length}`
  const full = type.startsWith('http') ? type : `${OFFICE}${type}`
  const outside = mode === undefined ? '' : ` TargetMode="${mode}"`
  const row = `<Relationship Id="${id}" Type="${full}" Target="${target}"${outside}/>`
  const text = before.replace('</Relationships>', `${row}</Relationships>`)
  if (parts.has(rels)) parts.set(rels, text)
  else placeBehind(parts, name, rels, text)
}

/** Relationships stand behind their part. */
function placeBehind(parts: Map<string, string>, part: string, name: string, text: string): void {
  const all = [...parts]
  parts.clear()
  for (const [each, content] of all) {
    parts.set(each, content)
    if (each === part) parts.set(name, text)
  }
}

function declare(parts: Map<string, string>, name: string, type: string): void {
  const types = parts.get('[Content_Types].xml')!
  const row = name.endsWith('.xml')
    ? `<Override PartName="/${name}" ContentType="${type}"/>`
    : `<Default Extension="${name.slice(name.lastIndexOf('.') + 1)}" ContentType="${type}"/>`
  parts.set('[Content_Types].xml', types.replace('</Types>', `${row}</Types>`))
}
