/** Addresses with a mask, as machines of other makers print them. */
import { readRange } from '@sekisho/town'
import type { AddressRange } from '../declared/ranges.ts'
import { addressText } from '../declared/text.ts'

/** The length of a mask such as 255.255.255.0; `undefined` when it has holes. */
export function maskLength(mask: string): number | undefined {
  const read = readRange(mask)
  if (read?.family !== 4 || read.first !== read.last) return undefined
  const bits = read.first.toString(2).padStart(32, '0')
  return /^1*0*$/u.test(bits) ? bits.lastIndexOf('1') + 1 : undefined
}

/** A block whose address may have bits behind the prefix: the machine cuts them off. */
export function blockOf(text: string): AddressRange | undefined {
  const [address = '', length] = text.split('/')
  const read = readRange(address)
  if (!read || length === undefined) return read
  if (!/^\d{1,3}$/u.test(length) || read.first !== read.last) return undefined
  const bits = BigInt(read.family === 4 ? 32 : 128) - BigInt(length)
  if (bits < 0n) return undefined
  const first = (read.first >> bits) << bits
  return { family: read.family, first, last: first + (1n << bits) - 1n }
}

/** 255.255.255.0 for 24; for `wildcard`, the other way round. */
export function maskText(length: number, wildcard = false): string {
  const mask = (1n << 32n) - (1n << BigInt(32 - length))
  return addressText(4, wildcard ? (1n << 32n) - 1n - mask : mask)
}
