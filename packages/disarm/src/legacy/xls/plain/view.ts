import type { BiffRecord } from '../records.ts'
import { columnName } from './formula.ts'
import { element } from './markup.ts'

const WINDOW = 0x23e
const PANE = 0x41
const ZOOM = 0xa0

/** How a sheet is looked at: grid, zoom, frozen panes. */
export function viewMarkup(records: readonly BiffRecord[], selected: boolean): string {
  const dataOf = (type: number) => records.find((record) => record.type === type)?.data
  const short = (data: Uint8Array, at: number) => (data[at] ?? 0) | ((data[at + 1] ?? 0) << 8)
  const window = dataOf(WINDOW) ?? Uint8Array.of(0xb6, 0)
  const zoom = dataOf(ZOOM)
  const flags = short(window, 0)
  const scale = zoom ? Math.round((short(zoom, 0) * 100) / Math.max(1, short(zoom, 2))) : 100
  return element(
    'sheetView',
    {
      ...(flags & 0x01 ? { showFormulas: 1 } : {}),
      ...(flags & 0x02 ? {} : { showGridLines: 0 }),
      ...(flags & 0x04 ? {} : { showRowColHeaders: 0 }),
      ...(flags & 0x10 ? {} : { showZeros: 0 }),
      ...(flags & 0x40 ? { rightToLeft: 1 } : {}),
      ...(selected ? { tabSelected: 1 } : {}),
      ...(flags & 0x800 ? { view: 'pageBreakPreview' } : {}),
      ...(scale >= 10 && scale <= 400 && scale !== 100 ? { zoomScale: scale } : {}),
      workbookViewId: 0,
    },
    flags & 0x08 ? paneMarkup(dataOf(PANE), short) : '',
  )
}

/** Frozen rows and columns; a split that is not frozen is left open. */
function paneMarkup(
  pane: Uint8Array | undefined,
  short: (data: Uint8Array, at: number) => number,
): string {
  if (!pane) return ''
  const [columns, rows] = [short(pane, 0), short(pane, 2)]
  if (columns > 255 || (columns === 0 && rows === 0)) return ''
  return element('pane', {
    ...(columns > 0 ? { xSplit: columns } : {}),
    ...(rows > 0 ? { ySplit: rows } : {}),
    topLeftCell: columnName(Math.min(255, short(pane, 6))) + String(short(pane, 4) + 1),
    activePane: columns > 0 && rows > 0 ? 'bottomRight' : columns > 0 ? 'topRight' : 'bottomLeft',
    state: 'frozen',
  })
}
