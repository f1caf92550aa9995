import type { Context } from '../family.ts'
import { placeholderPng, rebuildImage } from '../image/index.ts'
import type { Content } from '../zip/deflate.ts'
import { rebuildSvg } from '../svg/index.ts'
import { memberName } from './links.ts'
import type { OdfPackage } from './package.ts'

/** A member of the output; without bytes a folder, which only the manifest names. */
export interface Part {
  readonly name: string
  readonly mediaType: string
  readonly bytes?: Content
  /** Of a folder: the version of the format that the document inside says. */
  readonly version?: string
}

const PLACEHOLDER_PIXELS = 64

/** Types of pictures that may be written, with the extension and the media type they get. */
const FORMS: Readonly<Record<string, readonly [extension: string, mediaType: string]>> = {
  png: ['png', 'image/png'],
  jpeg: ['jpg', 'image/jpeg'],
  gif: ['gif', 'image/gif'],
  tiff: ['tif', 'image/tiff'],
  bmp: ['bmp', 'image/bmp'],
  webp: ['webp', 'image/webp'],
  emf: ['emf', 'image/x-emf'],
  wmf: ['wmf', 'image/x-wmf'],
}

interface Picture {
  readonly extension: string
  readonly mediaType: string
  readonly bytes: Uint8Array
}

/** The pictures of one document, numbered in the order in which they are first named. */
export class PictureShelf {
  readonly #pack: OdfPackage
  readonly #context: Context
  readonly #seen: Set<string>
  readonly #bySource = new Map<string, Part | undefined>()
  readonly #replacements = new Map<string, Part | undefined>()
  #count = 0

  constructor(pack: OdfPackage, context: Context, seen: Set<string>) {
    this.#pack = pack
    this.#context = context
    this.#seen = seen
  }

  get parts(): Part[] {
    return [...this.#bySource.values(), ...this.#replacements.values()].filter(
      (part) => part !== undefined,
    )
  }

  /** The new address of a picture; reports why there is none. */
  picture(href: string, folder: string, where: string): string | undefined {
    const source = this.#source(href, folder, where)
    if (source === undefined) return undefined
    if (!this.#bySource.has(source)) {
      const picture = this.#rebuild(source)
      this.#bySource.set(source, picture && this.#shelve(picture))
    }
    const part = this.#bySource.get(source)
    if (!part) this.#context.removed('IMG-DECODE', source)
    return part?.name
  }

  placeholder(where: string): string {
    this.#context.removed('OX-MEDIA', where)
    const known = this.#bySource.get(PLACEHOLDER)
    if (known) return known.name
    const bytes = placeholderPng(PLACEHOLDER_PIXELS, PLACEHOLDER_PIXELS)
    const part = this.#shelve({ extension: 'png', mediaType: 'image/png', bytes })
    this.#bySource.set(PLACEHOLDER, part)
    return part.name
  }

  /** The picture of a document inside this one, under the name that belongs to that document. */
  replacement(href: string, folder: string, object: string, where: string): string | undefined {
    const source = this.#source(href, folder, where)
    if (source === undefined) return undefined
    const name = `ObjectReplacements/${object}`
    if (!this.#replacements.has(name)) {
      const picture = this.#rebuild(source)
      this.#replacements.set(name, picture && { name, ...picture })
    }
    if (this.#replacements.get(name)) return `./${name}`
    // A StarView metafile: the program draws the picture anew from the document.
    this.#context.removed('ODF-PKG', source)
    return undefined
  }

  #source(href: string, folder: string, where: string): string | undefined {
    const name = memberName(href)
    if (name === undefined) {
      this.#context.removed('ODF-LINK', where)
      return undefined
    }
    const source = [folder + name, folder + decoded(name)].find((one) => this.#pack.has(one))
    if (source === undefined) this.#context.removed('ODF-PKG', where)
    else this.#seen.add(source)
    return source
  }

  #rebuild(source: string): Picture | undefined {
    return rebuilt(this.#pack.read(source), this.#context, source)
  }

  #shelve({ extension, mediaType, bytes }: Picture): Part {
    return { name: `Pictures/${++this.#count}.${extension}`, mediaType, bytes }
  }
}

const SVG = { extension: 'svg', mediaType: 'image/svg+xml' } as const

function looksLikeXml(bytes: Uint8Array): boolean {
  return /^(?:\xef\xbb\xbf)?[ \t\r\n]{0,40}</.test(
    Buffer.from(bytes.subarray(0, 64)).toString('latin1'),
  )
}

const PLACEHOLDER = '\u0000placeholder'

function rebuilt(bytes: Uint8Array, context: Context, where: string): Picture | undefined {
  if (looksLikeXml(bytes)) {
    const drawing = rebuildSvg(bytes, context, where)
    return drawing.ok ? { ...SVG, bytes: drawing.output } : undefined
  }
  const picture = rebuildImage(bytes, context, where)
  const form = picture.ok ? FORMS[picture.type] : undefined
  if (!picture.ok || !form) return undefined
  const [extension, mediaType] = form
  return { extension, mediaType, bytes: picture.output }
}

/** A picture in the XML itself, as base64 in one line; a grey one when it cannot be written. */
export function inlinePicture(base64: string, context: Context, where: string): string {
  const bytes = Buffer.from(base64, 'base64')
  context.spend(bytes.length)
  const picture = rebuilt(bytes, context, where)
  if (picture) return Buffer.from(picture.bytes).toString('base64')
  context.removed('OX-MEDIA', where)
  return Buffer.from(placeholderPng(PLACEHOLDER_PIXELS, PLACEHOLDER_PIXELS)).toString('base64')
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
