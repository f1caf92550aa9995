import { writeZip } from '../zip/write.ts'

/** A hostile (or harmless) Office file as a few lines of JSON: see corpus/disarm/ooxml. */
export interface Case {
  readonly title: string
  /** File name; its extension is the base and the main content type. */
  readonly name: string
  /** Inserted into the body of the document, the rows of the sheet, the shapes of the slide. */
  readonly body?: string
  /** Inserted after the rows of the sheet, or after the shapes of the slide. */
  readonly after?: string
  /** Inserted into the workbook after its sheets, or the presentation. */
  readonly book?: string
  /** Further sheets of the workbook. */
  readonly sheets?: string
  /** Part name → text, or `base64:…`. */
  readonly parts?: Readonly<Record<string, string>>
  /** Part name → content type, for parts that are not plain XML. */
  readonly types?: Readonly<Record<string, string>>
  /** Part name (`` for the package, `main` for the main part, `sheet`, `slide`) → id, type, target, mode. */
  readonly relationships?: Readonly<Record<string, readonly (readonly string[])[]>>
  /** Written with the names of ISO/IEC 29500 Strict. */
  readonly strict?: boolean
  /** Rules that must be reported as removed, and as kept. */
  readonly removed?: readonly string[]
  readonly kept?: readonly string[]
  /** Reason of the refusal; absent when a file must come out. */
  readonly refused?: string
  readonly outputType?: string
  /** Texts that may be in no part of the output (compared without case), and that must be in one. */
  readonly gone?: readonly string[]
  readonly stays?: readonly string[]
}

const REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
const W = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'
const X = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const P = 'http://schemas.openxmlformats.org/presentationml/2006/main'
const NAMESPACES =
  ` xmlns:r="${REL.slice(0, -1)}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"` +
  ` xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"` +
  ` xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"` +
  ` xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"` +
  ` xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"` +
  ` xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"`

const MAIN_TYPES: Readonly<Record<string, string>> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml',
  docm: 'application/vnd.ms-word.document.macroEnabled.main+xml',
  dotm: 'application/vnd.ms-word.template.macroEnabledTemplate.main+xml',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml',
  xlsm: 'application/vnd.ms-excel.sheet.macroEnabled.main+xml',
  xltm: 'application/vnd.ms-excel.template.macroEnabled.main+xml',
  xlsb: 'application/vnd.ms-excel.sheet.binary.macroEnabled.main',
  xlam: 'application/vnd.ms-excel.addin.macroEnabled.main+xml',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml',
  pptm: 'application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml',
  ppsm: 'application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml',
  potm: 'application/vnd.ms-powerpoint.template.macroEnabled.main+xml',
}

interface Base {
  readonly main: string
  /** What `sheet` and `slide` in relationships stand for. */
  readonly second: string
  readonly parts: Readonly<Record<string, string>>
  readonly types: Readonly<Record<string, string>>
  readonly relationships: Readonly<Record<string, readonly (readonly string[])[]>>
}

/** Writes the package that a case describes. */
export function packageOf(one: Case): Uint8Array {
  const base = baseOf(one)
  const parts: Record<string, string> = { ...base.parts, ...one.parts }
  const types = { ...base.types, ...one.types, [base.main]: MAIN_TYPES[extension(one.name)] ?? '' }
  for (const [source, rows] of relationshipsOf(base, one)) parts[relsName(source)] = relsText(rows)
  const entries = Object.entries(parts).map(([name, text]) => ({
    name,
    bytes: bytesOf(one.strict ? strictly(text) : text),
  }))
  return writeZip([{ name: '[Content_Types].xml', bytes: bytesOf(typesText(types)) }, ...entries])
}

/** `http://schemas.openxmlformats.org/drawingml/2006/chart` → `http://purl.oclc.org/ooxml/drawingml/chart`. */
function strictly(text: string): string {
  return text.replaceAll(
    /http:\/\/schemas\.openxmlformats\.org\/(drawingml|officeDocument|presentationml|spreadsheetml|wordprocessingml)\/2006\//g,
    'http://purl.oclc.org/ooxml/$1/',
  )
}

