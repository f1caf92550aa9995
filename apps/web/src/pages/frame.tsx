import type { Me } from '@sekisho/server/api'
import { useEffect, useRef } from 'react'
import type { MouseEvent, ReactNode } from 'react'
import { checks, cutsCloud, useMe, watchesCloud } from '../line/me.ts'
import { go } from '../route.ts'
import type { PageName, Route } from '../route.ts'
import { say } from '../words/say.ts'
import type { WordKey } from '../words/say.ts'

/** What is the same on every page: where we are, who we are, where we can go. */
export function Frame({
  route,
  children,
}: {
  readonly route: Route
  readonly children: ReactNode
}) {
  const me = useMe()
  const title = pageTitle(route)
  const main = useRef<HTMLElement>(null)
  const last = useRef<string>(undefined)
  const key = placeOf(route)
  useEffect(() => {
    document.title = say('frame.title', { page: title, town: me.town })
    // A new page is announced by moving to it, except the first, which the browser announces itself.
    if (last.current !== undefined && last.current !== key) main.current?.focus()
    last.current = key
  }, [key, title, me.town])
  return (
    <>
      <a
        href="#main"
        className="text-std-16B-170 text-key-900 sr-only bg-white p-3 focus:not-sr-only focus:absolute focus:z-10"
      >
        {say('frame.skip')}
      </a>
      <Header me={me} route={route} />
      <main
        ref={main}
        id="main"
        tabIndex={-1}
        data-landing=""
        className="mx-auto max-w-6xl px-4 pt-4 pb-16 sm:px-6"
      >
        <h1 className="text-std-26B-150 mb-2">{title}</h1>
        {children}
      </main>
    </>
  )
}

function placeOf(route: Route): string {
  if ('number' in route) return route.number
  return route.page === 'question' ? route.name : route.page
}

/** The entry of the navigation under which a page stands. */
function navOf({ page }: Route): string {
  if (page === 'card' || page === 'mail-card') return 'approve'
  if (page === 'message') return 'mail'
  return page === 'question' ? 'decide' : page
}

export function pageTitle(route: Route): string {
  if ('number' in route) return say(`page.${route.page}`, { number: route.number })
  return say(`page.${route.page}`)
}

function Header({ me, route }: { readonly me: Me; readonly route: Route }) {
  const [from, to] = me.side === 'low' ? [me.zone, me.otherZone] : [me.otherZone, me.zone]
  return (
    <header className={`border-t-8 bg-white ${ZONE_EDGE[me.side]}`}>
      <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2 sm:px-6">
        <p className="text-std-17B-170">
          {me.town} {say('frame.product')}
        </p>
        <p
          data-zone={me.side}
          className={`text-dns-16B-130 rounded-4 px-3 py-1 ${ZONE_FILL[me.side]}`}
        >
          <span className="sr-only">{say('frame.zone')}：</span>
          {me.zone}
        </p>
        <p className="text-dns-16N-130 mr-auto">
          <span aria-hidden="true">{say('frame.routeLow', { from, to })}</span>
          <span className="sr-only">{say('frame.routeRead', { from, to })}</span>
        </p>
        <p className="text-dns-16N-130 name">
          {say('frame.account', { name: me.user.name, department: me.user.department })}
        </p>
      </div>
      <nav aria-label={say('frame.nav')} className="border-solid-gray-420 border-b screen-only">
        <ul className="mx-auto flex max-w-6xl flex-wrap px-4 sm:px-6">
          {pagesOf(me).map((page) => (
            <li key={page}>
              <NavLink page={page} current={page === navOf(route)} />
            </li>
          ))}
        </ul>
      </nav>
    </header>
  )
}

const ZONE_EDGE = { low: 'border-zone-low', high: 'border-zone-high' } as const
const ZONE_FILL = {
  low: 'bg-zone-low text-white print:border print:bg-white print:text-black',
  high: 'bg-zone-high text-white print:border print:bg-white print:text-black',
} as const

type NavPage = Exclude<PageName, 'sign-in'>

/** The pages of this side. What a person may do there, the server decides. */
function pagesOf(me: Me): readonly NavPage[] {
  if (me.side === 'low')
    return [
      'send',
      ...(me.mail.in ? (['original'] as const) : []),
      ...(watchesCloud(me) ? (['cloud'] as const) : []),
      ...(cutsCloud(me) ? (['cloud-cuts'] as const) : []),
      'settings',
    ]
  const approves = me.user.roles.includes('approver')
  return [
    'receive',
    ...(me.mail.in ? (['mail'] as const) : []),
    ...(approves ? (['approve'] as const) : []),
    'decide',
    ...(checks(me) ? (['check', 'town', 'registers', 'explain'] as const) : []),
    'evidence',
    'settings',
  ]
}

function NavLink({ page, current }: { readonly page: NavPage; readonly current: boolean }) {
  const key: WordKey = `page.${page}`
  return (
    <a
      href={`/${page}`}
      aria-current={current ? 'page' : undefined}
      onClick={(event) => followInside(event, `/${page}`)}
      className="text-oln-16N-100 aria-[current=page]:text-oln-16B-100 aria-[current=page]:border-key-900 aria-[current=page]:text-key-900 hover:bg-key-50 target inline-flex items-center border-b-4 border-transparent px-4"
    >
      {say(key)}
    </a>
  )
}

/** Follows a link inside the program; with a modifier key the browser opens it as it always does. */
export function followInside(event: MouseEvent, href: string): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return
  event.preventDefault()
  go(href)
}
