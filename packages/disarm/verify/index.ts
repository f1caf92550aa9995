import type { CleanVerdict } from '@sekisho/core'
import { Budget, MAX_ZIP_DEPTH } from './budget.ts'
import { verifyGif } from './gif.ts'
import { verifyJpeg } from './jpeg.ts'
import { verifyOoxml } from './ooxml.ts'
import { verifyPdf } from './pdf.ts'
import { verifyPng } from './png.ts'
import { Rejection, demand } from './rejection.ts'
import { verifyText } from './text.ts'
import { readZip } from './zip.ts'
import type { Member } from './zip.ts'

const TEXT_TYPES = new Set(['txt', 'csv', 'tsv'])
/** Extensions that name one verified type. */
const SAME_TYPE: Readonly<Record<string, string>> = { jpg: 'jpeg', jpe: 'jpeg' }

/**
 * Whether these bytes are in a form the disarmer writes (docs/design/disarm-grammar.md), judged by parsers that share
 * nothing with it. The high side asks this of everything it pulls; it does not trust what low said.
 *
 * @param declared extension the file will be delivered under, without the dot; when given, the content must be of that type.
 * @returns never throws, whatever the bytes. A file that is harmless but was not rebuilt is not clean here.
 */
export function verifyClean(bytes: Uint8Array, declared?: string): CleanVerdict {
  let type = 'unknown'
  try {
    demand(bytes.length > 0, 'VERIFY-EMPTY', '')
    type = typeOf(bytes, declared)
    type = verify(bytes, type, new Budget(), 0)
    demand(declared === undefined || sameType(declared, type), 'VERIFY-TYPE', type)
    return { clean: true, type }
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
  const head = Buffer.from(bytes.subarray(0, 8)).toString('latin1')
  if (head.startsWith('PK\u0003\u0004')) return holdsContentTypes(bytes) ? 'ooxml' : 'zip'
  if (head.startsWith('%PDF-')) return 'pdf'
  if (head.startsWith('\u0089PNG')) return 'png'
  if (head.startsWith('\u00ff\u00d8')) return 'jpeg'
  if (head.startsWith('GIF8')) return 'gif'
  const extension = declared?.toLowerCase() ?? 'txt'
  return TEXT_TYPES.has(extension) ? extension : 'txt'
}

/** `[Content_Types].xml` is the first entry of every package the disarmer writes, and of no plain zip. */
function holdsContentTypes(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(30, 49)).toString('latin1') === '[Content_Types].xml'
}

/** @returns the type in full, e.g. `xlsx` for a package. */
function verify(bytes: Uint8Array, type: string, budget: Budget, depth: number): string {
  switch (type) {
    case 'zip':
      for (const member of readZip(bytes, budget)) verifyMember(member, budget, depth + 1)
      return type
    case 'ooxml':
      return verifyOoxml(readZip(bytes, budget), budget)
    case 'pdf':
      verifyPdf(bytes, budget)
      return type
    case 'png':
      verifyPng(bytes, budget, 'image')
      return type
    case 'jpeg':
      verifyJpeg(bytes, budget, 'image')
      return type
    case 'gif':
      verifyGif(bytes, budget, 'image')
      return type
    default:
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
