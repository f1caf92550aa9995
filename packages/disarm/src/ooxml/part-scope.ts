import type { Context } from '../family.ts'
import type { Profile } from '../profile.ts'
import { allowedUrl } from '../url.ts'
import type { XmlElement } from '../xml/read.ts'
import { filterNodes, filterShell } from './filter.ts'
import type { HeaderPicture } from './header-pictures.ts'
import { headerPictures } from './header-pictures.ts'
import { CONTROL_KINDS } from './control-shape.ts'
import type { LegacyShape } from './legacy.ts'
import { readLegacy } from './legacy.ts'
import type { OutPart } from './output.ts'
import type { Package, Relationship } from './package.ts'
import type { Preview } from './previews.ts'
import { previewAnchors, previewsOf } from './previews.ts'
import {
  HYPERLINK,
  IMAGE_RELATIONSHIP,
  IMPLICIT,
  KINDS,
  VML_RELATIONSHIP,
  macroKind,
} from './relationships.ts'
import type { Book, Scope } from './scope.ts'

/** What a part's scope needs from the walk over the package. */
export interface Walk {
  readonly package: Package
  readonly context: Context
  readonly book: Book
  /** A VBA project stays, and what it calls sheets by stays with it. */
  readonly keepsMacros: boolean
  /** The part that a relationship leads to, enlisted when it is new; `undefined` when it may not be written. */
  include(relationship: Relationship, kinds: readonly string[], owner: string): OutPart | undefined
  /** The grey picture. */
  placeholder(): OutPart
  /** A VML part of a sheet, drawn anew; `undefined` when it would be empty. */
  includeSheetShapes(
    sheet: string,
    comments: Relationship | undefined,
    legacy: readonly LegacyShape[],
    scope: Scope,
  ): OutPart | undefined
  includeHeaderPictures(
    sheet: string,
    pictures: readonly HeaderPicture[],
    relationships: ReadonlyMap<string, Relationship>,
  ): OutPart
  /** Previews of objects that the drawing of a sheet shows from now on; a new drawing when it has none. */
  includePreviews(
    sheet: string,
    drawing: Relationship | undefined,
    previews: readonly Preview[],
  ): OutPart | undefined
  previewsOn(drawing: string): readonly Preview[]
  /** Says which part shows a diagram. */
  showDiagram(data: string, scope: PartScope): void
  /** The first part that shows a diagram. */
  showing(data: string): PartScope | undefined
  /** What this part says is written in another part: it is no orphan. */
  markRead(target: string): void
  /** Says that what a relationship leads to is gone. */
  reportDropped(relationship: Relationship, source: string): void
}

/** Gives one part's filter its answers and collects its new relationships. */
export class PartScope implements Scope {
  readonly kind: string
  readonly #walk: Walk
  readonly #part: OutPart
  readonly #source: string
  readonly #place: string
  readonly #relationships: ReadonlyMap<string, Relationship>
  readonly #ids = new Map<string, string>()
  /** Counted here and reported once: a sheet drops the same attribute a million times. */
  readonly #removed = new Map<string, number>()
  readonly #kept = new Map<string, number>()
  #legacy: readonly LegacyShape[] | undefined

  constructor(walk: Walk, part: OutPart, source: string) {
    this.#walk = walk
    this.#part = part
    this.#source = source
    this.kind = part.kind
    // What was made here has no place in the input.
    this.#place = source.startsWith('\u0000') ? part.name : source
    this.#relationships = relationshipsOf(walk.package, source)
  }

  get book(): Book {
    return this.#walk.book
  }

  get keepsMacros(): boolean {
    return this.#walk.keepsMacros
  }

  get profile(): Profile {
    return this.#walk.context.profile
  }

  filter(nodes: Parameters<Scope['filter']>[0]) {
    return filterNodes(nodes, this)
  }

  shell(element: Parameters<Scope['shell']>[0], key: string) {
    return filterShell(element, key, this)
  }

  drop(rule: string, count = 1): void {
    this.#removed.set(rule, (this.#removed.get(rule) ?? 0) + count)
  }

  keep(rule: string, count = 1): void {
    this.#kept.set(rule, (this.#kept.get(rule) ?? 0) + count)
  }

  followImplicit(): void {
    const kinds = IMPLICIT[this.kind] ?? []
    for (const relationship of this.#relationships.values()) {
      const kind = (KINDS.get(relationship.type) ?? macroKind(relationship.type))?.id ?? ''
      if (relationship.external || !kinds.includes(kind)) continue
      if (this.profile.comments === 'remove' && COMMENTS.has(kind)) this.#leave(relationship, kind)
      else this.follow(relationship.id, kinds)
    }
  }

