import type { Context, Rebuilt } from '../family.ts'
import { Refusal, refuse } from '../family.ts'
import { placeholderPng, rebuildImage } from '../image/index.ts'
import { allowedUrl } from '../url.ts'
import { XML_HEADER, escapeValue } from '../xml/write.ts'
import type { NewEntry } from '../zip/write.ts'
import { writeZip } from '../zip/write.ts'
import { readBook } from './book.ts'
import { commentShapes } from './comment-shapes.ts'
import { filterNodes, filterShell } from './filter.ts'
import { CONTENT_TYPES, PACKAGE_RELATIONSHIPS } from './namespaces.ts'
import type { Package, Relationship } from './package.ts'
import { openPackage } from './package.ts'
import { rewritePart } from './part.ts'
import { acceptsPivot } from './pivot.ts'
import type { PartKind } from './relationships.ts'
import {
  DANGEROUS_TYPES,
  DROPPED,
  HYPERLINK,
  IMAGE,
  IMPLICIT,
  KINDS,
  MAIN_TYPES,
  OFFICE_DOCUMENT,
  REFUSED_MAIN,
  TWINS,
  cleanType,
  isImageType,
} from './relationships.ts'
import type { Book, Scope } from './scope.ts'

/**
 * Rebuilds a Word, Excel or PowerPoint file. Starting from the main part it follows only relationships of the allow-list,
 * parses what it reaches, writes it anew under a new name with new relationships, and builds the content type list from what
 * was written. What nobody may reach does not exist any more.
 */
export function rebuildOoxml(input: Uint8Array, context: Context): Rebuilt {
  return new Rebuild(openPackage(input, context), context).run()
}

interface OutPart {
  readonly name: string
  readonly type: string
  readonly kind: string
  readonly relationships: OutRelationship[]
  bytes: Uint8Array
}

interface OutRelationship {
  readonly id: string
  readonly type: string
  readonly target: string
  readonly external: boolean
}

const FOLDERS: Readonly<Record<string, string>> = { d: 'word', x: 'xl', p: 'ppt' }
const MAIN_NAMES: Readonly<Record<string, string>> = {
  d: 'word/document.xml',
  x: 'xl/workbook.xml',
  p: 'ppt/presentation.xml',
}
const MAIN_ROOTS: Readonly<Record<string, string>> = {
  d: 'w:document',
  x: 'x:workbook',
  p: 'p:presentation',
}

class Rebuild {
  readonly #package: Package
  readonly #context: Context
  readonly #parts = new Map<string, OutPart>()
  readonly #names = new Map<string, number>()
  readonly #jobs: (() => void)[] = []
  readonly #reported = new Set<string>()
  readonly #type: string
  readonly #app: string
  readonly #main: string
  #book: Book = NO_BOOK
  #placeholder: OutPart | undefined

