import { Refusal } from '../family.ts'
import { readTree } from '../xml/tree.ts'
import type { XmlElement } from '../xml/read.ts'
import { XML_HEADER } from '../xml/write.ts'
import type { Package } from './package.ts'
import { attributeOf, isElement, textOf } from './scope.ts'

/**
 * Draws the boxes of cell comments anew. Excel keeps them in VML beside controls, buttons with macros and objects; nothing
 * of that VML is copied. From the old drawing only eight numbers per comment are read: where its box was.
 *
 * `report` gets a rule for each other kind of shape that is gone.
 */
export function commentShapes(
  pack: Package,
  comments: string,
  drawing: string | undefined,
  report: (rule: string) => void,
): Uint8Array {
  const anchors = drawing === undefined ? new Map<string, Note>() : readNotes(pack, drawing, report)
  const shapes = readCells(pack.read(comments)).map((cell, index) => shapeOf(cell, index, anchors))
  return new TextEncoder().encode(
    `${XML_HEADER}<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"` +
      ` xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/>` +
      `</o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202"` +
      ` path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t"` +
      ` o:connecttype="rect"/></v:shapetype>${shapes.join('')}</xml>`,
  )
}

interface Cell {
  readonly row: number
  readonly column: number
}

interface Note {
  readonly anchor: string
  readonly visible: boolean
}

/** Excel's last cell is XFD1048576. */
const REFERENCE = /^([A-Z]{1,3})([1-9][0-9]{0,6})$/
const MAX_ROW = 1_048_576
const MAX_COLUMN = 16_384

function readCells(bytes: Uint8Array): Cell[] {
  const root = readTree(bytes)
  const list = root.children.filter(isElement).find(({ local }) => local === 'commentList')
  const comments = list?.children.filter(isElement) ?? []
  return comments.flatMap((comment) => cellOf(attributeOf(comment, 'ref') ?? '') ?? [])
}

function cellOf(reference: string): Cell | undefined {
  const match = REFERENCE.exec(reference)
  if (!match) return undefined
  let column = 0
  for (const letter of match[1] ?? '') column = column * 26 + letter.charCodeAt(0) - 64
  const row = Number(match[2])
  return row > MAX_ROW || column > MAX_COLUMN ? undefined : { row: row - 1, column: column - 1 }
}

const ANCHOR = /^[ \r\n]*(\d{1,7})(?:,[ \r\n]*(\d{1,7})){7}[ \r\n]*$/

/** The old boxes by `row column`. VML that is no XML (Excel writes `<br>` in controls) costs only the old places. */
function readNotes(
  pack: Package,
  drawing: string,
  report: (rule: string) => void,
): ReadonlyMap<string, Note> {
  const notes = new Map<string, Note>()
  for (const data of clientData(pack, drawing, report)) {
    if (attributeOf(data, 'ObjectType') !== 'Note') {
      report('OX-VML')
      continue
    }
    const anchor = textBelow(data, 'Anchor')
    if (!ANCHOR.test(anchor)) continue
    const key = `${textBelow(data, 'Row').trim()} ${textBelow(data, 'Column').trim()}`
    const visible = data.children.some((child) => isElement(child) && child.local === 'Visible')
    notes.set(key, { anchor: anchor.replace(/[ \r\n]/g, '').replaceAll(',', ', '), visible })
  }
  return notes
}

function clientData(pack: Package, drawing: string, report: (rule: string) => void): XmlElement[] {
  try {
    const root = readTree(pack.read(drawing))
    const shapes = root.children.filter(isElement)
    return shapes
      .flatMap((shape) => shape.children.filter(isElement))
      .filter(({ local }) => local === 'ClientData')
  } catch (error) {
    if (!(error instanceof Refusal) || !error.reason.startsWith('OX-XML')) throw error
    report('OX-VML')
    return []
  }
}

function textBelow(element: XmlElement, local: string): string {
  const found = element.children.filter(isElement).find((child) => child.local === local)
  return found ? textOf(found) : ''
}

function shapeOf(cell: Cell, index: number, notes: ReadonlyMap<string, Note>): string {
  const note = notes.get(`${cell.row} ${cell.column}`)
  const right = cell.column + 1
  const anchor =
    note?.anchor ??
    `${right}, 15, ${Math.max(0, cell.row - 1)}, 10, ${right + 2}, 15, ${cell.row + 3}, 4`
  const visibility = note?.visible ? '' : ';visibility:hidden'
  return (
    `<v:shape id="_x0000_s${1025 + index}" type="#_x0000_t202" style="position:absolute${visibility}"` +
    ` fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>` +
    `<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"/>` +
    `<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>${anchor}</x:Anchor>` +
    `<x:AutoFill>False</x:AutoFill><x:Row>${cell.row}</x:Row><x:Column>${cell.column}</x:Column>` +
    `${note?.visible ? '<x:Visible/>' : ''}</x:ClientData></v:shape>`
  )
}
