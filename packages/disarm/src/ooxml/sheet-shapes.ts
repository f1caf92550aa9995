import { readTree } from '../xml/tree.ts'
import { escapeText } from '../xml/write.ts'
import { CONTROL_KINDS, controlShape } from './control-shape.ts'
import type { LegacyShape } from './legacy.ts'
import { anchorOf, textBelow } from './legacy.ts'
import { attributeOf, isElement } from './scope.ts'
import type { Scope } from './scope.ts'
import { transitionalName } from './strict.ts'
import { vmlPart } from './vml-part.ts'

/**
 * Draws the boxes of cell comments and the form controls of a sheet anew. Excel keeps them in VML beside controls of other makers and
 * objects; nothing of that VML is copied. Of a comment only eight numbers are read, of a control what `controlShape` knows.
 *
 * @param comments the comments part; absent when the sheet has none
 * @returns `undefined` when there is nothing to draw
 */
export function sheetShapes(
  comments: Uint8Array | undefined,
  legacy: readonly LegacyShape[],
  scope: Pick<Scope, 'book' | 'drop'>,
): Uint8Array | undefined {
  const notes = readNotes(legacy)
  const cells = comments === undefined ? [] : readCells(comments)
  const boxes = cells.map((cell) => (id: string) => noteShape(cell, id, notes))
  const controls = legacy
    .filter(({ kind }) => CONTROL_KINDS.has(kind))
    .flatMap((shape) => controlShape(shape, scope) ?? [])
  const shapes = [...boxes, ...controls]
  if (shapes.length === 0) return undefined
  const types = (boxes.length > 0 ? NOTE_TYPE : '') + (controls.length > 0 ? CONTROL_TYPE : '')
  return vmlPart(types, shapes)
}

const NOTE_TYPE =
  '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">' +
  '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
const CONTROL_TYPE =
  '<v:shapetype id="_x0000_t201" coordsize="21600,21600" o:spt="201" path="m,l,21600r21600,l21600,xe">' +
  '<v:stroke joinstyle="miter"/><v:path shadowok="f" o:extrusionok="f" strokeok="f" fillok="f" o:connecttype="rect"/>' +
  '<o:lock v:ext="edit" shapetype="t"/></v:shapetype>'

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
  const root = readTree(bytes, transitionalName)
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

/** The old boxes by `row column`. */
function readNotes(legacy: readonly LegacyShape[]): ReadonlyMap<string, Note> {
  const notes = new Map<string, Note>()
  for (const { kind, data } of legacy) {
    const anchor = kind === 'Note' && data ? anchorOf(data) : undefined
    if (!data || anchor === undefined) continue
    const key = `${textBelow(data, 'Row').trim()} ${textBelow(data, 'Column').trim()}`
    const visible = data.children.some((child) => isElement(child) && child.local === 'Visible')
    notes.set(key, { anchor, visible })
  }
  return notes
}

function noteShape(cell: Cell, id: string, notes: ReadonlyMap<string, Note>): string {
  const note = notes.get(`${cell.row} ${cell.column}`)
  const right = cell.column + 1
  const anchor =
    note?.anchor ??
    `${right}, 15, ${Math.max(0, cell.row - 1)}, 10, ${right + 2}, 15, ${cell.row + 3}, 4`
  const visibility = note?.visible ? '' : ';visibility:hidden'
  return (
    `<v:shape id="${id}" type="#_x0000_t202" style="position:absolute${visibility}"` +
    ` fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>` +
    `<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"/>` +
    `<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>${escapeText(anchor)}</x:Anchor>` +
    `<x:AutoFill>False</x:AutoFill><x:Row>${cell.row}</x:Row><x:Column>${cell.column}</x:Column>` +
    `${note?.visible ? '<x:Visible/>' : ''}</x:ClientData></v:shape>`
  )
}
