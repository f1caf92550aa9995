import type { Packet } from '../space/space.ts'
import { permitBoxes } from './expect.ts'
import type { Declared, Permit } from './permit.ts'

/** The permit by which a packet is declared, on its way there or back; `undefined` when none is. */
export function declares(declared: Declared, packet: Packet): Permit | undefined {
  return declared.permits.find((permit) =>
    permitBoxes(permit).some((box) =>
      box.every(([field, spans]) => {
        const key = packet[field]
        return spans.some(({ from, until }) => from <= key && (until === undefined || key < until))
      }),
    ),
  )
}
