import { PREFECTURES, prefectureName } from '@sekisho/assess'
import type { PrefectureId, Summary } from '@sekisho/assess'
import { filled } from '../filled.ts'
import { BANDS, bandOf, filling } from './patterns.ts'
import { box, text, titled } from './svg.ts'
import { WORDS } from './words.ts'

const TILE = 58
const STEP = 61
const COLUMNS = 13
const ROWS = 12
/** Room between the edge of a tile, where its filling shows, and its words. */
const EDGE = 6

export const MAP = { width: COLUMNS * STEP, height: ROWS * STEP } as const

/** Column and row of each prefecture: neighbours stand together as far as squares allow. */
const PLACES: Readonly<Record<PrefectureId, readonly [column: number, row: number]>> = {
  '01': [12, 0],
  '02': [12, 1],
  '03': [12, 2],
  '04': [12, 3],
  '05': [11, 2],
  '06': [11, 3],
  '07': [12, 4],
  '08': [12, 5],
  '09': [11, 4],
  '10': [10, 4],
  '11': [11, 5],
  '12': [12, 6],
  '13': [11, 6],
  '14': [11, 7],
  '15': [10, 3],
  '16': [9, 4],
  '17': [8, 4],
  '18': [8, 5],
  '19': [10, 6],
  '20': [10, 5],
  '21': [9, 5],
  '22': [9, 6],
  '23': [8, 6],
  '24': [7, 7],
  '25': [7, 6],
  '26': [6, 6],
  '27': [5, 7],
  '28': [5, 6],
  '29': [6, 7],
  '30': [6, 8],
  '31': [4, 6],
  '32': [3, 6],
  '33': [4, 7],
  '34': [3, 7],
  '35': [2, 7],
  '36': [4, 9],
  '37': [4, 8],
  '38': [3, 8],
  '39': [3, 9],
  '40': [1, 7],
  '41': [0, 7],
  '42': [0, 8],
  '43': [0, 9],
  '44': [1, 8],
  '45': [1, 9],
  '46': [1, 10],
  '47': [0, 11],
}

/** The 47 prefectures as squares: how full each is filled says how little is met. */
export function tileMap({ places }: Summary, x: number, y: number): string {
  const known = new Map(places.map((one) => [one.place, one]))
  return PREFECTURES.map((id) => {
    const [column, row] = PLACES[id]
    return tile(id, known.get(id), x + column * STEP, y + row * STEP)
  }).join('')
}

type Known = Summary['places'][number]

function tile(id: PrefectureId, known: Known | undefined, x: number, y: number): string {
  const { picture } = WORDS
  const place = prefectureName(id)
  const name = text(x + TILE / 2, y + 19, shortName(place), { ...MIDDLE, 'font-weight': 'bold' })
  if (known === undefined)
    return titled(
      `${place}：${picture.emptyTile}`,
      box(x, y, TILE, TILE, { fill: '#fff', stroke: '#767676', 'stroke-dasharray': '2 3' }) +
        name +
        text(x + TILE / 2, y + 38, picture.emptyTile, { ...MIDDLE, 'font-size': 10 }),
    )
  const { bodies, unread, outcome } = known
  const share = shareWords(known)
  return titled(
    filled(picture.placeTitle, { place, bodies, unread, share }),
    frame(outcome?.share.median, x, y) +
      name +
      text(x + TILE / 2, y + 32, share, {
        ...MIDDLE,
        'font-size': outcome === undefined ? 9 : 13,
      }) +
      small(filled(picture.bodiesTile, { count: bodies }), x, y + 42) +
      (unread === 0 ? '' : small(filled(picture.unreadTile, { count: unread }), x, y + 51)),
  )
}

function shareWords({ bodies, outcome }: Known): string {
  if (outcome !== undefined) return `${outcome.share.median}％`
  return bodies === 0 ? WORDS.withheld : WORDS.picture.fewTile
}

const small = (words: string, x: number, y: number): string =>
  text(x + TILE / 2, y, words, { ...MIDDLE, 'font-size': 9 })

const MIDDLE = { 'text-anchor': 'middle', 'font-size': 12 } as const

/** Words stand on white, or a dense filling would hide them. */
function frame(share: number | undefined, x: number, y: number): string {
  const dashed = share === undefined ? { 'stroke-dasharray': '6 3' } : {}
  const fill = share === undefined ? '#fff' : filling(bandOf(share))
  const inner = TILE - 2 * EDGE
  return (
    box(x, y, TILE, TILE, { fill, stroke: '#333', ...dashed }) +
    box(x + EDGE, y + EDGE, inner, inner, { fill: '#fff' })
  )
}

/** 「東京」; 北海道 as it is. */
const shortName = (name: string): string =>
  name.endsWith('道') ? name : name.replace(/[都府県]$/u, '')

/** What the fillings of the tiles mean. */
export function mapLegend(x: number, y: number): string {
  const { picture } = WORDS
  const bands = BANDS.map(({ from, filling: name }, index) => {
    const until = index === 0 ? 100 : BANDS[index - 1]!.from - 1
    return { fill: filling(name), label: filled(picture.band, { from, until }), dash: 'none' }
  })
  const all = [
    ...bands,
    { fill: '#fff', label: picture.fewLegend, dash: '6 3' },
    { fill: '#fff', label: picture.emptyLegend, dash: '2 3' },
  ]
  return all
    .map(({ fill, label, dash }, index) => {
      const top = y + index * 22
      return (
        box(x, top, 26, 16, { fill, stroke: '#333', 'stroke-dasharray': dash }) +
        text(x + 34, top + 13, label, { 'font-size': 12 })
      )
    })
    .join('')
}
