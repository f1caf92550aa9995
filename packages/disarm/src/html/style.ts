import { cssValue } from './css-value.ts'

/** What a `style` attribute or a rule of a sheet says, in its one spelling, and how many parts went for which reason. */
export interface Style {
  /** `name:value;name:value`; empty when nothing may stay. */
  readonly text: string
  readonly remote: number
  readonly script: number
  readonly unknown: number
  /** What it is about is not seen: reported, and left out where the profile says so. */
  readonly hides: boolean
}

const MAX_DECLARATIONS = 100

/** Declarations of CSS (Syntax Module Level 3 §5): each is kept when its property is listed and its value is understood. */
export function cleanStyle(raw: string): Style {
  const kept = new Map<string, string>()
  const gone = { remote: 0, script: 0, unknown: 0 }
  for (const part of declarations(withoutComments(raw)).slice(0, MAX_DECLARATIONS)) {
    const colon = part.indexOf(':')
    const name = part.slice(0, Math.max(0, colon)).trim().toLowerCase()
    const value = cssValue(name, part.slice(colon + 1))
    if ('gone' in value) gone[value.gone]++
    else {
      // The last one counts; it also goes to the end, because shorthands overwrite.
      kept.delete(name)
      kept.set(name, value.text)
    }
  }
  const text = [...kept].map(([name, value]) => `${name}:${value}`).join(';')
  return { text, ...gone, hides: HIDING.test(`;${text};`) }
}

const HIDING =
  /;(?:display:none|visibility:hidden|opacity:0(?:\.0\d*)?|font-size:0(?:\.\d+)?(?:px|pt|em|%)?|text-indent:-\d{3,}(?:\.\d+)?(?:px|em|pt))(?:!important)?;/

/** Parts between semicolons that stand outside of strings and brackets. */
function declarations(raw: string): string[] {
  const parts: string[] = []
  let start = 0
  let depth = 0
  for (let at = 0; at < raw.length; at++) {
    const mark = raw.charAt(at)
    if (mark === '"' || mark === "'") at = stringEnd(raw, at)
    else if (mark === '\\') at++
    else if (mark === '(') depth++
    else if (mark === ')') depth = Math.max(0, depth - 1)
    else if (mark === ';' && depth === 0) {
      parts.push(raw.slice(start, at))
      start = at + 1
    }
  }
  parts.push(raw.slice(start))
  return parts.filter((part) => part.trim() !== '')
}

/** Index of the closing quote, or of the last character. */
export function stringEnd(raw: string, start: number): number {
  const quote = raw.charAt(start)
  for (let at = start + 1; at < raw.length; at++) {
    if (raw.charAt(at) === '\\') at++
    else if (raw.charAt(at) === quote || raw.charAt(at) === '\n') return at
  }
  return raw.length - 1
}

/** Comments become a space, so that `exp/* *\/ression` is two words and no word. */
export function withoutComments(raw: string): string {
  if (!raw.includes('/*')) return raw
  const parts: string[] = []
  let from = 0
  for (let at = raw.indexOf('/*'); at >= 0; at = raw.indexOf('/*', from)) {
    parts.push(raw.slice(from, at), ' ')
    const end = raw.indexOf('*/', at + 2)
    from = end < 0 ? raw.length : end + 2
  }
  parts.push(raw.slice(from))
  return parts.join('')
}