  #leave({ id, target }: Relationship, kind: string): void {
    this.#ids.set(id, '')
    this.#walk.markRead(target)
    this.drop(kind === 'notesSlide' ? 'P-NOTES' : 'OX-REV')
  }

  forget(id: string, rule: string): void {
    const relationship = this.#relationships.get(id)
    this.drop(rule)
    if (!relationship) return
    this.#ids.set(id, '')
    this.#walk.markRead(relationship.target)
  }

  follow(id: string, kinds: readonly string[]): string | undefined {
    const relationship = this.#relationships.get(id)
    if (!relationship) return undefined
    const known = this.#ids.get(id)
    const target = this.#walk.include(relationship, kinds, this.kind)
    if (!target) return undefined
    if (target.kind === 'diagramData') this.#walk.showDiagram(relationship.target, this)
    if (known !== undefined) return known
    return this.#relate(id, relationship.type, `/${target.name}`, false)
  }

  drawnForm(id: string): string | undefined {
    return this.#walk.showing(this.#source)?.drawingOf(id)
  }

  /** The drawn form of a diagram that this part shows. It is followed before anything is read, so that no relationship comes late. */
  drawingOf(id: string): string | undefined {
    const type = this.#relationships.get(id)?.type ?? ''
    return KINDS.get(type)?.id === 'diagramDrawing' ? this.#ids.get(id) || undefined : undefined
  }

  hyperlink(id: string): string | undefined {
    const relationship = this.#relationships.get(id)
    if (!relationship?.external || relationship.type !== HYPERLINK) return undefined
    if (this.profile.links === 'text-only') {
      this.#ids.set(id, '')
      this.drop('URL-REMOVED')
      return undefined
    }
    const known = this.#ids.get(id)
    if (known !== undefined) return known
    const url = allowedUrl(relationship.target)
    return url === undefined ? undefined : this.#relate(id, HYPERLINK, url, true)
  }

  placeholder(): string {
    this.drop('OX-MEDIA')
    return this.#relateOnce(this.#walk.placeholder(), IMAGE_RELATIONSHIP)
  }

  sheetShapes(): string | undefined {
    const all = [...this.#relationships.values()]
    const wanted = this.profile.comments === 'keep'
    const comments = wanted && all.find(({ type }) => KINDS.get(type)?.id === 'comments')
    const kept = comments && this.#walk.include(comments, ['comments'], this.kind)
    const part = this.#walk.includeSheetShapes(
      this.#source,
      kept && comments ? comments : undefined,
      this.#legacyShapes(),
      this,
    )
    return part && this.#relateOnce(part, VML_RELATIONSHIP)
  }

  headerShapes(): string | undefined {
    const pictures = headerPictures(this.#legacyShapes())
    if (pictures.length === 0) return undefined
    const part = this.#walk.includeHeaderPictures(
      this.#source,
      pictures,
      this.#pictureRelationships(),
    )
    return this.#relateOnce(part, VML_RELATIONSHIP)
  }

  sheetPictures(): string | undefined {
    const previews = previewsOf(this.#legacyShapes(), this.#pictureRelationships())
    if (previews.length === 0) return undefined
    const drawing = [...this.#relationships.values()].find(
      ({ type, external }) => KINDS.get(type)?.id === 'drawing' && !external,
    )
    const part = this.#walk.includePreviews(this.#source, drawing, previews)
    return part && this.#relateOnce(part, DRAWING_RELATIONSHIP)
  }

  appendix(): readonly XmlElement[] {
    return previewAnchors(this.#walk.previewsOn(this.#source), this)
  }

  picture(relationship: Relationship | undefined): string {
    const part = relationship && this.#walk.include(relationship, ['image'], this.kind)
    return part ? this.#relateOnce(part, IMAGE_RELATIONSHIP) : this.placeholder()
  }

  legacyPicture(shape: string): string | undefined {
    const found = previewsOf(this.#legacyShapes(), this.#pictureRelationships(), false)
    const preview = found.find(({ id }) => id === shape)
    return preview && this.picture(preview.picture)
  }

  /** Says what was dropped and kept. Whatever no allowed element asked for is gone, too. */
  report(): void {
    const { context } = this.#walk
    for (const [rule, count] of this.#removed) context.removed(rule, this.#place, count)
    for (const [rule, count] of this.#kept) context.kept(rule, this.#place, count)
    for (const relationship of this.#relationships.values()) {
      if (this.#ids.has(relationship.id)) continue
      this.#walk.reportDropped(relationship, this.#source)
    }
  }

  #legacyDrawings(): Relationship[] {
    return [...this.#relationships.values()].filter(
      ({ type, external, target }) =>
        type === VML_RELATIONSHIP && !external && this.#walk.package.has(target),
    )
  }

  /** The shapes of all VML drawings of this part; from now on these drawings count as read. */
  #legacyShapes(): readonly LegacyShape[] {
    this.#legacy ??= this.#legacyDrawings().flatMap(({ id, target }) => {
      if (!this.#ids.has(id)) this.#ids.set(id, '')
      this.#walk.markRead(target)
      const shapes = readLegacy(this.#walk.package, target, (rule) => this.drop(rule))
      const strange = shapes.filter(({ kind }) => !READ_KINDS.has(kind) && !CONTROL_KINDS.has(kind))
      this.drop('OX-VML', strange.length)
      return shapes
    })
    return this.#legacy
  }

  #pictureRelationships(): ReadonlyMap<string, Relationship> {
    const all = this.#legacyDrawings().map(({ target }) => target)
    return new Map(all.flatMap((target) => [...relationshipsOf(this.#walk.package, target)]))
  }

  #relateOnce(part: OutPart, type: string): string {
    const key = `\u0000${part.name}`
    return this.#ids.get(key) ?? this.#relate(key, type, `/${part.name}`, false)
  }

  #relate(old: string, type: string, target: string, external: boolean): string {
    const id = `rId${this.#part.relationships.length + 1}`
    this.#ids.set(old, id)
    this.#part.relationships.push({ id, type, target, external })
    return id
  }
}

/** Kinds of parts that hold what people say about a document. */
const COMMENTS: ReadonlySet<string> = new Set(['comments', 'commentAuthors', 'notesSlide'])
/** Kinds of shapes that are written again in some form; '' are the pictures of headers and slides. */
const READ_KINDS: ReadonlySet<string> = new Set(['', 'Note', 'Pict'])
const DRAWING_RELATIONSHIP =
  'http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing'

function relationshipsOf(pack: Package, source: string): ReadonlyMap<string, Relationship> {
  return new Map(pack.relationships(source).map((relationship) => [relationship.id, relationship]))
}
