/** Alerts about the gate itself: a list that soon lets nothing through, a cut that is still in force, a record that does not hold. */
import type { IsoDate, WebWatch } from '@sekisho/core'
import type { ListStanding } from '../lists/standing.ts'
import { alertOf } from './alert.ts'
import type { Alert } from './alert.ts'

const DAY_MS = 86_400_000

export interface GateState {
  /** Today in Japan. */
  readonly today: IsoDate
  readonly now: string
  readonly listDays: number
  readonly standings: ReadonlyMap<string, ListStanding>
  readonly cuts: readonly { readonly service: string; readonly by: string; readonly at: string }[]
  /** Where the record does not hold. */
  readonly broken?: { readonly file: string; readonly line: number }
}

export function standingAlerts(state: GateState, { listDaysLeft }: WebWatch): readonly Alert[] {
  const { today: day, now, standings, cuts, broken, listDays } = state
  const nothing = { day, since: now, person: '', department: '', from: '', service: '' }
  const none = { ...nothing, count: 0, bytes: 0, usual: 0, names: [] }
  const lists = [...standings].flatMap(([list, standing]) => {
    const left = 'age' in standing ? listDays - standing.age : 0
    if (standing.state === 'usable' && left > listDaysLeft) return []
    const usable = standing.state === 'usable'
    const version = 'list' in standing ? standing.list.version : ''
    // The day from which one is told, of a list that somebody imported.
    const begin = 'record' in standing ? standing.record.at : now
    const since = usable
      ? new Date(Date.parse(begin) + (listDays - listDaysLeft) * DAY_MS).toISOString()
      : begin
    const fields = { ...none, rule: 'WATCH-LIST' as const, names: [list], day: '', since }
    return [alertOf({ ...fields, count: usable ? left : 0 }, [list, version, standing.state])]
  })
  const cut = cuts.map(({ service, by, at }) =>
    alertOf({ ...none, rule: 'WATCH-CUT', day: '', since: at || now, service, names: [by] }, [at]),
  )
  const record = broken
    ? [
        alertOf(
          { ...none, rule: 'WATCH-RECORD', day: '', count: broken.line, names: [broken.file] },
          [broken.file, broken.line],
        ),
      ]
    : []
  // Bound to what they are about, not to the day on which they are looked at.
  return [...record, ...cut, ...lists].map((alert) => ({ ...alert, day }))
}
