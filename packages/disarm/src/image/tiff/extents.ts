import type { Context } from '../../family.ts'
import { reportLeftover } from '../leftover.ts'

/** Bytes of the file that mean something: a directory, a value, a strip. */
export interface Extent {
  readonly at: number
  readonly size: number
}

/** Reports what lies between and behind all `extents`: an archive behind the last strip, a script between two directories. */
export function reportGaps(
  bytes: Uint8Array,
  extents: readonly Extent[],
  context: Context,
  where: string,
): void {
  let covered = 0
  for (const { at, size } of extents.toSorted((a, b) => a.at - b.at)) {
    if (at > covered) reportLeftover(context, bytes.subarray(covered, at), where)
    covered = Math.max(covered, at + size)
  }
  reportLeftover(context, bytes.subarray(covered), where)
}
