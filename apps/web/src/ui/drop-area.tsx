import { useEffect, useRef, useState } from 'react'
import { Button, DropZone, FileTrigger, Text } from 'react-aria-components'
import type { DropItem } from 'react-aria-components'
import { buttonLook } from './button.tsx'

export interface DropWords {
  readonly title: string
  readonly choose: string
  readonly or: string
  readonly here: string
  readonly limits: string
}

/**
 * Drop, button or paste: three ways to choose files, of which the button alone is enough. With `everywhere` the
 * whole window takes files; without it, a file dropped beside the area is ignored instead of replacing the page.
 */
export function DropArea(props: {
  readonly words: DropWords
  readonly everywhere: boolean
  readonly onFiles: (files: readonly File[]) => void
}) {
  const over = useWindowFiles(props.everywhere, props.onFiles)
  return (
    <DropZone
      className={({ isDropTarget }) =>
        `rounded-12 flex flex-col items-center gap-14 border-2 border-dashed px-4 py-8 text-center ${isDropTarget || over ? 'border-key-900 bg-key-50' : 'border-solid-gray-600 bg-solid-gray-50'}`
      }
      onDrop={(event) => {
        void filesOf(event.items).then(props.onFiles)
      }}
    >
      {({ isDropTarget }) => (
        <>
          <FileTrigger
            allowsMultiple
            onSelect={(files) => props.onFiles(files === null ? [] : [...files])}
          >
            <Button className={buttonLook('main')}>{props.words.choose}</Button>
          </FileTrigger>
          <div>
            <Text slot="label" className="text-std-17B-170 block">
              {isDropTarget || over ? props.words.here : props.words.or}
            </Text>
            <p className="text-dns-14N-130 text-solid-gray-700 mt-1">{props.words.limits}</p>
          </div>
        </>
      )}
    </DropZone>
  )
}

function filesOf(items: readonly DropItem[]): Promise<File[]> {
  return Promise.all(items.filter((item) => item.kind === 'file').map((item) => item.getFile()))
}

/** True while a file hangs over the window and the window would take it. */
function useWindowFiles(everywhere: boolean, onFiles: (files: readonly File[]) => void): boolean {
  const [over, setOver] = useState(false)
  const give = useRef(onFiles)
  useEffect(() => {
    give.current = onFiles
  })
  useEffect(() => {
    const hasFiles = (event: DragEvent): boolean =>
      event.dataTransfer?.types.includes('Files') === true
    const drag = (event: DragEvent): void => {
      if (!hasFiles(event)) return
      if (!event.defaultPrevented && event.dataTransfer !== null)
        event.dataTransfer.dropEffect = everywhere ? 'copy' : 'none'
      event.preventDefault()
      setOver(everywhere)
    }
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false)
    }
    // In the capture phase: the drop area itself stops the event on its way up.
    const end = (): void => setOver(false)
    const drop = (event: DragEvent): void => {
      if (!hasFiles(event) || event.defaultPrevented) return
      event.preventDefault()
      if (everywhere) give.current([...(event.dataTransfer?.files ?? [])])
    }
    const paste = (event: ClipboardEvent): void => {
      const files = [...(event.clipboardData?.files ?? [])]
      if (files.length === 0 || event.defaultPrevented) return
      event.preventDefault()
      give.current(files)
    }
    window.addEventListener('dragover', drag)
    window.addEventListener('dragleave', leave)
    window.addEventListener('drop', end, true)
    window.addEventListener('drop', drop)
    window.addEventListener('paste', paste)
    return () => {
      window.removeEventListener('dragover', drag)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('drop', end, true)
      window.removeEventListener('drop', drop)
      window.removeEventListener('paste', paste)
    }
  }, [everywhere])
  return over
}
