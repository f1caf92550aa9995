import type { Context } from '../family.ts'
import { refuse } from '../family.ts'
import { fieldValue } from '../mail/header.ts'
import { contentId, partBytes, partName, readMessage } from '../mail/part.ts'
import type { Part } from '../mail/part.ts'
import { decodeCharset } from './charset.ts'
import { declaredCharsets } from './declared-charset.ts'
import { dataUrl } from './picture.ts'
import { rebuildPage } from './rebuild.ts'

/**
 * A web archive (MHTML, RFC 2557) → one page with its pictures inside. Refuses MHT-OFFICE for archives of Office that carry macros or
 * objects (`ActiveMime`), or a workbook of frames; M-PART when there is no page in it.
 */
export function rebuildArchive(input: Uint8Array, context: Context): string {
  context.spend(input.length)
  const raw = Buffer.from(input.buffer, input.byteOffset, input.length).toString('latin1')
  const root = readMessage(raw, context)
  const parts = leavesOf(root)
  if (parts.some(isOfficeData)) refuse('MHT-OFFICE')
  const page = pageOf(root, parts) ?? refuse('M-PART')
  const text = decoded(page, context)
  if (MADE_BY_OFFICE.test(text.slice(0, 20_000))) refuse('MHT-OFFICE')
  context.removed('MHT-CONVERTED')
  const resources = new Resources(parts, page, context)
  return rebuildPage(text, context, 'page', {
    find: (source) => resources.bytes(source),
    place: dataUrl,
    sheet: (href) => resources.text(href),
  })
}

/** Office opens such a file as its own, with all that it can do there. */
const MADE_BY_OFFICE =
  /<\?mso-application|<x:ExcelWorkbook>|<meta[^>]{0,100}content=["']?(?:Excel\.Sheet|PowerPoint\.)/i

function leavesOf(part: Part): readonly Part[] {
  return part.children.length === 0 ? [part] : part.children.flatMap(leavesOf)
}

function isOfficeData(part: Part): boolean {
  const location = `${fieldValue(part.fields, 'content-location') ?? ''} ${partName(part)}`
  if (/\.(?:mso|vba|ocx)\b/i.test(location) || part.type === 'application/x-mso') return true
  // "ActiveMime" as it stands there, or at the beginning of base64.
  return /^\s*(?:ActiveMime|QWN0aXZlTWltZQ)/.test(part.raw.slice(0, 100))
}

/** The part that `start` names, or the first page. */
function pageOf(root: Part, parts: readonly Part[]): Part | undefined {
  const pages = parts.filter(({ type }) => type === 'text/html' || type === 'application/xhtml+xml')
  const start = root.parameters.get('start')?.trim().replace(/^<|>$/g, '')
  return pages.find((part) => start !== undefined && contentId(part) === start) ?? pages[0]
}

function decoded(part: Part, context: Context): string {
  const bytes = partBytes(part, context)
  const label = part.parameters.get('charset')
  const labels = [...(label === undefined ? [] : [label]), ...declaredCharsets(bytes)]
  const { text, charset } = decodeCharset(bytes, labels)
  if (charset !== 'utf-8' && charset !== 'us-ascii') context.removed('H-CHARSET', charset)
  return text
}

/** What the archive carries besides the page, by the addresses under which the page may name it. */
class Resources {
  readonly #context: Context
  readonly #base: string | undefined
  readonly #parts = new Map<string, Part>()
  readonly #read = new Map<Part, Uint8Array>()

  constructor(parts: readonly Part[], page: Part, context: Context) {
    this.#context = context
    this.#base = fieldValue(page.fields, 'content-location')
    for (const part of parts) {
      const id = contentId(part)
      const location = fieldValue(part.fields, 'content-location')
      if (id !== undefined) this.#add(`cid:${id}`, part)
      if (location !== undefined) this.#add(this.#absolute(location), part)
    }
  }

  bytes(source: string): Uint8Array | undefined {
    const part = this.#parts.get(source) ?? this.#parts.get(this.#absolute(source))
    if (!part) return undefined
    const bytes = this.#read.get(part) ?? partBytes(part, this.#context)
    this.#read.set(part, bytes)
    return bytes
  }

  text(href: string): string | undefined {
    const bytes = this.bytes(href)
    return bytes && decodeCharset(bytes, []).text
  }

  #add(address: string, part: Part): void {
    if (!this.#parts.has(address)) this.#parts.set(address, part)
  }

  #absolute(address: string): string {
    const trimmed = address.trim()
    if (this.#base !== undefined && URL.canParse(trimmed, this.#base))
      return new URL(trimmed, this.#base).href
    return URL.canParse(trimmed) ? new URL(trimmed).href : trimmed
  }
}
