/**
 * The address is the state: page, filters, tab and opened entry all live in it, so every view can be reloaded,
 * bookmarked and sent to a colleague.
 */
import { useSyncExternalStore } from 'react'

export interface Place {
  readonly path: string
  readonly query: URLSearchParams
}

const PAGES = [
  'send',
  'receive',
  'original',
  'mail',
  'approve',
  'decide',
  'check',
  'town',
  'explain',
  'registers',
  'evidence',
  'cloud',
  'cloud-cuts',
  'sign-in',
  'settings',
] as const

/** A page with an address of its own. */
export type PageName = (typeof PAGES)[number]

export type Route =
  | { readonly page: PageName | 'home' }
  | { readonly page: 'card' | 'mail-card' | 'message'; readonly number: string }
  | { readonly page: 'question'; readonly name: string }
  | { readonly page: 'unknown' }

const MOVED = 'sekisho-moved'

/** Which page an address means. */
export function routeOf(path: string): Route {
  if (path === '/') return { page: 'home' }
  const card = /^\/approve\/([A-Z]-[0-9]{1,12})$/u.exec(path)
  if (card?.[1] !== undefined) return { page: 'card', number: card[1] }
  const mailCard = /^\/approve\/mail\/(M-[0-9]{1,12}(?:-[0-9]{1,3})?)$/u.exec(path)
  if (mailCard?.[1] !== undefined) return { page: 'mail-card', number: mailCard[1] }
  const message = /^\/mail\/([A-Z]-[0-9]{1,12}(?:-[0-9]{1,3})?)$/u.exec(path)
  if (message?.[1] !== undefined) return { page: 'message', number: message[1] }
  const question = /^\/decide\/([a-z-]{1,40})$/u.exec(path)
  if (question?.[1] !== undefined) return { page: 'question', name: question[1] }
  const page = PAGES.find((name) => path === `/${name}`)
  return page === undefined ? { page: 'unknown' } : { page }
}

/** Where it is said what an id, a clause or a word means. */
export function explainPath(asked: string): string {
  return `/explain?${new URLSearchParams({ asked }).toString()}`
}

/** Goes to `to` inside the program. `replace` leaves no step behind for the Back button. */
export function go(to: string, options: { readonly replace?: boolean } = {}): void {
  if (options.replace === true) history.replaceState(null, '', to)
  else history.pushState(null, '', to)
  window.dispatchEvent(new Event(MOVED))
}

export function usePlace(): Place {
  const href = useSyncExternalStore(subscribe, () => location.pathname + location.search)
  const url = new URL(href, location.origin)
  return { path: url.pathname, query: url.searchParams }
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener('popstate', onChange)
  window.addEventListener(MOVED, onChange)
  return () => {
    window.removeEventListener('popstate', onChange)
    window.removeEventListener(MOVED, onChange)
  }
}

/** `path` with the given keys set, or removed where the value is empty. */
export function withQuery(place: Place, changes: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(place.query)
  for (const [key, value] of Object.entries(changes))
    if (value === '') query.delete(key)
    else query.set(key, value)
  const text = query.toString()
  return text === '' ? place.path : `${place.path}?${text}`
}

/**
 * Where to go after signing in. Only a path of this program: an attacker who can make somebody click a link must not
 * be able to send them to another site from our sign-in page.
 */
export function safeNext(next: string | null): string {
  if (next === null || !/^\/[A-Za-z]/u.test(next)) return '/'
  const url = new URL(next, 'http://sekisho.invalid')
  if (url.host !== 'sekisho.invalid' || routeOf(url.pathname).page === 'unknown') return '/'
  return url.pathname === '/sign-in' ? '/' : url.pathname + url.search
}
