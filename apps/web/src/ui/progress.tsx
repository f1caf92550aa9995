/** How far one thing is, in bytes or counts, with the percentage written out. */
export function Progress(props: { readonly label: string; readonly percent: number }) {
  return (
    <div className="flex items-center gap-2">
      <progress aria-label={props.label} value={props.percent} max={100} className="bar min-w-24" />
      <span className="text-dns-14B-130 w-12 text-right tabular-nums">{props.percent}%</span>
    </div>
  )
}
