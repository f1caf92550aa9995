import { diffEditions } from '@sekisho/town'
import { expect, it } from 'vitest'
import { DAY, kasumi } from '../../assess/src/town.test-support.ts'
import { editionDiffWorkbook } from './edition-diff.ts'
import { expectFixedPoint, tableOf } from './excel/held.test-support.ts'
import { subject } from './roadmap/roadmap.test-support.ts'

const found = diffEditions(kasumi(), 'R4.3', 'R8.3', DAY)
const book = editionDiffWorkbook(found, subject)

it('is what our own gate would make of it, byte for byte', () => expectFixedPoint(book))

it('has every finding that comes or goes, under the id of the check', () => {
  expect(found.appear.length + found.vanish.length).toBeGreaterThan(0)
  const ids = tableOf(book, '変わる指摘').map((row) => `${row['動き']} ${row['番号']}`)
  const id = ({ rule, verified }: (typeof found.appear)[number]): string =>
    `${rule}${verified ? '' : '※'}`
  expect(ids).toEqual([
    ...found.appear.map((one) => `加わる ${id(one)}`),
    ...found.vanish.map((one) => `なくなる ${id(one)}`),
  ])
})

it('two editions that say the same are told to, not left blank', () => {
  const same = diffEditions(kasumi(), 'R8.3', 'R8.3', DAY)
  const [row] = tableOf(editionDiffWorkbook(same, subject), '変わる指摘')
  expect(row?.['指摘']).toBe('変わる指摘はありません。')
})

it('says what changed in the guideline, and where that touches this town', () => {
  const rows = tableOf(book, '版で変わる決まり')
  expect(rows.length).toBeGreaterThan(0)
  const touched = new Set([...found.appear, ...found.vanish].map(({ rule }) => rule))
  for (const row of rows)
    expect([row['番号'], row['このまち'] !== '']).toEqual([
      row['番号'],
      touched.has((row['番号'] ?? '').replace('※', '')),
    ])
})
