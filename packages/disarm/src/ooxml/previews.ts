import type { XmlElement } from '../xml/read.ts'
import { pictureRelationship } from './header-pictures.ts'
import type { LegacyShape } from './legacy.ts'
import { anchorOf } from './legacy.ts'
import { DRAWING, RELATIONSHIPS, SHEET_DRAWING } from './namespaces.ts'
import type { Relationship } from './package.ts'
import type { Scope } from './scope.ts'
import { elementOf } from './scope.ts'

/** The picture that stood for an embedded object or a control, and where. */
export interface Preview {
  /** Id of the shape in the VML drawing. */
  readonly id: string
  readonly picture: Relationship
  /** Eight numbers, see `anchorOf`; empty on slides, where the frame says the place. */
  readonly anchor: readonly number[]
}

/** @param withPlace only those that have a place of their own */
export function previewsOf(
  legacy: readonly LegacyShape[],
  relationships: ReadonlyMap<string, Relationship>,
  withPlace = true,
): readonly Preview[] {
  return legacy.flatMap(({ id, kind, data, picture }) => {
    const found = picture && relationships.get(pictureRelationship(picture) ?? '')
    const anchor = kind === 'Pict' && data ? anchorOf(data) : undefined
    if (!found || (withPlace && anchor === undefined)) return []
    return [{ id, picture: found, anchor: (anchor ?? '').split(', ').map(Number) }]
  })
}

const EMU_PER_PIXEL = 9525

/** Draws the previews as plain pictures of the sheet (ECMA-376 part 1 §20.5). */
export function previewAnchors(previews: readonly Preview[], scope: Scope): readonly XmlElement[] {
  return previews.map((preview, index) => {
    const [left = 0, dx = 0, top = 0, dy = 0, right = 0, rx = 0, bottom = 0, by = 0] =
      preview.anchor
    return placed('twoCellAnchor', { editAs: 'oneCell' }, [
      corner('from', left, dx, top, dy),
      corner('to', right, rx, bottom, by),
      pictureOf(preview, FIRST_ID + index, scope),
      placed('clientData'),
    ])
  })
}

/** Above what programs number their shapes with. */
const FIRST_ID = 60_001

function placed(
  local: string,
  attributes: Readonly<Record<string, string>> = {},
  children: XmlElement['children'] = [],
): XmlElement {
  return elementOf(SHEET_DRAWING, local, attributes, children)
}

function corner(local: string, column: number, dx: number, row: number, dy: number): XmlElement {
  const numbers: readonly (readonly [string, number])[] = [
    ['col', column],
    ['colOff', dx * EMU_PER_PIXEL],
    ['row', row],
    ['rowOff', dy * EMU_PER_PIXEL],
  ]
  const children = numbers.map(([name, value]) => placed(name, {}, [String(value)]))
  return placed(local, {}, children)
}

function pictureOf({ picture }: Preview, id: number, scope: Scope): XmlElement {
  const blip = elementOf(DRAWING, 'blip', {})
  blip.attributes.push({ uri: RELATIONSHIPS, local: 'embed', value: scope.picture(picture) })
  const stretch = elementOf(DRAWING, 'stretch', {}, [elementOf(DRAWING, 'fillRect', {})])
  const shape = elementOf(DRAWING, 'prstGeom', { prst: 'rect' }, [elementOf(DRAWING, 'avLst', {})])
  return placed('pic', {}, [
    placed('nvPicPr', {}, [
      placed('cNvPr', { id: String(id), name: `Object ${id}` }),
      placed('cNvPicPr'),
    ]),
    placed('blipFill', {}, [blip, stretch]),
    placed('spPr', {}, [shape]),
  ])
}
