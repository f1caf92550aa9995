import { useEffect, useId, useRef } from 'react'
import type { ReactNode } from 'react'

/**
 * The browser's own modal dialog: focus stays inside, Esc closes, focus returns to where it was.
 */
export function Dialog(props: {
  readonly title: string
  readonly onClose: () => void
  readonly wide?: boolean
  /** False when there is nothing behind it to go back to. */
  readonly closable?: boolean
  readonly children: ReactNode
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    const element = dialog.current
    const before = document.activeElement
    if (element !== null && !element.open) element.showModal()
    return () => {
      element?.close()
      if (before instanceof HTMLElement || before instanceof SVGElement) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      className={`rounded-12 text-solid-gray-800 m-auto max-h-[90vh] w-[calc(100vw-2rem)] overflow-y-auto border-2 border-black bg-white p-6 ${props.wide === true ? 'max-w-3xl' : 'max-w-lg'}`}
      onCancel={(event) => {
        event.preventDefault()
        if (props.closable !== false) props.onClose()
      }}
    >
      <h2 id={titleId} className="text-std-20B-150 mb-3">
        {props.title}
      </h2>
      {props.children}
    </dialog>
  )
}
