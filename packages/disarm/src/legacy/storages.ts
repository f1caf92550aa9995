import type { CompoundEntry, CompoundFile } from '../cfb/index.ts'
import type { Context } from '../family.ts'
import { Refusal } from '../family.ts'

/**
 * Reports what a compound file holds beside the document itself and what is never carried over: VBA projects, embedded and linked
 * objects, controls, descriptions of authors and histories. Judged by names, which is how Office finds them.
 */
export function reportStorages(file: CompoundFile, context: Context): void {
  const projects = new Set<string>()
  const objects = new Set<string>()
  let descriptions = 0
  for (const entry of file.entries) {
    const project = projectOf(entry)
    if (project !== undefined) projects.add(project)
    else if (isDescription(entry)) descriptions++
    const object = objectOf(entry)
    if (object !== undefined) objects.add(object)
    if (entry.name.toUpperCase() === 'CTLS') context.removed('OX-ACTIVEX')
  }
  context.removed('OLE-VBA', 'project', projects.size)
  context.removed('OLE-META', 'description', descriptions)
  const linked = [...objects].filter((path) => isLinked(file, path, context)).length
  context.removed('OLE-LINK', 'object', linked)
  context.removed('OLE-OBJ', 'object', objects.size - linked)
}

const PROJECT_STORAGES: ReadonlySet<string> = new Set([
  'MACROS',
  '_VBA_PROJECT_CUR',
  '_VBA_PROJECT',
  'VBA',
])
const PROJECT_STREAMS: ReadonlySet<string> = new Set(['PROJECT', 'PROJECTWM', '\u0003VBFRAME'])

/**
 * The VBA project an entry belongs to, by the path of its outermost storage. A project whose source was stamped out and only p-code
 * left has the same storages.
 */
function projectOf({ path, name, kind }: CompoundEntry): string | undefined {
  const names = path.toUpperCase().split('/')
  const at = names.findIndex(
    (one, index) => PROJECT_STORAGES.has(one) && (index < names.length - 1 || kind === 'storage'),
  )
  if (at >= 0) return names.slice(0, at + 1).join('/')
  return PROJECT_STREAMS.has(name.toUpperCase()) ? 'root' : undefined
}

const DESCRIPTIONS: ReadonlySet<string> = new Set([
  '\u0005SUMMARYINFORMATION',
  '\u0005DOCUMENTSUMMARYINFORMATION',
  'ENCRYPTEDSUMMARY',
])

function isDescription({ name, kind, size, path }: CompoundEntry): boolean {
  if (path === 'MsoDataStore') return true
  return kind === 'stream' && size > 0 && path === name && DESCRIPTIONS.has(name.toUpperCase())
}

/** Streams by which Office knows an embedded object, wherever they are. */
const OBJECT_STREAMS: ReadonlySet<string> = new Set([
  '\u0001OLE10NATIVE',
  'EQUATION NATIVE',
  '\u0001OLE10ITEMNAME',
  'PACKAGE',
  'CONTENTS',
])

/** The storage of the embedded object that an entry belongs to. */
function objectOf({ path, name }: CompoundEntry): string | undefined {
  const names = path.split('/')
  const [first = '', second] = names
  if (first.toUpperCase() === 'OBJECTPOOL')
    return second === undefined ? undefined : `${first}/${second}`
  if (/^(?:MBD|LNK)[0-9A-F]{1,8}$/i.test(first)) return first
  return OBJECT_STREAMS.has(name.toUpperCase()) ? names.slice(0, -1).join('/') : undefined
}

/** A linked object: Excel says so by the name, OLE by the first flag of its stream ([MS-OLEDS] 2.3.3). */
function isLinked(file: CompoundFile, path: string, context: Context): boolean {
  if (/^LNK/i.test(path)) return true
  const entry = file.find(path === '' ? '\u0001Ole' : `${path}/\u0001Ole`)
  if (!entry || entry.kind === 'storage') return false
  try {
    return ((file.readStream(entry, context)[4] ?? 0) & 1) === 1
  } catch (error) {
    // The object goes in any case; that its description is broken harms nobody.
    if (error instanceof Refusal && error.reason === 'OLE-CFB') return false
    throw error
  }
}
