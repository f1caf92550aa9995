import type { ReactNode } from 'react'
import { Icon } from './icon.tsx'
import type { Shape } from './icon.tsx'
import type { Tone } from './badge.tsx'

const TONES: Readonly<Record<Tone, string>> = {
  good: 'border-success-2 text-success-2',
  wait: 'border-warning-orange-2 text-warning-orange-2',
  bad: 'border-error-2 text-error-2',
  plain: 'border-key-900 text-key-900',
}
const SHAPES: Readonly<Record<Tone, Shape>> = {
  good: 'check',
  wait: 'hold',
  bad: 'stop',
  plain: 'notice',
}

/** A message about the page as a whole. `live` reads it out when it appears. */
export function Banner(props: {
  readonly tone: Tone
  readonly title: string
  readonly live?: boolean
  readonly children?: ReactNode
}) {
  return (
    <div
      role={props.live === true ? 'alert' : undefined}
      className={`rounded-8 my-4 border-2 bg-white p-4 ${TONES[props.tone]}`}
    >
      <p className="text-std-16B-170 flex items-start gap-2">
        <span className="mt-1">
          <Icon shape={SHAPES[props.tone]} />
        </span>
        <span className="text-solid-gray-800">{props.title}</span>
      </p>
      {props.children !== undefined && (
        <div className="text-solid-gray-800 mt-1 pl-7">{props.children}</div>
      )}
    </div>
  )
}
