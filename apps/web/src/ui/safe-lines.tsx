import type { ComponentProps } from 'react'
import { SafeName } from './safe-name.tsx'

/** Lines of a text that somebody else wrote. Each stands by itself, so that what turns the reading direction in one cannot reach the next. */
export function SafeLines(props: {
  readonly lines: readonly ComponentProps<typeof SafeName>['parts'][]
}) {
  return props.lines.map((parts, index) => (
    // Lines of one text never move.
    <span key={index} className="block min-h-[1lh]">
      <SafeName parts={parts} running />
    </span>
  ))
}
