import { Refusal } from '../family.ts'
import type { XmlElement } from '../xml/read.ts'
import { readTree } from '../xml/tree.ts'
import { XML_HEADER } from '../xml/write.ts'
import type { Package } from './package.ts'
import { isElement, textOf } from './scope.ts'

export const PROGRAM_RELATIONSHIP =
  'http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties'
export const PROGRAM_TYPE = 'application/vnd.openxmlformats-officedocument.extended-properties+xml'
const EXTENDED = 'http://schemas.openxmlformats.org/officeDocument/2006/extended-properties'

/** Which of a few families of programs wrote the document, as the bytes of the part that says so. */
export interface Program {
  readonly bytes: Uint8Array
  /** The input said more than that. */
  readonly more: boolean
}

/**
 * Readers draw a document as the program drew it that wrote it: values of cells are believed or computed anew, charts of 2007 have other
 * defaults. So the kind of program stays (Microsoft Office of 2007 or later, LibreOffice) and nothing else of the extended properties
 * (ECMA-376 part 1 §22.2): no exact version, company, manager, template, times.
 *
 * @param app `d`, `x` or `p`
 */
export function programOf(pack: Package, app: string): Program | undefined {
  const found = pack
    .relationships('')
    .find(({ type, external }) => type === PROGRAM_RELATIONSHIP && !external)
  if (!found || !pack.has(found.target) || pack.contentType(found.target) !== PROGRAM_TYPE)
    return undefined
  const input = pack.read(found.target)
  const children = childrenOf(input)
  const value = (name: string): string => {
    const child = children.find(({ uri, local }) => uri === EXTENDED && local === name)
    return child ? textOf(child) : ''
  }
  const words = programWords(value('Application'), value('AppVersion'), app)
  if (words === undefined) return undefined
  const bytes = new TextEncoder().encode(
    `${XML_HEADER}<Properties xmlns="${EXTENDED}">${words}</Properties>`,
  )
  return { bytes, more: Buffer.compare(input, bytes) !== 0 }
}

const NAMES: Readonly<Record<string, string>> = {
  d: 'Microsoft Office Word',
  x: 'Microsoft Excel',
  p: 'Microsoft Office PowerPoint',
}

function programWords(application: string, version: string, app: string): string | undefined {
  if (application.startsWith('LibreOffice')) return '<Application>LibreOffice</Application>'
  if (!application.startsWith('Microsoft')) return undefined
  const known = version.startsWith('12.') ? '12.0000' : '16.0300'
  return `<Application>${NAMES[app] ?? ''}</Application><AppVersion>${known}</AppVersion>`
}

/** Properties that cannot be read cost this hint, not the document. */
function childrenOf(bytes: Uint8Array): XmlElement[] {
  try {
    return readTree(bytes).children.filter(isElement)
  } catch (error) {
    if (error instanceof Refusal && error.reason.startsWith('OX-')) return []
    throw error
  }
}
