import type { Block } from './cisco-blocks.ts'
import { instantOf } from './cisco-words.ts'

/**
 * Whether a time range holds; `maybe` when it comes and goes.
 *
 * @param ranges the commands of that name; `undefined` when there is none
 * @param at seconds since 1970
 */
export function timeRangeHolds(
  ranges: readonly Block[] | undefined,
  at: number,
): 'yes' | 'no' | 'maybe' | 'unread' {
  if (!ranges) return 'unread'
  const lines = ranges.flatMap(({ inner }) => inner).filter(([word]) => word !== 'exit')
  if (lines.some(([word]) => word !== 'absolute' && word !== 'periodic')) return 'unread'
  for (const [word, ...rest] of lines) {
    if (word !== 'absolute') continue
    const end = rest.indexOf('end')
    const [from, until] = [
      rest[0] === 'start' ? instantOf(rest.slice(1, 5)) : -Infinity,
      end < 0 ? Infinity : instantOf(rest.slice(end + 1)),
    ]
    if (from === undefined || until === undefined) return 'unread'
    if (at < from || at > until) return 'no'
  }
  return lines.some(([word]) => word === 'periodic') ? 'maybe' : 'yes'
}
