/** What a resolver answered, against the ranges that the provider publishes. Whoever owns a name decides what it answers. */
import type { WebDestinationFacts } from '@sekisho/core'
import { contains, readAddress } from '@sekisho/town'
import type { AddressRange } from '@sekisho/town'
import { specialKind } from './special-ranges.ts'

export interface JudgedAddresses {
  readonly fact: WebDestinationFacts['addresses']
  /** Those that may be connected to, as they were answered; the connection goes to one of these literals and asks no resolver again. */
  readonly dial: readonly string[]
}

/**
 * Judges all answers together. One address that is not of the public Internet spoils them all: no provider answers with one, so somebody
 * else does. Of public ones only those in the published ranges may be used.
 *
 * @param seen `undefined` before the resolver was asked
 * @param own the gate's own addresses, however public
 */
export function judgeAddresses(
  seen: readonly string[] | undefined,
  ranges: readonly AddressRange[],
  own: readonly string[] = [],
): JudgedAddresses {
  if (seen === undefined) return { fact: 'not-yet', dial: [] }
  if (seen.length === 0) return { fact: 'none', dial: [] }
  const read = seen.map((text) => ({ text, address: readAddress(text) }))
  // What we cannot read (`::ffff:127.0.0.1`, a zone id) is no address of the public Internet.
  if (read.some(({ address }) => !address || specialKind(address) !== undefined))
    return { fact: 'special', dial: [] }
  const mine = own.flatMap((text) => readAddress(text) ?? [])
  if (read.some(({ address }) => mine.some((one) => contains(one, address!))))
    return { fact: 'own', dial: [] }
  if (ranges.length === 0) return { fact: 'unpublished', dial: seen }
  const inside = read.filter(({ address }) => ranges.some((range) => contains(range, address!)))
  return inside.length === 0
    ? { fact: 'outside', dial: [] }
    : { fact: 'inside', dial: inside.map(({ text }) => text) }
}
