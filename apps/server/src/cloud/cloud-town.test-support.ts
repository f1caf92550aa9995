/** For tests and benches: the town of `corpus/cloud` on disk, with keys of this run and lists in force today. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { keepApproval, keepImport } from '@sekisho/gates/web'
import { daysAfter, todayInJapan } from '@sekisho/town'
import {
  cloudTownText,
  held,
  microsoft365,
  ownList,
} from '../../../../packages/gates/web/src/destination/destination.test-support.ts'
import type { TownChange } from '../../../../packages/gates/web/src/destination/destination.test-support.ts'

export interface CloudTown {
  readonly town: string
  readonly lists: string
  /** Whoever comes from the loopback is s0001. */
  readonly addresses: string
}

/** @param at when the lists were imported and approved */
export async function writeCloudTown(
  folder: string,
  change: TownChange = {},
  at: Date = new Date(),
): Promise<CloudTown> {
  const places = {
    town: join(folder, 'town.yaml'),
    lists: join(folder, 'lists'),
    addresses: join(folder, 'addresses'),
  }
  await mkdir(folder, { recursive: true })
  const expires = daysAfter(todayInJapan(at), 365)
  await writeFile(places.town, cloudTownText({ expires, ...change }))
  await writeFile(places.addresses, '127.0.0.1 s0001\n')
  for (const list of [microsoft365(), ownList('updates')]) {
    const { imported, approved } = held(list, at.toISOString())
    await keepImport(places.lists, list, imported)
    await keepApproval(places.lists, list, approved ?? '')
  }
  return places
}
