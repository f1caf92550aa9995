/**
 * Who may write in the name of the town: its people within their dates, and its sections.
 */
import type { IsoDate, Town } from '@sekisho/core'
import { addressKey } from '../receive/mailboxes.ts'
import type { SenderBox, Senders } from './route.ts'

interface Dated extends SenderBox {
  readonly from?: IsoDate
  readonly until?: IsoDate
}

type Named = Pick<Town, 'people' | 'departments'>

export function sendersOf({ people, departments }: Named): Senders {
  const boxes = [
    ...departments.flatMap(({ id, mail }) => boxOf('department', id, mail, {})),
    ...people.flatMap(({ id, mail, from, until }) =>
      boxOf('person', id, mail, { from, ...(until === undefined ? {} : { until }) }),
    ),
  ]
  const byKey = new Map(boxes.map((box) => [addressKey(box.address), box]))
  return {
    find(address, today) {
      const box = byKey.get(addressKey(address))
      if (!box || (box.from ?? today) > today || today > (box.until ?? today)) return undefined
      const { kind, id } = box
      return { address: box.address, kind, id }
    },
  }
}

function boxOf(
  kind: SenderBox['kind'],
  id: string,
  mail: string | undefined,
  dates: Pick<Dated, 'from' | 'until'>,
): readonly Dated[] {
  return mail === undefined ? [] : [{ address: mail, kind, id, ...dates }]
}
