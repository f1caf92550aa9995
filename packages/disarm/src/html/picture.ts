import type { Context } from '../family.ts'
import { placeholderPng, rebuildImage } from '../image/index.ts'
import { attributeValue } from './attributes.ts'

/** Where the pictures of a page are, and where they go. */
export interface Pictures {
  /** Bytes of what a mail or a web archive carries under this address (`cid:…`, or a location). */
  readonly find: (source: string) => Uint8Array | undefined
  /** Takes a rebuilt picture and says under which address the page shows it. */
  readonly place: (bytes: Uint8Array, type: string) => string
  /** Text of a style sheet that comes with the page. */
  readonly sheet?: (href: string) => string | undefined
  /** Addresses stay as they are: only for a page that was written a moment ago. */
  readonly trusted?: true
}

/** A page on its own: pictures are inside of it. */
export const INSIDE: Pictures = { find: () => undefined, place: dataUrl }

export function dataUrl(bytes: Uint8Array, type: string): string {
  return `data:image/${type};base64,${Buffer.from(bytes).toString('base64')}`
}

/** Forms that every browser and mail program shows. */
const SHOWN: ReadonlySet<string> = new Set(['png', 'jpeg', 'gif', 'webp', 'bmp'])
const PLACEHOLDER_SIDE = 64

/** Where the page shows a rebuilt picture, or `undefined` when the picture would have to be loaded from outside. */
export class PictureRebuild {
  readonly #context: Context
  readonly #pictures: Pictures
  /** One picture is often shown many times. */
  readonly #done = new Map<string, string>()

  constructor(context: Context, pictures: Pictures) {
    this.#context = context
    this.#pictures = pictures
  }

  source(attributes: ReadonlyMap<string, string>): string | undefined {
    const source = (attributes.get('src') ?? '').trim()
    if (this.#pictures.trusted) return source
    const bytes = /^data:/i.test(source) ? dataBytes(source) : this.#pictures.find(source)
    if (!bytes) return undefined
    const known = this.#done.get(source)
    if (known !== undefined) return known
    const placed = this.#rebuilt(bytes, attributes)
    this.#done.set(source, placed)
    return placed
  }

  #rebuilt(bytes: Uint8Array, attributes: ReadonlyMap<string, string>): string {
    this.#context.spend(bytes.length)
    const image = rebuildImage(bytes, this.#context, 'image')
    if (image.ok && SHOWN.has(image.type)) return this.#pictures.place(image.output, image.type)
    this.#context.removed('OX-MEDIA', 'image')
    const side = (name: string) =>
      Number(/^\d+$/.exec(attributeValue('img', name, attributes.get(name) ?? '') ?? '')?.[0]) ||
      PLACEHOLDER_SIDE
    return this.#pictures.place(
      placeholderPng(Math.min(600, side('width')), Math.min(600, side('height'))),
      'png',
    )
  }
}

/** The bytes of a `data:` URL (RFC 2397); empty when they cannot be read. */
function dataBytes(source: string): Uint8Array {
  const comma = source.indexOf(',')
  if (comma < 0) return new Uint8Array()
  const payload = source.slice(comma + 1)
  if (/;\s*base64\s*$/i.test(source.slice(0, Math.min(comma, 200)))) {
    return Buffer.from(unescaped(payload), 'base64')
  }
  return Buffer.from(unescaped(payload), 'latin1')
}

function unescaped(payload: string): string {
  if (!payload.includes('%')) return payload
  return payload.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
}
