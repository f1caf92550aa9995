import type { MouseEvent } from 'react'

/** Tabs that are links: the address holds which one is open, so a reload or a bookmark keeps it. */
export function Tabs(props: {
  readonly label: string
  readonly tabs: readonly {
    readonly href: string
    readonly name: string
    readonly current: boolean
  }[]
  readonly onGo: (href: string) => void
}) {
  const go = (event: MouseEvent, href: string): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    props.onGo(href)
  }
  return (
    <nav aria-label={props.label} className="border-solid-gray-420 my-4 border-b screen-only">
      <ul className="flex flex-wrap">
        {props.tabs.map((tab) => (
          <li key={tab.href}>
            <a
              href={tab.href}
              aria-current={tab.current ? 'page' : undefined}
              onClick={(event) => go(event, tab.href)}
              className="text-oln-16N-100 aria-[current=page]:border-key-900 aria-[current=page]:text-key-900 aria-[current=page]:text-oln-16B-100 hover:bg-key-50 target inline-flex items-center border-b-4 border-transparent px-3"
            >
              {tab.name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
