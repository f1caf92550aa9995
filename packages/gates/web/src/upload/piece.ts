/**
 * Whether a request carries a piece of a file that is sent in several: nobody can judge a file by a piece of it. The ways that the large services publish (HTTP ranges, Graph upload
 * sessions, Google resumable, tus, S3 parts, Azure blocks, SharePoint, Dropbox).
 */
import { fieldValues } from './media-type.ts'

type Headers = readonly (readonly [string, string])[]

/** @param length bytes of the body */
export function isPiece(path: string, headers: Headers, length: number): boolean {
  const range = fieldValues(headers, 'content-range')
  if (range.length > 0 && !(range.length === 1 && isWhole(range[0] ?? '', length))) return true
  if (headers.some(([name, value]) => isPieceField(name.toLowerCase(), value))) return true
  return isPiecePath(path)
}

/** `bytes 0-99/100` with 100 bytes is the whole of it. RFC 9110 §14.4. */
function isWhole(range: string, length: number): boolean {
  const [, first, last, all] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/u.exec(range) ?? []
  return Number(first) === 0 && Number(last) === length - 1 && Number(all) === length
}

function isPieceField(name: string, value: string): boolean {
  // tus: `Upload-Offset` comes with each piece, also with the only one, and the length is told elsewhere.
  if (name === 'upload-offset' || name === 'upload-complete' || name === 'upload-incomplete')
    return true
  if (name === 'x-goog-upload-offset' || name === 'x-chunk-index' || name === 'x-file-chunk')
    return true
  return name === 'x-goog-upload-command' && /\bupload\b/iu.test(value)
}

const PIECE_PARAMETERS: ReadonlySet<string> = new Set([
  'partnumber',
  'blockid',
  'chunk',
  'chunkindex',
  'chunknumber',
  'resumablechunknumber',
  'flowchunknumber',
])
const PIECE_PLACES =
  /\/(?:StartUpload|ContinueUpload|FinishUpload)\b|\/upload_session\/|\/chunked_upload\b/iu

function isPiecePath(path: string): boolean {
  const at = path.indexOf('?')
  const place = at < 0 ? path : path.slice(0, at)
  if (PIECE_PLACES.test(place)) return true
  const parameters = new URLSearchParams(at < 0 ? '' : path.slice(at))
  // Each of those that are there twice: which of them counts is the service's choice.
  return [...parameters].some(([written, value]) => {
    const name = written.toLowerCase()
    return PIECE_PARAMETERS.has(name) || (name === 'comp' && PIECE_COMPONENT.test(value))
  })
}

/** Of Azure: `comp=block`. */
const PIECE_COMPONENT = /^(?:block|blocklist|appendblock|page|range)$/iu
