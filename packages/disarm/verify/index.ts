import type { CleanVerdict } from '@sekisho/core'
import { Budget, MAX_ZIP_DEPTH } from './budget.ts'
import { verifyCad } from './cad.ts'
import { verifyCalendar } from './calendar.ts'
import { verifyHtml } from './html.ts'
import { verifyMail } from './mail.ts'
import { verifyOdf } from './odf.ts'
import { verifyOoxml } from './ooxml.ts'
import type { MacroList } from './ooxml.ts'
import { verifyPdf } from './pdf.ts'
import { isPicture, verifyPicture } from './picture.ts'
import { Rejection, demand } from './rejection.ts'
import { verifyRtf } from './rtf.ts'
import { verifySvg } from './svg.ts'
import { verifyText } from './text.ts'
import { openZip } from './zip.ts'
import type { Member } from './zip.ts'

/** Types without a first byte of their own: the name says which grammar is asked for. */
const NAMED_TYPES = new Set(
  'txt csv tsv fodt fods fodp fodg svg html eml dxf sfc p21 ics'.split(' '),
)
/** Extensions that name one verified type. */
const SAME_TYPE: Readonly<Record<string, string>> = { jpg: 'jpeg', jpe: 'jpeg', tif: 'tiff' }

export interface VerifyOptions {
  /** SHA-256 (lower-case hex) of VBA projects that people have examined; a document with one of exactly these bytes keeps its macro form. */
  readonly macroDigests?: readonly string[]
}

/**
 * Whether these bytes are in a form the disarmer writes (docs/design/disarm-grammar.md), judged by parsers that share
 * nothing with it. The high side asks this of everything it pulls; it does not trust what low said.
 *
 * @param declared extension the file will be delivered under, without the dot; when given, the content must be of that type.
 * @returns never throws, whatever the bytes. A file that is harmless but was not rebuilt is not clean here.
 */
export function verifyClean(
  bytes: Uint8Array,
  declared?: string,
  { macroDigests = [] }: VerifyOptions = {},
): CleanVerdict {
  let type = 'unknown'
  try {
    demand(bytes.length > 0, 'VERIFY-EMPTY', '')
    type = typeOf(bytes, declared)
    const macros: MacroList = { listed: macroDigests, found: [] }
    type = verify(bytes, type, new Budget(), 0, macros)
    demand(declared === undefined || sameType(declared, type), 'VERIFY-TYPE', type)
    return { clean: true, type, ...(macros.found.length > 0 ? { macros: macros.found } : {}) }
  } catch (error) {
    if (error instanceof Rejection)
      return { clean: false, type, reason: error.reason, where: error.where }
    // A bug in the verifier must not open the way: what it cannot judge is not clean.
    return { clean: false, type, reason: 'VERIFY-CRASH', where: '' }
  }
}

function sameType(declared: string, type: string): boolean {
  const extension = declared.toLowerCase()
  return (SAME_TYPE[extension] ?? extension) === type
}

function typeOf(bytes: Uint8Array, declared: string | undefined): string {
  const head = latin1(bytes, 0, 8)
  if (head.startsWith('PK\u0003\u0004')) return packageOf(bytes)
  if (head.startsWith('%PDF-')) return 'pdf'
  if (head.startsWith('{\\rtf')) return 'rtf'
  const picture = PICTURES.find(([mark]) => head.startsWith(mark))
  if (picture) return picture[1]
  if (head.startsWith('RIFF') && latin1(bytes, 8, 12) === 'WEBP') return 'webp'
  // A text may begin with "BM", but has no NUL.
  if (/^BM[^]{4}\0\0/u.test(head)) return 'bmp'
  const extension = declared?.toLowerCase() ?? 'txt'
  return NAMED_TYPES.has(extension) ? extension : 'txt'
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.subarray(from, to)).toString('latin1')
}

const PICTURES: readonly (readonly [mark: string, type: string])[] = [
  ['\u0089PNG', 'png'],
  ['\u00ff\u00d8', 'jpeg'],
  ['GIF8', 'gif'],
  ['II*\u0000', 'tiff'],
  ['\u00d7\u00cd\u00c6\u009a', 'wmf'],
  ['\u0001\u0000\u0000\u0000', 'emf'],
]

function packageOf(bytes: Uint8Array): string {
  if (holdsContentTypes(bytes)) return 'ooxml'
  // The first entry of every OpenDocument file, stored, and of no plain zip.
  return latin1(bytes, 30, 38) === 'mimetype' ? 'odf' : 'zip'
}

/** `[Content_Types].xml` is the first entry of every package the disarmer writes, and of no plain zip. */
function holdsContentTypes(bytes: Uint8Array): boolean {
  return latin1(bytes, 30, 49) === '[Content_Types].xml'
}

/** What is inside another file keeps no macro, listed or not. */
const NO_MACROS: MacroList = { listed: [], found: [] }

/** @returns the type in full, e.g. `xlsx` for a package. */
function verify(
  bytes: Uint8Array,
  type: string,
  budget: Budget,
  depth: number,
  macros: MacroList = NO_MACROS,
): string {
  switch (type) {
    case 'zip':
      for (const member of openZip(bytes, budget))
        verifyMember({ name: member.name, bytes: member.content() }, budget, depth + 1)
      return type
    case 'ooxml':
      return verifyOoxml(openZip(bytes, budget), budget, macros)
    case 'pdf':
      verifyPdf(bytes, budget)
      return type
    case 'odf':
      return verifyOdf(bytes, budget, '')
    case 'fodt':
    case 'fods':
    case 'fodp':
    case 'fodg':
      return verifyOdf(bytes, budget, type)
    case 'rtf':
      verifyRtf(bytes, budget, 'text')
      return type
    case 'svg':
      verifySvg(bytes, budget, 'image')
      return type
    case 'html':
      verifyHtml(bytes, budget, 'page')
      return type
    case 'eml':
      verifyMail(bytes, budget, 'mail', verifyMember)
      return type
    case 'ics':
      verifyCalendar(bytes, 'calendar')
      return type
    case 'dxf':
    case 'sfc':
    case 'p21':
      verifyCad(bytes, type, budget, 'drawing')
      return type
    default:
      if (isPicture(type)) {
        verifyPicture(bytes, type, budget, 'image')
        return type
      }
      verifyText(bytes, type, 'text')
      return type
  }
}

function verifyMember(member: Member, budget: Budget, depth: number): void {
  const extension = /\.([A-Za-z0-9]{1,8})$/u.exec(member.name)?.[1]?.toLowerCase() ?? ''
  const type = typeOf(member.bytes, extension)
  demand(type !== 'zip' || depth < MAX_ZIP_DEPTH, 'VERIFY-LIMIT', 'zip depth')
  demand(member.bytes.length > 0, 'VERIFY-EMPTY', member.name)
  demand(
    sameType(extension, verify(member.bytes, type, budget, depth)),
    'VERIFY-ZIP-MEMBER',
    member.name,
  )
}
