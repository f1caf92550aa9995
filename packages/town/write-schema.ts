/** Writes `schema/town.schema.json`: `node packages/town/write-schema.ts`. */
import { writeFileSync } from 'node:fs'
import { townSchema } from './src/schema.ts'

const target = new URL('../../schema/town.schema.json', import.meta.url)
writeFileSync(target, `${JSON.stringify(townSchema(), undefined, 2)}\n`)
