import { refuse } from '../family.ts'

/** Text between tags as it is meant: line ends (XML 1.0 §2.11), then character references and the five predefined entities. */
export function normalText(raw: string): string {
  return unescape(raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw)
}

/** An attribute value as it is meant (XML 1.0 §3.3.3 for type CDATA). */
export function normalValue(raw: string): string {
  return unescape(/[\t\n\r]/.test(raw) ? raw.replace(/\r\n|[\t\n\r]/g, ' ') : raw)
}

export function malformed(): never {
  return refuse('OX-XML')
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])

const REFERENCE = /&(?:#(?:([0-9]{1,8})|x([0-9A-Fa-f]{1,8}))|([a-z]{1,5}));|&/g

/** Any other `&` is malformed. */
function unescape(raw: string): string {
  if (!raw.includes('&')) return raw
  return raw.replace(REFERENCE, (_, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED.get(name) ?? malformed()
    if (decimal !== undefined) return character(Number.parseInt(decimal, 10))
    if (hex !== undefined) return character(Number.parseInt(hex, 16))
    return malformed()
  })
}

/** XML 1.0 §2.2 `Char`. */
function character(code: number): string {
  const allowed =
    code === 0x9 ||
    code === 0xa ||
    code === 0xd ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff)
  return allowed ? String.fromCodePoint(code) : malformed()
}
