import type { ReactNode } from 'react'
import { Icon } from './icon.tsx'

/**
 * A refusal in four lines, always in this order: what happened, why, what you can do now, the number for the help
 * desk. One component for every refusal of every screen.
 */
export function FourLines(props: {
  readonly what: ReactNode
  readonly why: ReactNode
  readonly cure: ReactNode
  /** What can be done at once, right here. */
  readonly deed?: ReactNode
  readonly last: ReactNode
  readonly labels: { readonly why: string; readonly cure: string }
  readonly live?: boolean
}) {
  return (
    <div
      data-four-lines=""
      role={props.live === true ? 'alert' : undefined}
      className="rounded-8 border-error-2 border-2 border-l-8 bg-white px-4 py-3"
    >
      <p className="text-std-16B-170 text-error-2 flex items-start gap-2">
        <span className="mt-1">
          <Icon shape="stop" />
        </span>
        <span>{props.what}</span>
      </p>
      <dl className="text-solid-gray-800 mt-1 grid gap-x-3 gap-y-1 sm:grid-cols-[7rem_1fr]">
        <dt className="text-std-16B-170">{props.labels.why}</dt>
        <dd>{props.why}</dd>
        <dt className="text-std-16B-170">{props.labels.cure}</dt>
        <dd>
          {props.cure}
          {props.deed}
        </dd>
      </dl>
      <p className="text-dns-14N-130 text-solid-gray-700 mt-2">{props.last}</p>
    </div>
  )
}
