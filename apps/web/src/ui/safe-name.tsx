/** Parts of a name; hidden characters stand out as code points. */
export function SafeName({
  parts,
}: {
  readonly parts: readonly { readonly text: string; readonly hidden: boolean }[]
}) {
  return (
    <bdi className="name">
      {parts.map((part, index) =>
        part.hidden ? (
          <span
            // The parts of one name never move.
            key={index}
            className="rounded-4 border-error-2 text-error-2 text-mono-14N-150 mx-0.5 border px-1"
          >
            {part.text}
          </span>
        ) : (
          part.text
        ),
      )}
    </bdi>
  )
}
