/** Parts of a name; hidden characters stand out as code points. */
export function SafeName({
  parts,
  running = false,
}: {
  readonly parts: readonly { readonly text: string; readonly hidden: boolean }[]
  /** In a text that somebody reads, not as a name by itself: in the font of names only where a variant of a character needs it. */
  readonly running?: boolean
}) {
  const named = !running || parts.some(({ text }) => VARIANT.test(text))
  return (
    <bdi className={named ? 'name' : undefined}>
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

/** Ideographic variation selectors (UTS 37). */
const VARIANT = /[\u{E0100}-\u{E01EF}]/u
