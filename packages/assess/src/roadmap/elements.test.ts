import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { modelDigest, readTown, readTownValue } from '@sekisho/town'
import { changesBetween } from './change.ts'
import { declarationOf, elementsOf, type Declaration } from './elements.ts'
import { smallTown } from './small-towns.test-support.ts'

const KASUMI = new URL('../../../../examples/kasumi/town.yaml', import.meta.url)

it('a town taken apart and put together again is the same town', () => {
  const read = readTown(readFileSync(KASUMI, 'utf8'))
  if (!read.ok) throw new Error('kasumi')
  const again = readTownValue(declarationOf(elementsOf(read.document.toJS() as Declaration)))
  expect(again.ok && modelDigest(again.town)).toBe(modelDigest(read.town))
})

it('each value of the small town, changed alone, is exactly one change', () => {
  const edits: Record<string, (town: ReturnType<typeof smallTown>) => void> = {
    'town.model': (town) => (town['town'].model = 'β'),
    'town.edition': (town) => (town['town'].edition = 'R7.3'),
    'town.about': (town) => (town['town'].staff = 11),
    'zones.lgwan': (town) => (town['zones'][1].wireless.used = false),
    'boundaries.lgwan-mynumber': (town) => (town['boundaries'][0].logDenied = false),
    'hosts.juki-cs': (town) => (town['systems'][0].hosts[0].name = '別の名前'),
    'systems.juki': (town) => (town['systems'][0].vendor = '別の事業者'),
    'organisation.logs': (town) => (town['organisation'].logs.retentionDays = 30),
    'controls.OP-04': (town) => (town['controls'][1].date = '2026-11-01'),
    'exceptions.old-os': (town) => town['exceptions'].pop(),
    'mail.mail-in': (town) => (town['gates'].mail[0].body = 'html'),
  }
  for (const [key, edit] of Object.entries(edits)) {
    const changed = smallTown()
    edit(changed)
    expect(changesBetween(smallTown(), changed).map(({ id }) => id)).toEqual([key])
  }
})

it('moved lines and keys in another order are no change', () => {
  const turned = smallTown()
  turned['flows'].reverse()
  turned['assets'] = turned['assets'].map((one: object) =>
    Object.fromEntries(Object.entries(one).toReversed()),
  )
  expect(changesBetween(smallTown(), turned)).toEqual([])
})
