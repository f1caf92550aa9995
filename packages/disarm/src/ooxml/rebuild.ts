import { gunzipSync } from 'node:zlib'
import type { Context, Rebuilt } from '../family.ts'
import { Refusal, refuse } from '../family.ts'
import { placeholderPng, rebuildImage } from '../image/index.ts'
import { XmlReader } from '../xml/read.ts'
import { XML_HEADER } from '../xml/write.ts'
import { writeZip } from '../zip/write.ts'
import { readBook } from './book.ts'
import type { HeaderPicture } from './header-pictures.ts'
import { headerPicturesPart } from './header-pictures.ts'
import type { LegacyShape } from './legacy.ts'
import type { OutPart } from './output.ts'
import { MEDIA_TYPES, packageEntries } from './output.ts'
import { listedMacros } from './macros.ts'
import type { Package, Relationship } from './package.ts'
import { openPackage } from './package.ts'
import { rewritePart } from './part.ts'
import { PartScope } from './part-scope.ts'
import type { Walk } from './part-scope.ts'
import { partKind } from './part-kind.ts'
import { acceptsPivot } from './pivot.ts'
import type { Preview } from './previews.ts'
import type { PartKind } from './relationships.ts'
import {
  DANGEROUS_TYPES,
  DROPPED,
  HYPERLINK,
  IMAGE,
  KINDS,
  MAIN_TYPES,
  OFFICE_DOCUMENT,
  REFUSED_MAIN,
  cleanType,
  macroKind,
} from './relationships.ts'
import type { Book, Scope } from './scope.ts'
import { attributeOf } from './scope.ts'
import { sheetShapes } from './sheet-shapes.ts'
import type { Title } from './title.ts'
import { CORE_RELATIONSHIP, titleOf } from './title.ts'
import type { Program } from './program.ts'
import { PROGRAM_RELATIONSHIP, programOf } from './program.ts'

/**
 * Rebuilds a Word, Excel or PowerPoint file. Starting from the main part it follows only relationships of the allow-list,
 * parses what it reaches, writes it anew under a new name with new relationships, and builds the content type list from what
 * was written. What nobody may reach does not exist any more.
 */
