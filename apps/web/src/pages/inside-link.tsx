import type { ReactNode } from 'react'
import { followInside } from './frame.tsx'

/** A link to another page of this program. */
export function InsideLink(props: {
  readonly href: string
  readonly word: ReactNode
  /** Fuller name where the visible word alone does not say which row it belongs to. */
  readonly label?: string
  readonly look?: string
}) {
  const { href } = props
  return (
    <a
      href={href}
      aria-label={props.label}
      className={
        props.look ?? 'text-key-900 target inline-flex items-center underline underline-offset-4'
      }
      onClick={(event) => followInside(event, href)}
    >
      {props.word}
    </a>
  )
}
