import { useRef } from 'react'
import type { KeyboardEvent, ReactNode } from 'react'

/**
 * A form that an input method cannot send by accident: the Enter that confirms a conversion is not a submission.
 * Some browsers end the composition just before the key event, so the last composition is remembered for one task.
 */
export function Form(props: {
  readonly label?: string
  readonly onSubmit: () => void
  readonly className?: string
  readonly children: ReactNode
}) {
  const composing = useRef(false)
  const keep = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.nativeEvent.isComposing || composing.current))
      event.preventDefault()
  }
  return (
    // Listening for the input method is not an interaction of the form itself.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form
      aria-label={props.label}
      noValidate
      className={props.className}
      onKeyDown={keep}
      onCompositionStart={() => {
        composing.current = true
      }}
      onCompositionEnd={() => {
        setTimeout(() => {
          composing.current = false
        })
      }}
      onSubmit={(event) => {
        event.preventDefault()
        props.onSubmit()
      }}
    >
      {props.children}
    </form>
  )
}
