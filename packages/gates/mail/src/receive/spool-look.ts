/**
 * A look at a spool from outside: another process has it open, so nothing is written and nothing cleared.
 */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ENDING, SPOOL_ID } from './spool.ts'

export interface SpoolLook {
  readonly count: number
  readonly bytes: number
  /** ISO 8601, when the oldest message began to come; absent for none. */
  readonly oldest?: string
  /** Files that are not whole, kept aside for a person. */
  readonly damaged: number
}

/** @returns `undefined` when there is no spool yet */
export async function lookAtSpool(folder: string): Promise<SpoolLook | undefined> {
  const names = await readdir(join(folder, 'mail')).catch(() => undefined)
  if (names === undefined) return undefined
  const ids = names
    .filter((name) => name.endsWith(ENDING))
    .map((name) => name.slice(0, -ENDING.length))
    .filter((id) => SPOOL_ID.test(id))
    .toSorted()
  // A message may be handed on while we look.
  const sizes = await Promise.all(
    ids.map((id) =>
      stat(join(folder, 'mail', id + ENDING)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  )
  const damaged = await readdir(join(folder, 'damaged')).catch(() => [])
  const [oldest] = ids
  return {
    count: ids.length,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    damaged: damaged.length,
    ...(oldest === undefined ? {} : { oldest: momentOf(oldest) }),
  }
}

/** `20270401T090000000Z-…` → `2027-04-01T09:00:00.000Z`. */
function momentOf(id: string): string {
  return id.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-.*$/u, '$1-$2-$3T$4:$5:$6.$7Z')
}
