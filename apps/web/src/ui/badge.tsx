import { Icon } from './icon.tsx'
import type { Shape } from './icon.tsx'

export type Tone = 'good' | 'wait' | 'bad' | 'plain'

const TONES: Readonly<Record<Tone, string>> = {
  good: 'border-success-2 text-success-2',
  wait: 'border-warning-orange-2 text-warning-orange-2',
  bad: 'border-error-2 text-error-2',
  plain: 'border-solid-gray-600 text-solid-gray-700',
}

/** A state as word, shape and colour, in that order of importance. */
export function Badge(props: {
  readonly tone: Tone
  readonly shape: Shape
  readonly children: string
}) {
  return (
    <span
      data-badge={props.tone}
      className={`text-dns-14B-130 rounded-6 inline-flex items-center gap-1 border-2 bg-white px-2 py-1 whitespace-nowrap ${TONES[props.tone]}`}
    >
      <Icon shape={props.shape} />
      {props.children}
    </span>
  )
}
