import { inflateRawSync, inflateSync } from 'node:zlib'
import type { Budget } from './budget.ts'
import { Rejection, demand } from './rejection.ts'

/** What zlib gives with `info: true`; the type package does not know the option. */
interface Inflated {
  readonly buffer: Buffer
  readonly engine: { readonly bytesWritten: number }
}

/**
 * Inflates a stream that must end exactly at the end of `input`: bytes after a deflate stream are a hiding place.
 */
export function inflateExactly(
  input: Uint8Array,
  form: 'raw' | 'zlib',
  budget: Budget,
  where: string,
): Uint8Array {
  const inflate = form === 'raw' ? inflateRawSync : inflateSync
  let result: Inflated
  try {
    const options: object = { maxOutputLength: Math.max(1, budget.left), info: true }
    result = inflate(input, options) as unknown as Inflated
  } catch {
    throw new Rejection('VERIFY-DEFLATE', where)
  }
  demand(result.engine.bytesWritten === input.length, 'VERIFY-TRAILING', where)
  budget.spend(result.buffer.length, where)
  return result.buffer
}
