import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Town } from '@sekisho/core'
import { readTown } from '@sekisho/town'

const ROOT = join(import.meta.dirname, '../../../..')

export const CORPUS = join(ROOT, 'corpus/network')

/** A town of `examples/` or of the corpus. */
export function townAt(place: string): Town {
  const read = readTown(readFileSync(join(ROOT, place), 'utf8'))
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.town
}

export const AT = '2026-11-25'
