import { japanese } from '../../declared/day.ts'
import { nodeAt, valuesAt } from './syntax.ts'
import type { Node } from './syntax.ts'

/** Whether a schedule holds at an instant; `maybe` when it comes and goes. */
export function scheduleHolds(
  root: Node,
  names: readonly string[],
  at: number,
): 'yes' | 'no' | 'maybe' | 'unread' {
  const [name] = names
  if (name === undefined) return 'yes'
  const schedule = nodeAt(root, ['schedule', name, 'schedule-type'])
  if (names.length > 1 || schedule?.kids.size !== 1) return 'unread'
  if (schedule.kids.has('recurring')) return 'maybe'
  const times = valuesAt(schedule, 'non-recurring').map(fromTo)
  if (times.length === 0 || times.some((one) => one === undefined)) return 'unread'
  return times.some((one) => one![0] <= at && at <= one![1]) ? 'yes' : 'no'
}

/** `2001/01/01@00:00-2027/03/31@23:59` in Japan, in seconds since 1970. */
function fromTo(text: string): readonly [number, number] | undefined {
  const [from, until, ...more] = text.split('-').map(instant)
  return from !== undefined && until !== undefined && more.length === 0 ? [from, until] : undefined
}

function instant(text: string): number | undefined {
  const [, year, month, day, hour, minute] =
    /^(\d{4})\/(\d{1,2})\/(\d{1,2})@(\d{2}):(\d{2})$/u.exec(text) ?? []
  if (minute === undefined) return undefined
  return japanese(Number(year), Number(month), Number(day), Number(hour), Number(minute))
}
