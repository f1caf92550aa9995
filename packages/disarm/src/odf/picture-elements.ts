import type { Special } from './element.ts'
import { attributeOf } from './element.ts'

/** A picture in a frame; several stand for one another, the first that can be written wins nothing more than to be there. */
const image: Special = (element, filter) => {
  const frame = filter.parent
  const href = attributeOf(element, 'xlink', 'href')
  if (href === undefined) {
    if (frame) frame.filled = true
    return filter.keep(element)
  }
  const { around } = filter
  const beside = /^(?:\.\/)?ObjectReplacements\//.test(href) ? frame?.object : undefined
  const written = beside === undefined ? around.picture(href) : around.replacement(href, beside)
  if (frame && written === undefined) frame.lost = true
  if (written === undefined) return { do: 'drop' }
  if (frame) frame.filled = true
  return { do: 'keep', attributes: filter.attributes(element, written) }
}

/** A picture that fills an area: without it the area is plain. */
const fill: Special = (element, filter) => {
  const href = attributeOf(element, 'xlink', 'href')
  if (href === undefined) return undefined
  const written = filter.around.picture(href)
  if (written === undefined) return { do: 'drop' }
  return { do: 'keep', attributes: filter.attributes(element, written) }
}

/** A picture as a bullet: the level of the list must stay. */
const bullet: Special = (element, filter) => {
  const href = attributeOf(element, 'xlink', 'href')
  if (href === undefined) return undefined
  const { around } = filter
  const written = around.picture(href) ?? (around.flat ? undefined : around.placeholder())
  return { do: 'keep', attributes: filter.attributes(element, written) }
}

/** A chart or a formula is a document of its own; in flat XML it stands right here. */
const object: Special = (element, filter) => {
  const frame = filter.parent
  const href = attributeOf(element, 'xlink', 'href')
  if (href === undefined) {
    if (frame) frame.filled = true
    return filter.keep(element)
  }
  const written = filter.around.object(href)
  if (frame && written === undefined) frame.lost = true
  if (written === undefined) return { do: 'drop' }
  if (frame) frame.filled = true
  if (frame) frame.object = written
  return { do: 'keep', attributes: filter.attributes(element, written) }
}

/** OLE objects, plug-ins, applets and frames of web pages; the picture beside them stays. */
const foreign: Special = (_element, filter) => {
  const frame = filter.parent
  if (frame) frame.lost = true
  return filter.drop('ODF-OBJ')
}

const HOLDERS: ReadonlySet<string> = new Set([
  'draw:image',
  'draw:fill-image',
  'style:background-image',
  'text:list-level-style-image',
  'chart:symbol-image',
])

const inline: Special = (_element, filter) => {
  if (!HOLDERS.has(filter.parent?.key ?? '')) return filter.drop('ODF-OBJ')
  return { do: 'collect', attributes: [], done: (text) => filter.around.inlinePicture(text) }
}

export const pictureSpecials: ReadonlyMap<string, Special> = new Map<string, Special>([
  ['draw:image', image],
  ['draw:fill-image', fill],
  ['style:background-image', fill],
  ['chart:symbol-image', fill],
  ['text:list-level-style-image', bullet],
  ['draw:object', object],
  ...['object-ole', 'plugin', 'applet', 'floating-frame'].map(
    (local) => [`draw:${local}`, foreign] as const,
  ),
  ['office:binary-data', inline],
])
