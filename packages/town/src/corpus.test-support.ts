/** Town files the tests share. Golden cases are files an official could add to. */
import { readdirSync, readFileSync } from 'node:fs'
import { editTown, type Edit } from './edit.ts'
import { readTown, type TownReading } from './read.ts'

const ROOT = new URL('../../../', import.meta.url)

/** A file of the repository. */
export const fileText = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8')

/** Names of the files in a folder of the repository that end in `.yaml`. */
export const yamlFiles = (folder: string): readonly string[] =>
  readdirSync(new URL(folder, ROOT)).filter((name) => name.endsWith('.yaml'))

/** A day on which every dated thing in the examples is as its comments say. */
export const DAY = '2026-11-22'

/** A small town with nothing to mend. */
export const mendedText = (): string => fileText('corpus/town/mended/town.yaml')

/** Reads a town that must be readable. */
export function readable(text: string): TownReading {
  const read = readTown(text)
  if (!read.ok) throw new Error(read.problems.map((one) => `${one.line} ${one.message}`).join('\n'))
  return read
}

/** The small town after some edits; each edit must be possible. */
export function mendedWith(...edits: readonly Edit[]): string {
  const edited = editTown(mendedText(), edits)
  if (!edited.ok) throw new Error(edited.problems.map((one) => one.message).join('\n'))
  return edited.text
}

/** Reasons for which a text is not read, in order. */
export function reasonsOf(text: string): readonly string[] {
  const read = readTown(text)
  return read.ok ? [] : read.problems.map((one) => one.reason)
}
