import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTown } from '@sekisho/town'
import { it, expect } from 'vitest'
import { noon } from '../../declared/day.ts'
import { declare } from '../../declared/declare.ts'
import { prove } from '../../prove/prove.ts'
import { withhold } from '../dialect.ts'
import { readFortigate } from './read.ts'
import { lacksOf } from './supports.ts'
import { writeFortigate } from './write.ts'
it('x', () => {
  const read = readTown(
    readFileSync(join(import.meta.dirname, '../../../../../examples/kasumi/town.yaml'), 'utf8'),
  )
  if (!read.ok) throw new Error()
  const declared = declare(read.town, { at: '2026-11-25' })
  const { files, notSupported } = writeFortigate(declared)
  console.log(Object.values(files)[0]!.slice(0, 6000), notSupported.length, declared.permits.length)
  const p = prove(
    withhold(declared, lacksOf).declared,
    readFortigate(Object.values(files)[0]!, { at: noon(declared.at) }),
  )
  console.log(p)
  expect(p.kind).toBe('equal')
})
