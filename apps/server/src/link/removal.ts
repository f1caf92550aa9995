/**
 * What the low side may say that a disarmer did: rule ids, counts and places of a small alphabet, never text of a file.
 */
import type { Removal } from '@sekisho/core'
import { shape, text, whole } from '../shape.ts'

export const REPORT_RULE = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/
const PLACE = /^[A-Za-z0-9 ._:/#-]{0,80}$/
/** A type of file as the disarmer names it; empty for none. */
export const DISARM_TYPE = /^[a-z0-9-]{0,16}$/

export const readRemoval = shape<Removal>({
  rule: text(64, REPORT_RULE),
  count: whole(1, 10_000_000),
  where: text(80, PLACE),
})
