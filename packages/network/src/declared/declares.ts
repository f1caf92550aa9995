import type { Packet } from '../space/space.ts'
import { permitBoxes } from './expect.ts'
import type { Box } from './expect.ts'
import type { Declared, Permit } from './permit.ts'

/** The permit by which a packet is declared, on its way there or back; `undefined` when none is. */
export function declares(declared: Declared, packet: Packet): Permit | undefined {
  return declared.permits.find((permit) => boxesOf(permit).some((box) => holds(box, packet)))
}

/** The permit to which a packet would belong, were it not for the MAC address of its sender. */
export function unboundly(permits: readonly Permit[], packet: Packet): Permit | undefined {
  return permits.find((permit) =>
    boxesOf(permit).some((box) =>
      holds(
        box.filter(([field]) => field !== 'sourceMac'),
        packet,
      ),
    ),
  )
}

/** A permit is asked about thousands of packets. */
const known = new WeakMap<Permit, readonly Box[]>()

function boxesOf(permit: Permit): readonly Box[] {
  const boxes = known.get(permit) ?? permitBoxes(permit)
  known.set(permit, boxes)
  return boxes
}

const holds = (box: Box, packet: Packet): boolean =>
  box.every(([field, spans]) => {
    const key = packet[field]
    return spans.some(({ from, until }) => from <= key && (until === undefined || key < until))
  })