export function rebuildOoxml(input: Uint8Array, context: Context): Rebuilt {
  return new Rebuild(openPackage(input, context), context).run()
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

class Rebuild implements Walk {
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
  #macros: ReturnType<typeof listedMacros>
  #title: Title | undefined
  #program: Program | undefined
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
    if (this.#context.profile.title === 'keep') this.#title = titleOf(this.#package)
    this.#program = programOf(this.#package, this.#app)
    this.#reportRoot()
    if (this.#package.strict) this.#context.removed('OX-STRICT', 'package')
    if (this.#app === 'x')
      this.#book = readBook(this.#package, this.#main, this.#context.profile.hidden)
    this.#macros = listedMacros(this.#package, this.#main, this.#context)
    const outputType = this.#macros ? this.#type : cleanType(this.#type)
    if (outputType !== this.#type) this.#reportMacroForm()
    this.#startMain(outputType)
    for (let job = this.#jobs.shift(); job; job = this.#jobs.shift()) {
      this.#context.checkTime()
      job()
    }
    this.#reportOrphans()
    const output = writeZip(
      packageEntries([...new Set(this.#parts.values())], {
        title: this.#title,
        program: this.#program,
      }),
    )
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
    const strict = this.#package.strict
    // Implicit ones first: SmartArt and comments look their numbers up.
    scope.followImplicit()
    part.bytes = rewritePart(this.#package.pieces(source), root, scope, this.#context, strict)
    scope.report()
  }

  // What a PartScope needs from the walk.

  get package(): Package {
    return this.#package
  }

  get context(): Context {
    return this.#context
  }

  get keepsMacros(): boolean {
    return this.#macros !== undefined
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
    if (kind.id === 'vbaProject') return this.#includeMacros(source, kind)
    const known = this.#parts.get(source)
    if (known) return known.kind === kind.id ? known : undefined
    // A slide that the presentation does not list is not part of the show.
    if (kind.id === 'slide' && (owner !== 'main' || this.#isUnwanted(source))) return undefined
    return kind.id === 'image' ? this.#includeImage(source) : this.#includeXml(source, kind)
  }

  /** A hidden slide, where the town does not want them. */
  #isUnwanted(slide: string): boolean {
    if (this.#context.profile.hidden === 'keep') return false
    const token = new XmlReader([this.#package.read(slide)]).next()
    const hidden =
      token?.kind === 'open' && /^(?:0|false)$/.test(attributeOf(token.element, 'show') ?? '')
    if (hidden) this.#report('OX-HIDDEN', slide)
    return hidden
  }

  #kindOf(relationship: Relationship): PartKind | undefined {
    const { type, target, external } = relationship
    if (this.#macros?.source === target && !external) return this.#macroKind(type, target)
    const kind = partKind(this.#package, relationship)
    return kind && this.#mayPivot(kind, target) ? kind : undefined
  }

  #macroKind(type: string, target: string): PartKind | undefined {
    const kind = macroKind(type)
    return kind?.accepts.includes(this.#package.contentType(target)) ? kind : undefined
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

  /** The exact bytes that a person examined. */
  #includeMacros(source: string, kind: PartKind): OutPart {
    const known = this.#parts.get(source)
    if (known) return known
    this.#context.kept('OX-VBA', source)
    const part = this.#enlist(source, kind.id, kind.type, this.#newName(kind.path))
    part.bytes = this.#macros?.bytes ?? refuse('OX-CT')
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
    const name = `${this.#newName(IMAGE.path)}.${rebuilt.type}`
    const part = this.#enlist(source, 'image', MEDIA_TYPES[rebuilt.type], name)
    part.bytes = rebuilt.output
    return part
  }

  #rebuildPicture(source: string) {
    try {
      const bytes = unwrapped(this.#package.read(source), this.#context)
      const rebuilt = rebuildImage(bytes, this.#context, source)
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

  includeSheetShapes(
    sheet: string,
    comments: Relationship | undefined,
    legacy: readonly LegacyShape[],
    scope: Scope,
  ): OutPart | undefined {
    const bytes = comments && this.#package.read(comments.target)
    const drawn = sheetShapes(bytes, legacy, scope)
    if (!drawn) return undefined
    const part = this.#enlistVml(`\u0000shapes ${sheet}`)
    part.bytes = drawn
    return part
  }

  includeHeaderPictures(
    sheet: string,
    pictures: readonly HeaderPicture[],
    relationships: ReadonlyMap<string, Relationship>,
  ): OutPart {
    const source = `\u0000headers ${sheet}`
    const part = this.#enlistVml(source)
    this.#jobs.push(() => {
      const scope = new PartScope(this, part, source)
      const ids = pictures.map(({ relationship }) => scope.picture(relationships.get(relationship)))
      part.bytes = headerPicturesPart(pictures, ids)
      scope.report()
    })
    return part
  }

  #enlistVml(source: string): OutPart {
    const type = 'application/vnd.openxmlformats-officedocument.vmlDrawing'
    return this.#enlist(source, 'vmlDrawing', type, this.#newName('drawings/vmlDrawing#.vml'))
  }

  includePreviews(
    sheet: string,
    drawing: Relationship | undefined,
    previews: readonly Preview[],
  ): OutPart | undefined {
    if (drawing && this.#kindOf(drawing)) {
      this.#previews.set(drawing.target, previews)
      return undefined
    }
    const source = `\u0000drawing ${sheet}`
    const kind = [...KINDS.values()].find(({ id }) => id === 'drawing') ?? refuse('OX-CT')
    const part = this.#enlist(source, kind.id, kind.type, this.#newName(kind.path))
    this.#previews.set(source, previews)
    this.#jobs.push(() => {
      const scope = new PartScope(this, part, source)
      part.bytes = rewritePart([EMPTY_DRAWING], kind.root ?? '', scope, this.#context)
      scope.report()
    })
    return part
  }

  previewsOn(drawing: string): readonly Preview[] {
    return this.#previews.get(drawing) ?? []
  }

  showDiagram(data: string, scope: PartScope): void {
    if (!this.#diagrams.has(data)) this.#diagrams.set(data, scope)
  }

  showing(data: string): PartScope | undefined {
    return this.#diagrams.get(data)
  }

  readonly #diagrams = new Map<string, PartScope>()
  readonly #previews = new Map<string, readonly Preview[]>()

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

  markRead(target: string): void {
    this.#reported.add(target)
    this.#markBelow(target)
  }

  /** One line per thing that is gone, however many relationships led to it. */
  reportDropped(relationship: Relationship, source: string): void {
    const { type, external, target } = relationship
    if (external) this.#context.removed(externalRule(type), source)
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
      const { type, target } = relationship
      if (type === CORE_RELATIONSHIP && this.#title) {
        this.#context.kept('OX-META', target)
        this.markRead(target)
        if (this.#title.more) this.#context.removed('OX-META', target)
      } else if (type === PROGRAM_RELATIONSHIP && this.#program) {
        this.markRead(target)
        if (this.#program.more) this.#context.removed('OX-META', target)
      } else if (type !== OFFICE_DOCUMENT) this.reportDropped(relationship, 'package')
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
}

/** What a sheet without a drawing gets when it needs one. */
const EMPTY_DRAWING = new TextEncoder().encode(
  `${XML_HEADER}<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"/>`,
)
const PLACEHOLDER_PIXELS = 64
const NO_BOOK: Book = {
  sheets: new Set(),
  lostNames: new Set(),
  from1904: false,
  losesHidden: false,
  sheetIndex: () => undefined,
}

/** EMZ and WMZ are metafiles in gzip; Office writes them under the same content types. */
function unwrapped(bytes: Uint8Array, context: Context): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  try {
    const inner = gunzipSync(bytes, { maxOutputLength: context.remainingBytes })
    context.spend(inner.length)
    return inner
  } catch (error) {
    if (error instanceof Refusal) throw error
    return refuse('IMG-DECODE')
  }
}

function mainPart(pack: Package): string {
  const mains = pack.relationships('').filter(({ type }) => type === OFFICE_DOCUMENT)
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
