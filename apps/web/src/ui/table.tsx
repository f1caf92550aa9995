import type { ReactNode } from 'react'

/**
 * A table with its caption; when it is wider than the screen it scrolls in its own frame, which the keyboard can
 * reach, and the page itself never scrolls sideways.
 */
export function Table(props: {
  readonly caption: string
  readonly head: readonly string[]
  /** The last column leads somewhere, which is of no use on paper. */
  readonly leads?: boolean
  /** Too many columns for a sheet: it is printed on its side. */
  readonly wide?: boolean
  readonly children: ReactNode
}) {
  return (
    <section
      aria-label={props.caption}
      // A scrolling frame must be reachable by keyboard (WCAG 2.1.1).
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className="border-solid-gray-420 overflow-x-auto border-y print:overflow-visible"
    >
      <table
        className={`text-dns-16N-130 paper-small w-full border-collapse ${props.leads === true ? 'paper-leads' : ''} ${props.wide === true ? 'paper-wide' : ''}`}
      >
        <caption className="sr-only">{props.caption}</caption>
        <thead>
          <tr className="bg-solid-gray-50 print:bg-white">
            {props.head.map((name) => (
              <th
                key={name}
                scope="col"
                className="text-dns-14B-130 border-solid-gray-420 border-b px-3 py-2 text-left whitespace-nowrap print:px-1"
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="[&>tr]:border-solid-gray-200 [&>tr]:border-b">{props.children}</tbody>
      </table>
    </section>
  )
}

export function Cell(props: { readonly children: ReactNode; readonly narrow?: boolean }) {
  return (
    <td
      className={`px-3 py-2 align-middle print:px-1 ${props.narrow === true ? 'whitespace-nowrap print:whitespace-normal' : ''}`}
    >
      {props.children}
    </td>
  )
}
