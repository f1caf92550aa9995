/**
 * The limit on tenants (テナントの制限): the makers let a proxy write into every request to their login hosts which tenants may be signed in to. Whatever a client wrote there itself goes.
 */
import { MAKER_FIELDS } from '@sekisho/town'
import type { Field } from '../inside/passed-on.ts'

/** The request's fields with those of the gate in place of the client's. Names are in lower case, so that no letter case gets past. */
export function withTenantFields(
  fields: readonly Field[],
  writes: readonly Field[],
): readonly Field[] {
  const ours = new Set([...MAKER_FIELDS, ...writes.map(([name]) => name)])
  const others = fields.filter(([name]) => !ours.has(name))
  if (writes.length === 0) return others
  // The answer is looked at for a tenant that was turned away; packed, it could not be.
  const plain = others.filter(([name]) => name !== 'accept-encoding')
  return [...plain, ['accept-encoding', 'identity'], ...writes]
}
