import { createHash } from 'node:crypto'
import type { AddressRange } from '../declared/ranges.ts'
import { rangeText } from '../declared/text.ts'

/**
 * Texts for machines of other makers are ASCII and hold ids, never names. A Cisco line takes seven bits of each byte unless told otherwise
 * (`exec-character-bits`, IOS Terminal Services Command Reference), so that the second byte of «č» arrives as a carriage return: a name pasted within a
 * comment could end it and go on as a command.
 */
export const ascii = (text: string): string => text.replaceAll(/[^A-Za-z0-9._-]/gu, '_')

/** A name of at most `most` characters, from these and no others; what had to be changed or cut carries a digest, so that two never become one. */
export function nameWithin(most: number, text: string): string {
  const plain = ascii(text)
  if (plain === text && text.length <= most) return text
  return `${plain.slice(0, most - 9)}-${digestOf(text)}`
}

/** Eight hexadecimal digits that stand for a text. */
export const digestOf = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 8)

/** The name of an object that holds these addresses, made of nothing but them: loaded again, it is the same, and another never gets its name. */
export const addressName = (most: number, range: AddressRange): string =>
  nameWithin(most, `sks-${rangeText(range).replace('/', '_').replaceAll(':', '.')}`)