function baseOf(one: Case): Base {
  const kind = extension(one.name)[0]
  if (kind === 'd') return wordBase(one)
  return kind === 'x' ? excelBase(one) : powerpointBase(one)
}

function extension(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}

function wordBase(one: Case): Base {
  const main = 'word/document.xml'
  return {
    main,
    second: main,
    parts: {
      [main]: `<w:document xmlns:w="${W}"${NAMESPACES}><w:body>${one.body ?? '<w:p/>'}<w:sectPr/></w:body></w:document>`,
    },
    types: {},
    relationships: {},
  }
}

function excelBase(one: Case): Base {
  return {
    main: 'xl/workbook.xml',
    second: 'xl/worksheets/sheet1.xml',
    parts: {
      'xl/workbook.xml': `<workbook xmlns="${X}"${NAMESPACES}><sheets><sheet name="表 1" sheetId="1" r:id="rId1"/>${one.sheets ?? ''}</sheets>${one.book ?? ''}</workbook>`,
      'xl/worksheets/sheet1.xml': `<worksheet xmlns="${X}"${NAMESPACES}><sheetData>${one.body ?? ''}</sheetData>${one.after ?? ''}</worksheet>`,
    },
    types: {
      'xl/worksheets/sheet1.xml':
        'application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml',
    },
    relationships: { 'xl/workbook.xml': [['rId1', 'worksheet', 'worksheets/sheet1.xml']] },
  }
}

function powerpointBase(one: Case): Base {
  return {
    main: 'ppt/presentation.xml',
    second: 'ppt/slides/slide1.xml',
    parts: {
      'ppt/presentation.xml': `<p:presentation xmlns:p="${P}"${NAMESPACES}><p:sldIdLst><p:sldId id="256" r:id="rId1"/></p:sldIdLst>${one.book ?? ''}</p:presentation>`,
      'ppt/slides/slide1.xml': `<p:sld xmlns:p="${P}"${NAMESPACES}><p:cSld><p:spTree>${one.body ?? ''}</p:spTree></p:cSld>${one.after ?? ''}</p:sld>`,
    },
    types: {
      'ppt/slides/slide1.xml':
        'application/vnd.openxmlformats-officedocument.presentationml.slide+xml',
    },
    relationships: { 'ppt/presentation.xml': [['rId1', 'slide', 'slides/slide1.xml']] },
  }
}

function relationshipsOf(base: Base, one: Case): Map<string, readonly (readonly string[])[]> {
  const merged = new Map<string, readonly (readonly string[])[]>(Object.entries(base.relationships))
  merged.set('', [['rId1', 'officeDocument', base.main]])
  for (const [key, rows] of Object.entries(one.relationships ?? {})) {
    const source =
      key === 'main' ? base.main : key === 'sheet' || key === 'slide' ? base.second : key
    merged.set(source, [...(merged.get(source) ?? []), ...rows])
  }
  return merged
}

function relsName(source: string): string {
  const slash = source.lastIndexOf('/') + 1
  return `${source.slice(0, slash)}_rels/${source.slice(slash)}.rels`
}

function relsText(rows: readonly (readonly string[])[]): string {
  const elements = rows.map(([id, type = '', target = '', mode]) => {
    const full = type.startsWith('http') ? type : REL + type
    const targetMode = mode === undefined ? '' : ` TargetMode="${mode}"`
    return `<Relationship Id="${id}" Type="${full}" Target="${escapeQuote(target)}"${targetMode}/>`
  })
  return `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${elements.join('')}</Relationships>`
}

function escapeQuote(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}

function typesText(types: Readonly<Record<string, string>>): string {
  const overrides = Object.entries(types).map(
    ([name, type]) => `<Override PartName="/${name}" ContentType="${type}"/>`,
  )
  return (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">' +
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
    '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>' +
    '<Default Extension="bin" ContentType="application/octet-stream"/>' +
    `<Default Extension="emf" ContentType="image/x-emf"/>${overrides.join('')}</Types>`
  )
}

function bytesOf(text: string): Uint8Array {
  if (text.startsWith('base64:')) return new Uint8Array(Buffer.from(text.slice(7), 'base64'))
  return new TextEncoder().encode(text)
}
