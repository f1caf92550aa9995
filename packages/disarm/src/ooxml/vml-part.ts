import { XML_HEADER } from '../xml/write.ts'

/** A VML part: its types of shapes, then the shapes, numbered from 1025 as Excel does. */
export function vmlPart(types: string, shapes: readonly ((id: string) => string)[]): Uint8Array {
  const blocks = Array.from(
    { length: Math.floor((FIRST_ID + shapes.length - 1) / BLOCK) },
    (_, index) => index + 1,
  )
  return new TextEncoder().encode(
    `${XML_HEADER}<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"` +
      ` xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">` +
      `<o:idmap v:ext="edit" data="${blocks.join(',')}"/></o:shapelayout>${types}` +
      `${shapes.map((shape, index) => shape(`_x0000_s${FIRST_ID + index}`)).join('')}</xml>`,
  )
}

const FIRST_ID = 1025
/** Numbers of shapes come in blocks that the part lists. */
const BLOCK = 1024
