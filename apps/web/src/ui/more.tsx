import type { ReactNode } from 'react'

/** Details behind one word, closed at first. */
export function More(props: { readonly word: string; readonly children: ReactNode }) {
  return (
    <details className="group">
      <summary className="text-dns-16N-130 text-key-900 target inline-flex items-center gap-1 underline underline-offset-4">
        <span aria-hidden="true" className="group-open:rotate-90">
          ▸
        </span>
        {props.word}
      </summary>
      <div className="py-2">{props.children}</div>
    </details>
  )
}
