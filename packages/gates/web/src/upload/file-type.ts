/** What a file says it is against what it is. A lie is how a file is brought past whoever looks by its name. */
import { cleanName, detect, extensionOf, looksLikeText } from '@sekisho/disarm/look'
import type { Context } from '@sekisho/disarm/look'
import type { SentFile } from './read-sent.ts'

export interface SeenType {
  readonly standing: 'same' | 'lies' | 'unknown' | 'program'
  /** As `detect` names it. */
  readonly type: string
}

/** Media types that claim something, and the types that may stand under each. Whoever writes `application/octet-stream` claims nothing. */
const CLAIMS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['application/pdf', ['pdf']],
  ['image/jpeg', ['jpeg']],
  ['image/png', ['png']],
  ['image/gif', ['gif']],
  ['image/webp', ['webp']],
  ['image/bmp', ['bmp']],
  ['image/tiff', ['tiff']],
  ['image/svg+xml', ['svg']],
  ['text/csv', ['csv', 'txt', 'tsv', 'text']],
  ['text/plain', ['txt', 'csv', 'tsv', 'text', 'html', 'eml']],
  ['text/html', ['html', 'text']],
  ['application/rtf', ['rtf']],
  ['application/zip', ['zip']],
  ['application/msword', ['doc', 'ooxmlcrypt']],
  ['application/vnd.ms-excel', ['xls', 'csv', 'ooxmlcrypt']],
  ['application/vnd.ms-powerpoint', ['ppt', 'ooxmlcrypt']],
  [
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    ['docx', 'ooxmlcrypt'],
  ],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', ['xlsx', 'ooxmlcrypt']],
  [
    'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    ['pptx', 'ooxmlcrypt'],
  ],
  ['application/vnd.oasis.opendocument.text', ['odt']],
  ['application/vnd.oasis.opendocument.spreadsheet', ['ods']],
  ['application/vnd.oasis.opendocument.presentation', ['odp']],
])

export function typeOf({ name, declared = '', bytes }: SentFile, context: Context): SeenType {
  const extension = extensionOf(cleanName(name).name).toLowerCase()
  const detected = detect(bytes, extension, context)
  const { type } = detected
  if (!detected.ok) return { standing: standingOf(detected.reason, type, bytes), type }
  const claim = CLAIMS.get(declared)
  if (claim && !claim.includes(type)) return { standing: 'lies', type }
  if (detected.renamed && extension !== '' && !areBothPictures(type, extension))
    return { standing: 'lies', type }
  return { standing: isTwo(bytes, type) ? 'lies' : 'same', type }
}

function standingOf(reason: string, type: string, bytes: Uint8Array): SeenType['standing'] {
  if (reason === 'TYPE-DENIED') return 'program'
  if (reason === 'TYPE-MISMATCH') return 'lies'
  // Words under an ending that nobody knows (`.json`, `.yaml`) are read like any words.
  return type === 'text' && looksLikeText(bytes) ? 'same' : 'unknown'
}

const PICTURES: ReadonlySet<string> = new Set(
  'jpeg jpg jpe jfif png gif bmp dib tif tiff webp'.split(' '),
)
/** A photograph that is called `.png` hides nothing: it is read as what it is. */
const areBothPictures = (type: string, extension: string): boolean =>
  PICTURES.has(type) && PICTURES.has(extension)

/** Types whose readers stop at an end of their own, or read whatever is there: another file fits behind. */
const ROOM_BEHIND: ReadonlySet<string> = new Set([...PICTURES, 'pdf', 'txt', 'csv', 'tsv', 'html'])
/** A zip is found from its end, by a record of 22 bytes and a comment of at most 65,535. */
const ZIP_END_WITHIN = 65_557
/** A reader of PDF takes its header anywhere in the first 1,024 bytes. */
const PDF_WITHIN = 1_024

/** Two readers would take it for two files; the label is read in one of them, and the other leaves with it. */
function isTwo(bytes: Uint8Array, type: string): boolean {
  if (!ROOM_BEHIND.has(type)) return false
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const end = all.subarray(Math.max(0, all.length - ZIP_END_WITHIN))
  if (end.includes('PK\u0005\u0006') && all.includes('PK\u0001\u0002')) return true
  return PICTURES.has(type) && all.subarray(0, PDF_WITHIN).includes('%PDF-')
}
