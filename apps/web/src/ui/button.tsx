import { useId } from 'react'
import type { MouseEvent, ReactNode } from 'react'

export type ButtonKind = 'main' | 'second' | 'plain' | 'danger'

const BASE =
  'text-oln-16B-100 rounded-8 inline-flex items-center justify-center gap-2 border-2 text-center no-underline'
const ROOMY = 'target px-4 py-3'
const SMALL = 'min-h-8 px-2 py-1'
const KINDS: Readonly<Record<ButtonKind, string>> = {
  main: 'border-key-900 bg-key-900 text-white hover:border-key-1000 hover:bg-key-1000 active:bg-key-1200',
  second:
    'border-key-900 bg-white text-key-900 hover:bg-key-50 active:bg-key-100 active:text-key-1200',
  plain:
    'border-transparent bg-transparent text-key-900 underline underline-offset-4 hover:bg-key-50 active:text-key-1200',
  danger: 'border-error-2 bg-white text-error-2 hover:bg-red-50 active:bg-red-100',
}
const BLOCKED = 'border-solid-gray-420 bg-solid-gray-50 text-solid-gray-700 cursor-not-allowed'

/** The look of a button, for links that do what a button would. */
export function buttonLook(kind: ButtonKind): string {
  return `${BASE} ${ROOMY} ${KINDS[kind]}`
}

/**
 * A button that cannot be pressed stays reachable and must say why: there is no way to block one without a reason.
 */
export function Button(props: {
  readonly kind?: ButtonKind
  readonly type?: 'button' | 'submit'
  /** Low enough for a table row; still well above the 24 px of WCAG 2.5.8. */
  readonly small?: boolean
  /** Why it cannot be pressed now. Shown beside it and read out with it. */
  readonly blocked?: string | undefined
  /** Id of an element that already shows this reason, when several buttons share it. */
  readonly reasonAt?: string | undefined
  /** Fuller name where the visible word alone does not say which row it belongs to. */
  readonly label?: string
  readonly onPress?: () => void
  readonly children: ReactNode
}) {
  const ownId = useId()
  const reasonId = props.reasonAt ?? ownId
  const blocked = props.blocked !== undefined
  const press = (event: MouseEvent): void => {
    if (blocked) event.preventDefault()
    else props.onPress?.()
  }
  return (
    <>
      <button
        type={props.type ?? 'button'}
        className={`${BASE} ${props.small === true ? SMALL : ROOMY} ${blocked ? BLOCKED : KINDS[props.kind ?? 'main']}`}
        aria-disabled={blocked}
        aria-describedby={blocked ? reasonId : undefined}
        aria-label={props.label}
        onClick={press}
      >
        {props.children}
      </button>
      {blocked && props.reasonAt === undefined && (
        <span id={reasonId} className="text-dns-14N-130 text-solid-gray-700">
          {props.blocked}
        </span>
      )}
    </>
  )
}
