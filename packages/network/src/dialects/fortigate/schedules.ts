import { japanese } from '../../declared/day.ts'
import type { Node } from './syntax.ts'

/** Whether a schedule holds at an instant; `maybe` when it comes and goes. */
export function scheduleHolds(
  root: Node,
  names: readonly string[],
  at: number,
): 'yes' | 'no' | 'maybe' | 'unread' {
  const [name, ...more] = names
  if (name === undefined || more.length > 0) return 'unread'
  const once = root.tables.get('firewall schedule onetime')?.entries.get(name)
  if (once) {
    const start = instant(once.sets.get('start'))
    const end = instant(once.sets.get('end'))
    if (start === undefined || end === undefined) return 'unread'
    return start <= at && at <= end ? 'yes' : 'no'
  }
  const again = root.tables.get('firewall schedule recurring')?.entries.get(name)
  if (name === 'always' || name === 'none') return factory(name, again)
  const group = root.tables.get('firewall schedule group')?.entries.get(name)
  return again || group ? 'maybe' : 'unread'
}

/** The two that are there from the factory, as long as nobody changed what they are. */
function factory(name: 'always' | 'none', entry: Node | undefined): 'yes' | 'no' | 'maybe' {
  const days = entry?.sets.get('day')?.join(' ')
  const hours = entry?.sets.has('start') === true || entry?.sets.has('end') === true
  if (name === 'none') return days === undefined || days === 'none' ? 'no' : 'maybe'
  const all = days === undefined || WEEK.every((day) => days.includes(day))
  return all && !hours ? 'yes' : 'maybe'
}

const WEEK = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

/** `hh:mm yyyy/mm/dd` in Japan, in seconds since 1970. */
function instant(words: readonly string[] | undefined): number | undefined {
  const [, hour, minute, year, month, day] =
    /^(\d{2}):(\d{2}) (\d{4})\/(\d{1,2})\/(\d{1,2})$/u.exec(words?.join(' ') ?? '') ?? []
  if (day === undefined) return undefined
  return japanese(Number(year), Number(month), Number(day), Number(hour), Number(minute))
}
