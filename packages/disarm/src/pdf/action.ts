import { allowedUrl } from '../url.ts'
import { destination } from './destination.ts'
import { dictionary, fromLatin1, isName, isText, latin1, name, text } from './objects.ts'
import type { Value } from './objects.ts'
import type { Shape } from './walk.ts'

/** Named actions that only turn pages. `Print`, `SaveAs`, `Quit` and whatever a reader invents are not here. */
export const NAMED_ACTIONS: ReadonlySet<string> = new Set([
  'NextPage',
  'PrevPage',
  'FirstPage',
  'LastPage',
])

/** The three actions that stay (ISO 32000-1, 12.6.4): go to a page here, turn a page, open a link of the URL policy. Never a chain. */
export const action: Shape = (value, walk) => {
  const entries = walk.entries(value)
  const kind = walk.resolve(entries.get('S'))
  if (isName(kind, 'GoTo')) {
    const target = destination(entries.get('D'), walk)
    return target && dictionary({ S: name('GoTo'), D: target })
  }
  if (isName(kind, 'Named')) {
    const called = walk.resolve(entries.get('N'))
    const allowed = isName(called) && NAMED_ACTIONS.has(called.value)
    return allowed ? dictionary({ S: name('Named'), N: name(called.value) }) : undefined
  }
  if (!isName(kind, 'URI')) return undefined
  const url = cleanUrl(walk.resolve(entries.get('URI')))
  // A forbidden address is counted by the census; here only what the profile does not want.
  if (url !== undefined && walk.context.profile.links === 'text-only') {
    walk.removed('URL-REMOVED')
    return undefined
  }
  return url === undefined ? undefined : dictionary({ S: name('URI'), URI: text(fromLatin1(url)) })
}

/** The URL as the policy writes it, or undefined. Bytes are UTF-8 when they can be. */
export function cleanUrl(value: Value): string | undefined {
  return isText(value) ? allowedUrl(decode(value.bytes)) : undefined
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return latin1(bytes)
  }
}
