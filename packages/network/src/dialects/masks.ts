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

/**
 * An address as machines print it (`inet_ntop`): the end of `::ffff:192.0.2.1` is IPv4 (RFC 4291 2.2). Here it is written out in groups, as a declaration has it.
 */
export function inGroups(text: string): string {
  const [, head = '', tail = '', rest = ''] =
    /^([0-9a-f:]*:)(\d{1,3}(?:\.\d{1,3}){3})(\/\d{1,3})?$/iu.exec(text) ?? []
  const four = tail === '' ? undefined : readRange(tail)
  if (!four) return text
  const groups = [four.first >> 16n, four.first & 0xff_ffn].map((one) => one.toString(16))
  return `${head}${groups.join(':')}${rest}`
}

/** A block whose address may have bits behind the prefix: the machine cuts them off. */
export function blockOf(text: string): AddressRange | undefined {
  const [address = '', length] = text.split('/')
  const read = readRange(inGroups(address))
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

/** Blocks that a mask with holes is written out as, at most. */
const MOST_BLOCKS = 4_096

/**
 * The addresses of `10.0.1.0 0.0.255.0`: a bit that is set in the wildcard may be anything, and the set bits need not stand together.
 *
 * @returns `many` when they are more blocks than anybody writes out, `undefined` when it is no wildcard
 */
export function wildcardRanges(
  address: string,
  wildcard: string,
): readonly AddressRange[] | 'many' | undefined {
  const [base, free] = [oneAddress(address), oneAddress(wildcard)]
  if (base === undefined || free === undefined) return undefined
  let tail = 0n
  while ((free & (1n << tail)) !== 0n) tail += 1n
  const size = 1n << tail
  const holes: bigint[] = []
  for (let bit = tail; bit < 32n; bit += 1n) if ((free & (1n << bit)) !== 0n) holes.push(1n << bit)
  if (1 << holes.length > MOST_BLOCKS || holes.length > 30) return 'many'
  let starts = [base - (base & free)]
  for (const hole of holes) starts = [...starts, ...starts.map((start) => start + hole)]
  return starts
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((first) => ({ family: 4, first, last: first + size - 1n }))
}

function oneAddress(text: string): bigint | undefined {
  const read = readRange(text)
  return read?.family === 4 && read.first === read.last && !text.includes('/')
    ? read.first
    : undefined
}
