import { Refusal } from '../family.ts'
import type { XmlElement } from '../xml/read.ts'
import { readTree } from '../xml/tree.ts'
import { XML_HEADER, escapeText } from '../xml/write.ts'
import type { Package } from './package.ts'
import { isElement, textOf } from './scope.ts'

export const CORE_RELATIONSHIP =
  'http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties'
export const CORE_TYPE = 'application/vnd.openxmlformats-package.core-properties+xml'
const CORE = 'http://schemas.openxmlformats.org/package/2006/metadata/core-properties'
const DUBLIN_CORE = 'http://purl.org/dc/elements/1.1/'

export interface Title {
  readonly text: string
  /** Something else stands beside it. */
  readonly more: boolean
}

/** The title in the core properties (ECMA-376 part 2 §11); authors, times and the rest are not looked at. */
export function titleOf(pack: Package): Title | undefined {
  const core = pack
    .relationships('')
    .find(({ type, external }) => type === CORE_RELATIONSHIP && !external)
  if (!core || !pack.has(core.target) || pack.contentType(core.target) !== CORE_TYPE)
    return undefined
  const children = childrenOf(pack.read(core.target))
  const title = children.find(({ uri, local }) => uri === DUBLIN_CORE && local === 'title')
  const text = title ? textOf(title).slice(0, MAX_TITLE) : ''
  return text === '' ? undefined : { text, more: children.length > 1 }
}

/** Properties that cannot be read cost the title, not the document. */
function childrenOf(bytes: Uint8Array): XmlElement[] {
  try {
    return readTree(bytes).children.filter(isElement)
  } catch (error) {
    if (error instanceof Refusal && error.reason.startsWith('OX-')) return []
    throw error
  }
}

const MAX_TITLE = 1024

export function corePart({ text }: Title): Uint8Array {
  const title = `<dc:title>${escapeText(text)}</dc:title>`
  return new TextEncoder().encode(
    `${XML_HEADER}<cp:coreProperties xmlns:cp="${CORE}" xmlns:dc="${DUBLIN_CORE}">${title}</cp:coreProperties>`,
  )
}
