import { DistinctNames, fold } from '../distinct-names.ts'
import type { Context, Family, Rebuilt } from '../family.ts'
import { Refusal, refuse } from '../family.ts'
import { cleanName, extensionOf, nameForType } from '../names.ts'
import { refusalWords } from '../words.ts'
import type { Zip, ZipEntry } from './read.ts'
import { readEntry, readZip } from './read.ts'
import type { NewEntry } from './write.ts'
import { packedEntry, writeZip } from './write.ts'

/** Plain zips: every member is rebuilt by its own type; what may not come in is left out and listed. */
export const zipFamily: Family = {
  id: 'zip',
  types: ['zip'],
  rebuild: (input, _type, context) => rebuildZip(input, context),
}

/** Name of the list of what was left out. */
export const LEFT_OUT_LIST = '除外一覧.txt'

function rebuildZip(input: Uint8Array, context: Context): Rebuilt {
  const zip = readZip(input, context)
  // A password protects nothing here but the content from us.
  const locked = zip.entries.filter((entry) => entry.encrypted && !isFolder(entry))
  if (locked.length > 0 && context.password === undefined) refuse('ENCRYPTED')
  if (locked.some(({ encryption }) => encryption?.kind === 'unknown')) refuse('ENCRYPTED')
  const archive = new Archive(context)
  zip.entries.forEach((entry, index) => {
    if (!isFolder(entry)) archive.add(zip, entry, `member ${index + 1}`)
  })
  const output = writeZip(archive.finish())
  context.removed('ZIP-ENC', '', locked.length)
  if (output.length > context.limits.outputBytes) refuse('LIMIT-SIZE')
  return { ok: true, outputType: 'zip', output }
}

function isFolder(entry: ZipEntry): boolean {
  return entry.directory && entry.size === 0
}

class Archive {
  readonly #context: Context
  readonly #members: NewEntry[] = []
  readonly #names = new DistinctNames()
  readonly #originals = new Set<string>()
  readonly #leftOut: string[] = []

  constructor(context: Context) {
    this.#context = context
  }

  add(zip: Zip, entry: ZipEntry, place: string): void {
    const original = fold(entry.name.replaceAll('\\', '/'))
    // Which of two equal names a person sees depends on the program: nobody may choose for them.
    if (this.#originals.has(original)) refuse('ZIP-DUP')
    this.#originals.add(original)
    if (isLitter(original)) {
      this.#context.removed('ZIP-MEMBER', place)
      return
    }
    const reason = faultOf(entry)
    if (reason) this.#leaveOut(entry, reason, place)
    else this.#rebuild(zip, entry, place)
  }

  finish(): readonly NewEntry[] {
    if (this.#members.length === 0) refuse('ZIP-EMPTY')
    if (this.#leftOut.length === 0) return this.#members
    // Only our list bears its name: the sender's, perhaps one from here, gets another.
    const members = this.#members.map((member) =>
      fold(member.name) === fold(LEFT_OUT_LIST)
        ? { ...member, name: this.#names.take(member.name) }
        : member,
    )
    return [...members, { name: LEFT_OUT_LIST, bytes: listOf(this.#leftOut) }]
  }

  #rebuild(zip: Zip, entry: ZipEntry, place: string): void {
    const extension = extensionOf(entry.name).toLowerCase()
    const rebuilt = this.#context.rebuildNested(
      readEntry(zip, entry, this.#context),
      extension,
      place,
    )
    if (!rebuilt.ok) {
      // A spent budget or a nest too deep concerns the whole file, not one member.
      if (rebuilt.reason.startsWith('LIMIT-')) throw new Refusal(rebuilt.reason)
      this.#leaveOut(entry, rebuilt.reason, place)
      return
    }
    const name = this.#nameOf(entry, rebuilt.outputType, place)
    if (name !== undefined) this.#members.push(packedEntry(name, rebuilt.output))
  }

  #nameOf(entry: ZipEntry, type: string, place: string): string | undefined {
    if (entry.nameConverted) this.#context.removed('ZIP-NAME', place)
    const segments = entry.name.replaceAll('\\', '/').split('/')
    const file = nameForType(segments.pop() ?? '', type)
    const folders = segments.map(cleanName)
    const rules = new Set([...folders, file].flatMap((one) => one.rules))
    for (const rule of rules) this.#context.removed(rule, place)
    // `a.docm` and `a.docx` may both become `a.docx`.
    const name = this.#names.take([...folders.map((folder) => folder.name), file.name].join('/'))
    if (Buffer.byteLength(name) <= MAX_PATH) return name
    this.#leaveOut(entry, 'NAME-LONG', place)
    return undefined
  }

  #leaveOut(entry: ZipEntry, reason: string, place: string): void {
    this.#context.removed(LEFT_OUT_RULES.has(reason) ? reason : 'ZIP-MEMBER', place)
    const shown = entry.name
      .replaceAll('\\', '/')
      .split('/')
      .map((part) => cleanName(part).name)
      .join('/')
    this.#leftOut.push(`${shown}\t${refusalWords(reason).what}（${reason}）`)
  }
}

/**
 * What Finder and Explorer put beside a person's files: resource forks, window positions, thumbnails. It goes, and nobody misses
 * it in the list of what was left out.
 */
function isLitter(name: string): boolean {
  const [folder] = name.split('/', 1)
  const file = name.slice(name.lastIndexOf('/') + 1)
  return folder === '__macosx' || LITTER.has(file)
}

const LITTER: ReadonlySet<string> = new Set(['.ds_store', 'thumbs.db', 'desktop.ini', 'icon\r'])

/** Bytes of a whole path in the archive (grammar page). */
const MAX_PATH = 255

/** Faults of a member that have their own line in the report; any other is `ZIP-MEMBER`. */
const LEFT_OUT_RULES: ReadonlySet<string> = new Set(['ZIP-TRAV', 'ZIP-LINK', 'ZIP-METHOD'])

function faultOf(entry: ZipEntry): string | undefined {
  if (entry.special) return 'ZIP-LINK'
  if (climbs(entry.name)) return 'ZIP-TRAV'
  return entry.method === 0 || entry.method === 8 ? undefined : 'ZIP-METHOD'
}

/** Absolute, with a drive letter, out of the folder, or with an empty or NUL segment. Backslashes part folders, too. */
function climbs(name: string): boolean {
  const path = name.replaceAll('\\', '/')
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path) || path.includes('\0')) return true
  return path.split('/').some((segment) => segment === '' || segment === '.' || segment === '..')
}

function listOf(rows: readonly string[]): Uint8Array {
  const head = '次のファイルは持ち込めないため、この zip から除外しました。'
  return new TextEncoder().encode(`\uFEFF${[head, '', ...rows, ''].join('\r\n')}`)
}
