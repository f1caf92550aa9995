/** Writes `schema/cloud-list.schema.json`, which editors complete a list of destinations with. */
import { writeFileSync } from 'node:fs'
import { ownListSchema } from './src/lists/own-list.ts'

writeFileSync(
  new URL('../../../schema/cloud-list.schema.json', import.meta.url),
  `${JSON.stringify(ownListSchema(), undefined, 2)}\n`,
)
