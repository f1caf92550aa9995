/** Towns the tests share. */
import { readFileSync } from 'node:fs'
import { editTown, readTown, type Edit, type TownReading } from '@sekisho/town'

const ROOT = new URL('../../../', import.meta.url)

/** A day on which every dated thing in the examples is as its comments say. */
export const DAY = '2026-11-22'

const fileText = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8')

/** Reads a town that must be readable. */
export function readable(text: string): TownReading {
  const read = readTown(text)
  if (!read.ok) throw new Error(read.problems.map((one) => `${one.line} ${one.message}`).join('\n'))
  return read
}

/** The example town of 184 staff, after some edits. */
export const kasumi = (...edits: readonly Edit[]): TownReading =>
  readable(edited(fileText('examples/kasumi/town.yaml'), edits))

/** A small town with nothing to mend, after some edits. */
export const mended = (...edits: readonly Edit[]): TownReading =>
  readable(edited(fileText('corpus/town/mended/town.yaml'), edits))

function edited(text: string, edits: readonly Edit[]): string {
  if (edits.length === 0) return text
  const result = editTown(text, edits)
  if (!result.ok) throw new Error(result.problems.map((one) => one.message).join('\n'))
  return result.text
}
