/**
 * Whether an answer is a part of a page or a file for a person. By what it says of itself: only what is on the list below is a part of a page, all else is a file, whatever it is called.
 */
import { readFieldWithParameters, fieldValues } from '../upload/media-type.ts'
import type { Exchange, ResponseHead } from '../inside/guard.ts'

export interface Fetched {
  readonly form: 'page' | 'file'
  /** Name of a file, hostile; `file` when nothing names it. */
  readonly name: string
  /** The browser was told to save it. */
  readonly attachment: boolean
  /** Lower case; empty when none or several are written. */
  readonly type: string
}

/** What applications in a browser are made of. Media and documents are not: a person opens those. */
const PAGE_TYPES: ReadonlySet<string> = new Set([
  'text/html',
  'text/css',
  'text/javascript',
  'text/ecmascript',
  'text/plain',
  'text/xml',
  'text/json',
  'text/event-stream',
  'text/cache-manifest',
  'application/javascript',
  'application/x-javascript',
  'application/ecmascript',
  'application/json',
  'application/x-ndjson',
  'application/xml',
  'application/xhtml+xml',
  'application/soap+xml',
  'application/manifest+json',
  'application/wasm',
  'application/x-www-form-urlencoded',
  'application/ocsp-response',
  'application/pkix-crl',
  'application/pkix-cert',
  'application/font-woff',
  'application/vnd.ms-fontobject',
  'application/vnd.ms-sync.wbxml',
  'image/png',
  'image/jpeg',
  'image/jpg',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/svg+xml',
  'image/bmp',
  'image/x-icon',
  'image/vnd.microsoft.icon',
])
const PAGE_FAMILY = /^(?:font\/[\w.+-]+|application\/[\w.-]+\+json)$/u

export function fetchedOf(exchange: Pick<Exchange, 'path'>, { headers }: ResponseHead): Fetched {
  const said = fieldValues(headers, 'content-disposition')
  const disposition = said[0] === undefined ? undefined : readFieldWithParameters(said[0])
  const types = fieldValues(headers, 'content-type')
  const type = types.length === 1 ? (readFieldWithParameters(types[0] ?? '')?.value ?? '') : ''
  // A disposition that nobody can read for sure is taken for the order to save.
  const attachment = said.length > 0 && !(said.length === 1 && disposition?.value === 'inline')
  const isPage = PAGE_TYPES.has(type) || PAGE_FAMILY.test(type)
  return {
    form: attachment || !isPage ? 'file' : 'page',
    name: nameOf(disposition?.parameters, exchange.path),
    attachment,
    type,
  }
}

/** RFC 6266 §4.3: `filename*` counts before `filename`. */
function nameOf(parameters: ReadonlyMap<string, string> | undefined, path: string): string {
  const extended = /^utf-8'[^']{0,20}'(.+)$/iu.exec(parameters?.get('filename*') ?? '')?.[1]
  const place = path.replace(/[?#].*$/su, '')
  return (
    (extended === undefined ? undefined : unescaped(extended)) ??
    parameters?.get('filename') ??
    unescaped(place.slice(place.lastIndexOf('/') + 1)) ??
    ''
  )
}

function unescaped(text: string): string | undefined {
  try {
    return text === '' ? undefined : decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** Types whose bytes may stand under a page type. */
const PAGE_HEADS: ReadonlySet<string> = new Set('png jpeg gif webp bmp ico avif heic'.split(' '))
/** A script may begin with `#!`, a module of WebAssembly with its own mark. */
const SCRIPT_TYPES = /(?:javascript|ecmascript|wasm)$/u

/** Whether what the first bytes are may stand under the type that is written: a program called a picture is no part of a page. */
export function fitsPage(type: string, head: string | undefined): boolean {
  if (head === undefined || PAGE_HEADS.has(head)) return true
  return head === 'script' && SCRIPT_TYPES.test(type)
}
