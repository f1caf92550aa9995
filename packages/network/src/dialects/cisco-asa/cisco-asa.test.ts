import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTown } from '@sekisho/town'
import { it, expect } from 'vitest'
import { noon } from '../../declared/day.ts'
import { declare } from '../../declared/declare.ts'
import { prove } from '../../prove/prove.ts'
import { withhold } from '../dialect.ts'
import { readCiscoAsa } from './read.ts'
import { lacksOf } from './supports.ts'
import { writeCiscoAsa } from './write.ts'
it('x', () => {
  const read = readTown(
    readFileSync(join(import.meta.dirname, '../../../../../examples/kasumi/town.yaml'), 'utf8'),
  )
  if (!read.ok) throw new Error()
  const declared = declare(read.town, { at: '2026-11-25' })
  const { files } = writeCiscoAsa(declared)
  const p = prove(
    withhold(declared, lacksOf).declared,
    readCiscoAsa(Object.values(files)[0]!, { at: noon(declared.at) }),
  )
  console.log(JSON.stringify(p, (_, v) => (typeof v === 'bigint' ? String(v) : v)).slice(0, 1500))
  expect(p.kind).toBe('equal')
})
