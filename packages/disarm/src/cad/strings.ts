import type { Context } from '../family.ts'
import { refuse } from '../family.ts'
import type { TextEncoding } from '../text/encoding.ts'
import { baseName, leadsElsewhere } from './path.ts'
import { lettersOf } from './source.ts'

/** Instances whose texts are shown in the drawing: a path or an address in them is only something to read. */
const SHOWN = /^(?:TEXT_LITERAL|ANNOTATION_TEXT|DRAUGHTING_TITLE|COMPOSITE_TEXT)/
const SHOWN_FEATURES = /^(?:text_string|label|balloon|[a-z]+_dim|drawing_attribute)_feature$/
/** Instances that only say who made or approved the file. */
const PEOPLE = new Set([
  'PERSON',
  'ORGANIZATION',
  'PERSONAL_ADDRESS',
  'ORGANIZATIONAL_ADDRESS',
  'ADDRESS',
])

/** Strings of an exchange structure. Their bytes stay, except where they lead out of the file or say who worked on it. */
export class Strings {
  readonly #encoding: TextEncoding | undefined
  readonly #context: Context

  constructor(encoding: TextEncoding | undefined, context: Context) {
    this.#encoding = encoding
    this.#context = context
  }

  /** A string of an instance, as it stands between single quotes. */
  instance(raw: string, name: string): string {
    if (PEOPLE.has(name)) {
      if (raw !== '') this.#context.removed('OX-META', 'person')
      return ''
    }
    const clean = this.#escapes(raw)
    return SHOWN.test(name) ? clean : this.#local(clean, true)
  }

  /** A text of a feature. `*\/` would end the comment that the feature is in. */
  feature(raw: string, name: string): string {
    const joined = raw.replace(/[\r\n]/g, '')
    if (joined.includes('*/') || joined.includes('/*')) refuse('CAD-TOKEN')
    return SHOWN_FEATURES.test(name) ? joined : this.#local(joined, false)
  }

  /** Only the name of what is named by a path. */
  #local(raw: string, escaped: boolean): string {
    const text = this.letters(raw, escaped)
    // A reader that does not know of double backslashes sees another path.
    if (!leadsElsewhere(text) && !leadsElsewhere(this.letters(raw, false))) return raw
    this.#context.removed('OX-UNC', 'path')
    const name = baseName(text)
    return /^[ -~]*$/.test(name) ? name.replace(/['\\]/g, '') : ''
  }

  /** What is read: letters, with double backslashes and quotes put together. */
  letters(raw: string, escaped: boolean): string {
    const text = lettersOf(raw, this.#encoding)
    if (!escaped) return text
    return text.replace(SPELLED, meaningOf)
  }

  /** Control characters may also hide in `\X\0A` and `\X2\0007\X0\`. */
  #escapes(raw: string): string {
    if (!raw.includes('\\X')) return raw
    const clean = raw.replace(ESCAPE, (escape: string) => (isControl(escape) ? '' : escape))
    if (clean !== raw) this.#context.removed('T-CTRL', 'string')
    return clean
  }
}

/** Everything in a string that means something else than itself. */
const SPELLED = /''|\\\\|\\X\\[0-9A-Fa-f]{2}|\\X[24]\\[0-9A-Fa-f]{0,8000}\\X0\\/g
const ESCAPE = /\\X\\[0-9A-Fa-f]{2}|\\X[24]\\[0-9A-Fa-f]{0,8000}\\X0\\/g
const HIDDEN = /[\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/

/** True when one of the characters that an escape means is never shown. */
function isControl(escape: string): boolean {
  return meaningOf(escape) === '' || HIDDEN.test(meaningOf(escape))
}

/** The characters of `\X\hh`, `\X2\hhhh…\X0\`, `\X4\hhhhhhhh…\X0\`; empty when there are none. */
function meaningOf(escape: string): string {
  if (escape.length === 2) return escape.charAt(0)
  if (escape.startsWith('\\X\\')) return String.fromCharCode(Number.parseInt(escape.slice(3), 16))
  const digits = escape.slice(4, -4)
  const width = escape.startsWith('\\X2') ? 4 : 8
  if (digits.length % width !== 0) return ''
  let text = ''
  for (let at = 0; at < digits.length; at += width) {
    const code = Number.parseInt(digits.slice(at, at + width), 16)
    if (code > 0x10ffff) return ''
    text += String.fromCodePoint(code)
  }
  return text
}
