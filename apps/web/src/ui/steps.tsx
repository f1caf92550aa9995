import { Fragment } from 'react'

/** The stations of one journey; the present one is bold, marked and announced as current. */
export function Steps(props: {
  readonly label: string
  readonly names: readonly string[]
  readonly current: number
  readonly doneWord: string
}) {
  return (
    <ol
      aria-label={props.label}
      className="text-dns-14N-130 flex flex-wrap items-center gap-x-1 gap-y-1"
    >
      {props.names.map((name, index) => (
        <Fragment key={name}>
          {index > 0 && (
            <li aria-hidden="true" role="presentation" className="text-solid-gray-600">
              →
            </li>
          )}
          <Station name={name} doneWord={props.doneWord} place={index - props.current} />
        </Fragment>
      ))}
    </ol>
  )
}

function Station(props: {
  readonly name: string
  readonly doneWord: string
  readonly place: number
}) {
  if (props.place === 0)
    return (
      <li
        aria-current="step"
        className="text-dns-14B-130 rounded-4 bg-key-900 px-2 py-1 text-white print:border print:bg-white print:text-black"
      >
        ▶ {props.name}
      </li>
    )
  return (
    <li className={props.place < 0 ? 'text-solid-gray-800 px-1' : 'text-solid-gray-600 px-1'}>
      {props.place < 0 && (
        <>
          <span aria-hidden="true">✓ </span>
          <span className="sr-only">{props.doneWord}</span>
        </>
      )}
      {props.name}
    </li>
  )
}
