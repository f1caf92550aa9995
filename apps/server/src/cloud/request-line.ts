/** One line of the record: canonical, and made a million times a day. */
import { canonical } from '@sekisho/town'

/** Keys of the entries that were written so far, in the order of a canonical line. The code knows few sets of them. */
const orders = new Map<string, readonly string[] | undefined>()

/** The same text as `canonical` gives. An entry of words and numbers is put in order once for each set of keys. */
export function requestLine(entry: Readonly<Record<string, unknown>>): string {
  const order = orderOf(Object.keys(entry))
  if (!order) return canonical(entry)
  const sorted: Record<string, unknown> = {}
  for (const key of order) {
    const value = entry[key]
    if (typeof value !== 'string' && typeof value !== 'number') return canonical(entry)
    sorted[key] = value
  }
  return JSON.stringify(sorted)
}

/** `undefined` for keys of which an object would not keep the order, as numbers. */
function orderOf(keys: readonly string[]): readonly string[] | undefined {
  const set = keys.join()
  if (orders.has(set)) return orders.get(set)
  const order = keys.every((key) => /^[a-z]+$/iu.test(key)) ? keys.toSorted() : undefined
  orders.set(set, order)
  return order
}
