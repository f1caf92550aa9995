import type { Context } from '../family.ts'
import { Refusal, refuse } from '../family.ts'
import type { Content } from '../zip/deflate.ts'
import { Deflater } from '../zip/deflate.ts'
import type { Surroundings } from './filter.ts'
import { Filter } from './filter.ts'
import { hiddenSheets } from './hidden.ts'
import { memberName } from './links.ts'
import type { OdfPackage } from './package.ts'
import type { Part } from './pictures.ts'
import { PictureShelf, inlinePicture } from './pictures.ts'
import type { Tokens } from './tokens.ts'
import { readTokens } from './tokens.ts'
import { INNER_TYPES } from './types.ts'

/** Documents inside documents inside documents. */
const MAX_OBJECT_DEPTH = 4

/** A document rebuilt: its parts in order, and the element in its body (`math` for a formula). */
export interface Rebuilt {
  readonly parts: readonly Part[]
  readonly body: string
  /** Of the format, as the content says. */
  readonly version: string
}

/**
 * Rebuilds the document in a folder of a package (empty for the file itself): its XML parts, the pictures and the documents that
 * they name. What nothing names is not read.
 * @param seen members that were read or reported, of the whole package
 */
export function rebuildDocument(
  pack: OdfPackage,
  context: Context,
  seen: Set<string>,
  folder = '',
  depth = 0,
): Rebuilt {
  return new OdfDocument(pack, context, seen, folder, depth).rebuild()
}

class OdfDocument {
  readonly #pack: OdfPackage
  readonly #context: Context
  readonly #seen: Set<string>
  readonly #folder: string
  readonly #depth: number
  readonly #pictures: PictureShelf
  /** Folder in the input → the document as it is written; `undefined` when it is not. */
  readonly #objects = new Map<
    string,
    { readonly name: string; readonly rebuilt: Rebuilt } | undefined
  >()
  #objectCount = 0
  #lostSheets: ReadonlySet<string> = new Set()

  constructor(
    pack: OdfPackage,
    context: Context,
    seen: Set<string>,
    folder: string,
    depth: number,
  ) {
    this.#pack = pack
    this.#context = context
    this.#seen = seen
    this.#folder = folder
    this.#depth = depth
    this.#pictures = new PictureShelf(pack, context, seen)
  }

  rebuild(): Rebuilt {
    const name = `${this.#folder}content.xml`
    if (!this.#pack.has(name)) refuse('ODF-PKG')
    if (this.#context.profile.hidden === 'remove') this.#lostSheets = this.#read(name, hiddenSheets)
    const content = this.#filter(name)
    const body = content.root === 'math:math' ? 'math' : content.body
    if (!INNER_TYPES.has(body) || !CONTENT_ROOTS.has(content.root)) refuse('ODF-PKG')
    const xml = [part('content.xml', content.bytes), ...this.#otherParts()]
    const objects = [...this.#objects.values()].filter((one) => one !== undefined)
    return {
      body,
      version: content.version,
      parts: [
        ...xml,
        ...this.#pictures.parts,
        ...objects.flatMap(({ name: inner, rebuilt }) => insideFolder(inner, rebuilt)),
      ],
    }
  }

  #otherParts(): Part[] {
    const parts: Part[] = []
    for (const [local, root] of OTHER_PARTS) {
      const name = this.#folder + local
      if (!this.#pack.has(name)) continue
      if (local === 'meta.xml' && this.#context.profile.title === 'remove') {
        this.#seen.add(name)
        this.#context.removed('ODF-META', name)
        continue
      }
      const filtered = this.#filter(name)
      if (filtered.root !== root) {
        // Styles are half of the look; what was set for the window is nobody's loss.
        if (local === 'styles.xml') refuse('ODF-PKG')
        this.#context.removed('ODF-META', name)
        continue
      }
      if (local !== 'meta.xml' || filtered.hasTitle) parts.push(part(local, filtered.bytes))
    }
    return parts
  }

  #filter(name: string) {
    this.#seen.add(name)
    const filter = new Filter(this.#surroundings(name), new Deflater())
    const bytes = this.#read(name, (tokens) => filter.run(tokens)) ?? refuse('ODF-PKG')
    return {
      bytes,
      root: filter.root,
      body: filter.body,
      version: filter.version,
      hasTitle: filter.hasTitle,
    }
  }

  #read<Result>(name: string, read: (tokens: Tokens) => Result): Result {
    return readTokens(this.#pack.pieces(name), name, this.#context, read)
  }

  #surroundings(where: string): Surroundings {
    const { profile } = this.#context
    return {
      profile,
      rules: { links: profile.links, lostSheets: this.#lostSheets },
      flat: false,
      picture: (href) => this.#pictures.picture(href, this.#folder, where),
      placeholder: () => this.#pictures.placeholder(where),
      inlinePicture: (base64) => inlinePicture(base64, this.#context, where),
      object: (href) => this.#object(href, where),
      replacement: (href, object) =>
        this.#pictures.replacement(href, this.#folder, object.replace(/^\.\//, ''), where),
      removed: (rule, count) => this.#context.removed(rule, where, count),
      kept: (rule, count) => this.#context.kept(rule, where, count),
    }
  }

  #object(href: string, where: string): string | undefined {
    const name = memberName(href)
    if (name === undefined) {
      this.#context.removed('ODF-LINK', where)
      return undefined
    }
    const folder = `${this.#folder}${name}/`
    if (!this.#objects.has(folder)) this.#objects.set(folder, this.#rebuildObject(folder))
    const found = this.#objects.get(folder)
    if (!found) this.#context.removed('ODF-OBJ', where)
    return found ? `./${found.name}` : undefined
  }

  /** A document inside: charts, formulas and whatever else is made of the same XML. OLE is a member, not a folder. */
  #rebuildObject(folder: string) {
    const inside = this.#pack.has(`${folder}content.xml`) && this.#depth < MAX_OBJECT_DEPTH
    if (!inside || this.#seen.has(`${folder}content.xml`)) return undefined
    const rebuilt = this.#rebuildInside(folder)
    return rebuilt && { name: `Object ${++this.#objectCount}`, rebuilt }
  }

  /** One that cannot be read goes, and its picture stays: for a damaged chart nobody should lose the letter around it. */
  #rebuildInside(folder: string): Rebuilt | undefined {
    try {
      return rebuildDocument(this.#pack, this.#context, this.#seen, folder, this.#depth + 1)
    } catch (error) {
      if (error instanceof Refusal && UNREADABLE.has(error.reason)) return undefined
      throw error
    }
  }
}

/** Why a document inside may be left out; any limit is one of the whole file. */
const UNREADABLE: ReadonlySet<string> = new Set(['ODF-XML', 'ODF-PKG'])
const CONTENT_ROOTS: ReadonlySet<string> = new Set(['office:document-content', 'math:math'])
const OTHER_PARTS: readonly (readonly [name: string, root: string])[] = [
  ['styles.xml', 'office:document-styles'],
  ['settings.xml', 'office:document-settings'],
  ['meta.xml', 'office:document-meta'],
]

function part(name: string, bytes: Content): Part {
  return { name, bytes, mediaType: 'text/xml' }
}

/** The folder itself is named in the manifest, with the kind of document that it holds. */
function insideFolder(name: string, { body, version, parts }: Rebuilt): Part[] {
  const folder = { name: `${name}/`, mediaType: INNER_TYPES.get(body) ?? '', version }
  return [folder, ...parts.map((one) => ({ ...one, name: `${name}/${one.name}` }))]
}
