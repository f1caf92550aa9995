import type { ReactNode } from 'react'

/** Names and values in two columns; one column on a phone. */
export function Facts(props: {
  readonly rows: readonly { readonly name: string; readonly value: ReactNode }[]
}) {
  return (
    <dl className="grid gap-x-4 gap-y-1 sm:grid-cols-[12rem_1fr]">
      {props.rows.map((row) => (
        <div key={row.name} className="contents">
          <dt className="text-std-16B-170">{row.name}</dt>
          <dd className="mb-2 min-w-0 sm:mb-0">{row.value}</dd>
        </div>
      ))}
    </dl>
  )
}
