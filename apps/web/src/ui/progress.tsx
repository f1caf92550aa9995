/** How far one thing is, in bytes or counts, with the percentage written out. */
export function Progress(props: { readonly label: string; readonly percent: number }) {
  return (
    <div className="flex items-center gap-2">
      <div
        role="progressbar"
        aria-label={props.label}
        aria-valuenow={props.percent}
        aria-valuemin={0}
        aria-valuemax={100}
        className="border-solid-gray-600 h-3 min-w-24 flex-1 overflow-hidden rounded-full border bg-white"
      >
        <svg viewBox="0 0 100 1" preserveAspectRatio="none" className="block h-full w-full">
          <rect data-bar="" width={props.percent} height="1" className="fill-key-900" />
        </svg>
      </div>
      <span className="text-dns-14B-130 w-12 text-right tabular-nums">{props.percent}%</span>
    </div>
  )
}
