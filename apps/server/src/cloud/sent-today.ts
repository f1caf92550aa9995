/** What each person has sent today, told by the record: whoever sent all they may before a restart does not begin anew. */
import type { IsoDate } from '@sekisho/core'
import type { Sent } from '@sekisho/gates/web'
import { readRequests } from './read-requests.ts'

/** @param folder of the requests */
export async function sentToday(folder: string, day: IsoDate): Promise<readonly Sent[]> {
  const sent: Sent[] = []
  /** Of connections that have not ended: what their requests sent, by the number of the connection. */
  const open = new Map<string, Sent[]>()
  await readRequests(
    folder,
    ({ kind, number, within, client, service, up }) => {
      if (typeof client !== 'string' || typeof service !== 'string') return
      const one = { day, person: client, service, bytes: Number(up) }
      if (kind === 'request' && typeof within === 'string')
        open.set(within, [...(open.get(within) ?? []), one])
      if (kind !== 'ended') return
      // It says all that its requests said, and what was joined to it.
      open.delete(String(number))
      sent.push(one)
    },
    `${day}.jsonl`,
  )
  return [...sent, ...[...open.values()].flat()]
}
