import { MAX_URL, allowedUrl } from '../url.ts'

/** Where a hyperlink may lead, as it is written; or the rule for which it goes. */
export type Target = { readonly href: string } | { readonly rule: string }

/**
 * A link to a place of this document stays as it is: nothing is fetched, and its characters (sheet and heading names) are found
 * again only as they are. Everything else is judged by the URL policy; files, macros (`vnd.sun.star.script:`) and dispatches
 * (`.uno:`, `slot:`) are no links.
 */
export function linkTarget(href: string, links: 'keep' | 'text-only'): Target {
  if (/^(?:vnd\.sun\.star\.|macro:|script:|service:|slot:|\.uno:)/i.test(href.trim()))
    return { rule: 'ODF-MACRO' }
  if (href.startsWith('#')) {
    const plain = href.length <= MAX_URL && !HOSTILE.test(href)
    return plain ? { href } : { rule: 'ODF-LINK' }
  }
  if (links === 'text-only') return { rule: 'URL-REMOVED' }
  const url = allowedUrl(href)
  return url === undefined ? { rule: 'ODF-LINK' } : { href: url }
}

// Controls, backslash, bidi and zero-width: what a person cannot see or a reader may fold.
const HOSTILE =
  /[\u0000-\u001F\u007F-\u009F\\\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF\uFFF9-\uFFFB]/

/** The name inside the package that an address means, or nothing when it leads out or into another folder's parent. */
export function memberName(href: string): string | undefined {
  const name = href.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '')
  const inside = !/^[a-z][a-z0-9+.-]*:|^[/\\#]|\\/i.test(name) && name !== ''
  const climbs = name.split('/').some((part) => part === '' || part === '.' || part === '..')
  return inside && !climbs ? name : undefined
}
