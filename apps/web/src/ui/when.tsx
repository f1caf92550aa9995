import { fullTime, shortTime } from './dates.ts'

/** A time, short in lists and full in records; the machine-readable form always goes with it. */
export function When(props: { readonly at: string; readonly full?: boolean }) {
  return (
    <time dateTime={props.at} title={fullTime(props.at)}>
      {props.full === true ? fullTime(props.at) : shortTime(props.at)}
    </time>
  )
}
