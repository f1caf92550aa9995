import { existsSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Where the mail gate keeps what it holds.
 *
 * @param data folder of `sekisho serve --data`, with both sides in it, or of one side alone
 */
export function mailPlaces(data: string): { readonly spool: string; readonly queue: string } {
  return { spool: placeOf(data, 'low', 'mail'), queue: placeOf(data, 'high', 'mail.sqlite') }
}

function placeOf(data: string, side: 'low' | 'high', name: string): string {
  const alone = join(data, name)
  return existsSync(alone) ? alone : join(data, side, name)
}