  constructor(pack: Package, context: Context) {
    this.#package = pack
    this.#context = context
    this.#main = mainPart(pack)
    const declared = pack.contentType(this.#main)
    const refused = REFUSED_MAIN.get(declared)
    if (refused) refuse(refused)
    const { type } = MAIN_TYPES.get(declared) ?? refuse('OX-CT')
    this.#type = type
    this.#app = appOf(type)
  }

  run(): Rebuilt {
    this.#reportRoot()
    if (this.#app === 'x') this.#book = readBook(this.#package, this.#main)
    const outputType = cleanType(this.#type)
    if (outputType !== this.#type) this.#reportMacroForm()
    this.#startMain(outputType)
    for (let job = this.#jobs.shift(); job; job = this.#jobs.shift()) {
      this.#context.checkTime()
      job()
    }
    this.#reportOrphans()
    const output = writeZip(this.#entries())
    if (output.length > this.#context.limits.outputBytes) refuse('LIMIT-SIZE')
    return { ok: true, outputType, output }
  }

  #startMain(outputType: string): void {
    const contentType = [...MAIN_TYPES.values()].find(({ type }) => type === outputType)
    const part: OutPart = {
      name: MAIN_NAMES[this.#app] ?? '',
      type: contentType?.contentType ?? '',
      kind: 'main',
      relationships: [],
      bytes: new Uint8Array(),
    }
    this.#parts.set(this.#main, part)
    this.#write(part, this.#main, MAIN_ROOTS[this.#app] ?? '')
  }

  /** Parses, filters and writes one XML part; may enlist further parts. */
  #write(part: OutPart, source: string, root: string): void {
    const scope = new PartScope(this, part, source)
    // Implicit ones first: SmartArt and comments look their numbers up.
    scope.followImplicit()
    part.bytes = rewritePart(this.#package.read(source), root, scope, this.#context)
    scope.reportUnused()
  }

  // What a PartScope needs from the walk.

  get package(): Package {
    return this.#package
  }

  get context(): Context {
    return this.#context
  }

  get book(): Book {
    return this.#book
  }

  /** The part that a relationship leads to, enlisted when it is new; `undefined` when it may not be written. */
  include(
    relationship: Relationship,
    kinds: readonly string[],
    owner: string,
  ): OutPart | undefined {
    const source = relationship.target
    const kind = this.#kindOf(relationship)
    if (!kind || !kinds.includes(kind.id)) return undefined
    const known = this.#parts.get(source)
    if (known) return known.kind === kind.id ? known : undefined
    // A slide that the presentation does not list is not part of the show.
    if (kind.id === 'slide' && owner !== 'main') return undefined
    return kind.id === 'image' ? this.#includeImage(source) : this.#includeXml(source, kind)
  }

  #kindOf({ type, target, external }: Relationship): PartKind | undefined {
    if (external || !this.#package.has(target)) return undefined
    const declared = this.#package.contentType(target)
    const kind = KINDS.get(type)
    if (kind?.id === 'image') return isImageType(declared) ? kind : undefined
    if (kind?.accepts.includes(declared)) return this.#mayPivot(kind, target) ? kind : undefined
    return TWINS.find(({ id, accepts }) => id === kind?.id && accepts.includes(declared))
  }

  #mayPivot(kind: PartKind, target: string): boolean {
    if (!kind.id.startsWith('pivot') || kind.id === 'pivotCacheRecords') return true
    if (acceptsPivot(this.#package, target, kind.id, this.#book)) return true
    this.#report('X-PIVOT', target)
    return false
  }

  #includeXml(source: string, kind: PartKind): OutPart {
    const part = this.#enlist(source, kind.id, kind.type, this.#newName(kind.path))
    this.#jobs.push(() => this.#write(part, source, kind.root ?? ''))
    return part
  }

  #includeImage(source: string): OutPart {
    const rebuilt = this.#rebuildPicture(source)
    if (!rebuilt) {
      this.#report('OX-MEDIA', source)
      const part = this.placeholder()
      this.#parts.set(source, part)
      return part
    }
    const extension = rebuilt.type === 'jpeg' ? 'jpeg' : rebuilt.type
    const name = `${this.#newName(IMAGE.path)}.${extension}`
    const part = this.#enlist(source, 'image', `image/${rebuilt.type}`, name)
    part.bytes = rebuilt.output
    return part
  }

  #rebuildPicture(source: string) {
    try {
      const rebuilt = rebuildImage(this.#package.read(source), this.#context, source)
      return rebuilt.ok ? rebuilt : undefined
    } catch (error) {
      // A damaged picture costs the picture; a spent budget costs the file.
      if (error instanceof Refusal && !error.reason.startsWith('LIMIT-')) return undefined
      throw error
    }
  }

  placeholder(): OutPart {
    this.#placeholder ??= this.#newPlaceholder()
    return this.#placeholder
  }

  #newPlaceholder(): OutPart {
    const name = `${this.#newName(IMAGE.path)}.png`
    const part = this.#enlist('\u0000placeholder', 'image', 'image/png', name)
    part.bytes = placeholderPng(PLACEHOLDER_PIXELS, PLACEHOLDER_PIXELS)
    return part
  }

  /** The shapes of cell comments, drawn anew from the comments part. */
  includeCommentShapes(comments: Relationship, drawing: Relationship | undefined): OutPart {
    const key = `\u0000shapes ${comments.target}`
    const known = this.#parts.get(key)
    if (known) return known
    const name = this.#newName('drawings/vmlDrawing#.vml')
    const type = 'application/vnd.openxmlformats-officedocument.vmlDrawing'
    const part = this.#enlist(key, 'vmlDrawing', type, name)
    part.bytes = commentShapes(this.#package, comments.target, drawing?.target, (rule) =>
      this.#report(rule, drawing?.target ?? comments.target),
    )
    return part
  }

  #enlist(source: string, kind: string, type: string, name: string): OutPart {
    const part = { name, type, kind, relationships: [], bytes: new Uint8Array() }
    this.#parts.set(source, part)
    return part
  }

  #newName(path: string): string {
    const number = (this.#names.get(path) ?? 0) + 1
    this.#names.set(path, number)
    const numbered = path.includes('#') ? path.replace('#', String(number)) : path
    const distinct =
      !path.includes('#') && number > 1 ? numbered.replace('.xml', `${number}.xml`) : numbered
    return `${FOLDERS[this.#app] ?? ''}/${distinct}`
  }

  /** One line per thing that is gone, however many relationships led to it. */
  reportDropped(relationship: Relationship, source: string): void {
    const { type, external, target } = relationship
    if (external) this.#context.removed(externalRule(type), source)
    else if (type.startsWith(STRICT)) refuse('OX-STRICT')
    else if (this.#parts.has(target)) return
    else
      this.#report(
        DROPPED.get(type) ?? DANGEROUS_TYPES.get(this.#package.contentType(target)) ?? 'OX-CT',
        target,
      )
    if (!external) this.#markBelow(target)
  }

  #report(rule: string, target: string): void {
    if (this.#reported.has(target)) return
    this.#reported.add(target)
    this.#context.removed(rule, target)
  }

  /** What hangs below a dropped part goes with it and needs no line, unless it is dangerous by itself. */
  #markBelow(target: string): void {
    if (!this.#package.has(target)) return
    const queue = [target]
    const seen = new Set<string>()
    for (let source = queue.pop(); source !== undefined; source = queue.pop()) {
      if (seen.has(source)) continue
      seen.add(source)
      for (const child of this.#package.relationships(source)) {
        if (child.external || this.#parts.has(child.target) || !this.#package.has(child.target))
          continue
        this.#below.set(child.target, DROPPED.get(child.type))
        queue.push(child.target)
      }
    }
  }

  readonly #below = new Map<string, string | undefined>()

  #reportRoot(): void {
    for (const relationship of this.#package.relationships('')) {
      if (relationship.type !== OFFICE_DOCUMENT) this.reportDropped(relationship, 'package')
    }
  }

  /** The promise of macros in the content type is dropped even when no macro came with it. */
  #reportMacroForm(): void {
    const hasMacros = this.#package.names.some(
      (name) => DANGEROUS_TYPES.get(this.#package.contentType(name)) === 'OX-VBA',
    )
    if (!hasMacros) this.#context.removed('OX-VBA', 'content type')
  }

  #reportOrphans(): void {
    for (const name of this.#package.names) {
      if (this.#parts.has(name) || this.#reported.has(name)) continue
      const danger = DANGEROUS_TYPES.get(this.#package.contentType(name))
      if (danger) this.#report(danger, name)
      else if (this.#below.has(name)) this.#reportBelow(name)
      else if (!this.#isMacSheet(name)) this.#report('OX-CT', name)
    }
  }

  #reportBelow(name: string): void {
    const rule = this.#below.get(name)
    if (rule) this.#report(rule, name)
  }

  /** Finder and Explorer leave these in hand-packed files; they are no parts. */
  #isMacSheet(name: string): boolean {
    return name.startsWith('__macosx/') || name.endsWith('.ds_store')
  }

  #entries(): NewEntry[] {
    const parts = [...new Set(this.#parts.values())]
    const main = parts[0] ?? refuse('OX-CT')
    const root = [{ id: 'rId1', type: OFFICE_DOCUMENT, target: `/${main.name}`, external: false }]
    return [
      { name: '[Content_Types].xml', bytes: contentTypes(parts) },
      { name: '_rels/.rels', bytes: relationshipsPart(root) },
      ...parts.flatMap(entriesOf),
    ]
  }
}

const STRICT = 'http://purl.oclc.org/ooxml/'
const PLACEHOLDER_PIXELS = 64
const NO_BOOK: Book = { sheets: new Set(), lostNames: new Set(), sheetIndex: () => undefined }

function mainPart(pack: Package): string {
  const mains = pack
    .relationships('')
    .filter(({ type }) => type === OFFICE_DOCUMENT || type.startsWith(STRICT))
  if (mains.some(({ type }) => type.startsWith(STRICT))) refuse('OX-STRICT')
  const [main, ...more] = mains
  if (!main || more.length > 0 || main.external || !pack.has(main.target)) refuse('OX-CT')
  return main.target
}

function appOf(type: string): string {
  if (type.startsWith('do')) return 'd'
  return type.startsWith('x') ? 'x' : 'p'
}

function externalRule(type: string): string {
  if (type === HYPERLINK) return 'OX-HLINK'
  if (type.endsWith('/attachedTemplate')) return 'W-TEMPLATE'
  if (type.endsWith('/oleObject')) return 'OX-OLELINK'
  if (/\/(?:audio|video|media)$/.test(type)) return 'P-MEDIA'
  if (/\/externalLinkPath$|xlPathMissing$/.test(type)) return 'X-EXTLINK'
  if (/\/mailMerge[A-Za-z]*$/.test(type)) return 'W-MAILMERGE'
  if (/\/(?:subDocument|frame)$/.test(type)) return 'W-SUBDOC'
  return 'OX-EXTREL'
}

/** Gives one part's filter its answers and collects its new relationships. */
class PartScope implements Scope {
  readonly kind: string
  readonly #walk: Rebuild
  readonly #part: OutPart
  readonly #source: string
  readonly #relationships: ReadonlyMap<string, Relationship>
  readonly #ids = new Map<string, string>()

  constructor(walk: Rebuild, part: OutPart, source: string) {
    this.#walk = walk
    this.#part = part
    this.#source = source
    this.kind = part.kind
    this.#relationships = new Map(
      walk.package.relationships(source).map((relationship) => [relationship.id, relationship]),
    )
  }

  get book(): Book {
    return this.#walk.book
  }

  filter(nodes: Parameters<Scope['filter']>[0]) {
    return filterNodes(nodes, this)
  }

  shell(element: Parameters<Scope['shell']>[0], key: string) {
    return filterShell(element, key, this)
  }

  drop(rule: string, count = 1): void {
    this.#walk.context.removed(rule, this.#source, count)
  }

  keep(rule: string, count = 1): void {
    this.#walk.context.kept(rule, this.#source, count)
  }

  followImplicit(): void {
    const kinds = IMPLICIT[this.kind] ?? []
    for (const relationship of this.#relationships.values()) {
      if (relationship.external || !kinds.includes(KINDS.get(relationship.type)?.id ?? '')) continue
      this.follow(relationship.id, kinds)
    }
  }

  follow(id: string, kinds: readonly string[]): string | undefined {
    const relationship = this.#relationships.get(id)
    if (!relationship) return undefined
    const known = this.#ids.get(id)
    const target = this.#walk.include(relationship, kinds, this.kind)
    if (!target) return undefined
    if (known !== undefined) return known
    return this.#relate(id, relationship.type, `/${target.name}`, false)
  }

  hyperlink(id: string): string | undefined {
    const relationship = this.#relationships.get(id)
    if (!relationship?.external || relationship.type !== HYPERLINK) return undefined
    const known = this.#ids.get(id)
    if (known !== undefined) return known
    const url = allowedUrl(relationship.target)
    return url === undefined ? undefined : this.#relate(id, HYPERLINK, url, true)
  }

  placeholder(): string {
    this.drop('OX-MEDIA')
    const known = this.#ids.get('\u0000placeholder')
    if (known !== undefined) return known
    const { name } = this.#walk.placeholder()
    const type = [...KINDS].find(([, kind]) => kind.id === 'image')?.[0] ?? ''
    return this.#relate('\u0000placeholder', type, `/${name}`, false)
  }

  commentShapes(): string | undefined {
    const all = [...this.#relationships.values()]
    const comments = all.find(({ type }) => KINDS.get(type)?.id === 'comments')
    if (!comments || !this.#walk.include(comments, ['comments'], this.kind)) return undefined
    const drawing = all.find(({ type, external }) => type.endsWith('/vmlDrawing') && !external)
    const part = this.#walk.includeCommentShapes(comments, drawing)
    if (drawing) this.#ids.set(drawing.id, '')
    const type = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/vmlDrawing'
    return this.#relate('\u0000shapes', type, `/${part.name}`, false)
  }

  /** Whatever no allowed element asked for is gone; say so. */
  reportUnused(): void {
    for (const relationship of this.#relationships.values()) {
      if (this.#ids.has(relationship.id)) continue
      this.#walk.reportDropped(relationship, this.#source)
    }
  }

  #relate(old: string, type: string, target: string, external: boolean): string {
    const id = `rId${this.#part.relationships.length + 1}`
    this.#ids.set(old, id)
    this.#part.relationships.push({ id, type, target, external })
    return id
  }
}

function entriesOf(part: OutPart): NewEntry[] {
  const entry = { name: part.name, bytes: part.bytes }
  if (part.relationships.length === 0) return [entry]
  const slash = part.name.lastIndexOf('/') + 1
  const name = `${part.name.slice(0, slash)}_rels/${part.name.slice(slash)}.rels`
  return [entry, { name, bytes: relationshipsPart(part.relationships) }]
}

function relationshipsPart(relationships: readonly OutRelationship[]): Uint8Array {
  const rows = relationships.map(
    ({ id, type, target, external }) =>
      `<Relationship Id="${id}" Type="${escapeValue(type)}" Target="${escapeValue(target)}"` +
      `${external ? ' TargetMode="External"' : ''}/>`,
  )
  return xml(`<Relationships xmlns="${PACKAGE_RELATIONSHIPS}">${rows.join('')}</Relationships>`)
}

const DEFAULTS: readonly (readonly [extension: string, type: string])[] = [
  ['rels', 'application/vnd.openxmlformats-package.relationships+xml'],
  ['xml', 'application/xml'],
  ['png', 'image/png'],
  ['jpeg', 'image/jpeg'],
  ['gif', 'image/gif'],
  ['vml', 'application/vnd.openxmlformats-officedocument.vmlDrawing'],
]

function contentTypes(parts: readonly OutPart[]): Uint8Array {
  const defaults = DEFAULTS.filter(
    ([extension], index) => index < 2 || parts.some(({ name }) => name.endsWith(`.${extension}`)),
  ).map(([extension, type]) => `<Default Extension="${extension}" ContentType="${type}"/>`)
  const overrides = parts
    .filter(({ name }) => name.endsWith('.xml'))
    .map(({ name, type }) => `<Override PartName="/${name}" ContentType="${type}"/>`)
  return xml(`<Types xmlns="${CONTENT_TYPES}">${defaults.join('')}${overrides.join('')}</Types>`)
}

function xml(body: string): Uint8Array {
  return new TextEncoder().encode(XML_HEADER + body)
}
