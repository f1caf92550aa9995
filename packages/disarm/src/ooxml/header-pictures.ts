import { escapeValue } from '../xml/write.ts'
import type { LegacyShape } from './legacy.ts'
import { attributeOf } from './scope.ts'
import { vmlPart } from './vml-part.ts'

/** Places of pictures in the headers and footers of a sheet (`&G`): left, centre, right; header, footer; of even and first pages. */
const PLACE = /^[LCR][HF](?:EVEN|FIRST)?$/

export interface HeaderPicture {
  readonly place: string
  readonly width: string
  readonly height: string
  /** Old relationship of the picture. */
  readonly relationship: string
}

/** The pictures that the drawing behind `legacyDrawingHF` places in headers. */
export function headerPictures(legacy: readonly LegacyShape[]): readonly HeaderPicture[] {
  const found = new Map<string, HeaderPicture>()
  for (const { element, picture } of legacy) {
    const place = attributeOf(element, 'id') ?? ''
    const relationship = picture && pictureRelationship(picture)
    const style = attributeOf(element, 'style') ?? ''
    const [width, height] = [lengthOf(style, 'width'), lengthOf(style, 'height')]
    if (!PLACE.test(place) || !relationship || !width || !height) continue
    if (!found.has(place)) found.set(place, { place, width, height, relationship })
  }
  return [...found.values()]
}

/** `v:imagedata` names its picture as `o:relid`, or as `r:id`. */
export function pictureRelationship(picture: LegacyShape['element']): string | undefined {
  return picture.attributes.find(({ uri, local }) => uri !== '' && /^(?:relid|id)$/.test(local))
    ?.value
}

const POINTS: Readonly<Record<string, number>> = {
  pt: 1,
  in: 72,
  mm: 72 / 25.4,
  cm: 72 / 2.54,
  px: 0.75,
}

function lengthOf(style: string, property: string): string | undefined {
  for (const one of style.split(';')) {
    const match =
      /^\s*([a-z-]{1,20})\s*:\s*([0-9]{1,6}(?:\.[0-9]{1,6})?)(pt|in|mm|cm|px)\s*$/i.exec(one)
    if (match?.[1]?.toLowerCase() !== property) continue
    return String(
      Number((Number(match[2]) * (POINTS[match[3]?.toLowerCase() ?? ''] ?? 1)).toFixed(3)),
    )
  }
  return undefined
}

/** @param ids new relationships of the pictures, in their order */
export function headerPicturesPart(
  pictures: readonly HeaderPicture[],
  ids: readonly string[],
): Uint8Array {
  return vmlPart(
    PICTURE_TYPE,
    pictures.map(
      ({ place, width, height }, index) =>
        (id) =>
          `<v:shape id="${place}" o:spid="${id}" type="#_x0000_t75" style="position:absolute;margin-left:0;margin-top:0;` +
          `width:${width}pt;height:${height}pt;z-index:${index + 1}"><v:imagedata o:relid="${escapeValue(ids[index] ?? '')}" o:title=""/>` +
          `<o:lock v:ext="edit" rotation="t"/></v:shape>`,
    ),
  )
}

const EQUATIONS = [
  'if lineDrawn pixelLineWidth 0',
  'sum @0 1 0',
  'sum 0 0 @1',
  'prod @2 1 2',
  'prod @3 21600 pixelWidth',
  'prod @3 21600 pixelHeight',
  'sum @0 0 1',
  'prod @6 1 2',
  'prod @7 21600 pixelWidth',
  'sum @8 21600 0',
  'prod @7 21600 pixelHeight',
  'sum @10 21600 0',
]
const PICTURE_TYPE =
  '<v:shapetype id="_x0000_t75" coordsize="21600,21600" o:spt="75" o:preferrelative="t" path="m@4@5l@4@11@9@11@9@5xe"' +
  ` filled="f" stroked="f"><v:stroke joinstyle="miter"/><v:formulas>${EQUATIONS.map((eqn) => `<v:f eqn="${eqn}"/>`).join('')}` +
  '</v:formulas><v:path o:extrusionok="f" gradientshapeok="t" o:connecttype="rect"/><o:lock v:ext="edit" aspectratio="t"/></v:shapetype>'
