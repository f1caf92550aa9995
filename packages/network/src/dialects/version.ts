import type { Declared } from '../declared/permit.ts'
import { ascii, digestOf } from './ascii.ts'

/**
 * What stands in the names of lists that a machine only ever adds to: the day, and a digest of what is open. The same is written for the same, whatever the order
 * of the declaration and whatever else of the town has changed.
 */
export function versionOf({ at, plugs, permits }: Declared): string {
  const open = permits.map(({ flow, protocol, ports, from, to, expires }) => {
    return [flow.id, protocol, ports, from, to, expires ?? '']
  })
  // What is behind a plug opens nothing.
  const wires = plugs.map(({ name, zone, senders }) => ({ name, zone, senders }))
  const text = JSON.stringify([at, wires, open], (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  )
  return `${ascii(at).replaceAll('-', '')}-${digestOf(text)}`
}
