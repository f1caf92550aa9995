import type { Context } from '../family.ts'
import { placeholderPng, rebuildImage } from '../image/index.ts'
import type { ImageType } from '../image/index.ts'
import { liftedPlace } from './prolog.ts'

/** Pictures that readers of SVG show. Metafiles and TIFF they do not. */
const SHOWN: ReadonlySet<ImageType> = new Set(['png', 'jpeg', 'gif', 'webp', 'bmp'])
const DATA = /^data:image\/([A-Za-z0-9.+-]{1,40})((?:;[A-Za-z0-9=-]{1,40}){0,4}),/
const HEAD = 300

/** How a picture of SVG inside of SVG is rebuilt; undefined when it cannot be. */
export type RebuildInner = (bytes: Uint8Array) => Uint8Array | undefined

/**
 * The `data:` URL of an embedded picture, written anew; undefined when `url` embeds none. A picture that cannot be read becomes
 * a grey box, which is reported.
 */
export function rebuildDataUrl(
  url: string,
  lifted: readonly string[],
  context: Context,
  where: string,
  inner: RebuildInner,
): string | undefined {
  const place = liftedPlace(url)
  const whole = place === undefined ? url : (lifted[place] ?? '')
  const head = DATA.exec(whole.slice(0, HEAD))
  if (!head) return undefined
  const bytes = payload(whole.slice(head[0].length), /;base64$/i.test(head[2] ?? ''))
  context.spend(bytes.length)
  if (head[1]?.toLowerCase() === 'svg+xml') {
    const drawing = inner(bytes)
    if (drawing) return dataUrl('svg+xml', drawing)
  } else {
    const rebuilt = rebuildImage(bytes, context, where)
    if (rebuilt.ok && SHOWN.has(rebuilt.type)) return dataUrl(rebuilt.type, rebuilt.output)
  }
  context.removed('IMG-DECODE', where)
  return dataUrl('png', placeholderPng(64, 64))
}

function payload(text: string, isBase64: boolean): Uint8Array {
  if (isBase64) return Buffer.from(text, 'base64')
  try {
    return Buffer.from(decodeURIComponent(text))
  } catch {
    return new Uint8Array(0)
  }
}

function dataUrl(type: string, bytes: Uint8Array): string {
  return `data:image/${type};base64,${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')}`
}
