import type { Place } from './destinations.ts'
import type { Instruction } from './field.ts'
import type { Picture } from './picture.ts'
import type { Reading } from './text.ts'
import type { Writer } from './writer.ts'

/** One open group of the input: what it is, and what it passes on to the groups inside. */
export interface Frame {
  place: Place
  /** What stands around it: where it is still unknown what the group is, this decides what it may be. */
  outer: Place
  reading: Reading
  /** Text that only the author sees (`\v`), and text that was struck out (`\deleted`). */
  hidden: boolean
  deleted: boolean
  /** An entry of an index or of a table of contents: always hidden, and nothing to report. */
  entry: boolean
  /** Opened by a word in the middle of a group; closes with that group. */
  readonly virtual: boolean
  /** Its destination is known; no word can make it another. */
  decided: boolean
  /** `\*` was read and its word not yet. */
  starred: boolean
  /** Whether the writer has a group for it. */
  grouped: boolean
  /** The writer outside of an instruction. */
  restore?: Writer
  field?: FieldState
  instruction?: Instruction
  picture?: Picture
  property?: PropertyState
}

export interface FieldState {
  instruction: 'none' | 'kept' | 'dropped'
  resulted: boolean
}

export interface PropertyState {
  name: string
  value: string
  pictured: boolean
}
