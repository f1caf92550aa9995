import { DENIED_EXTENSIONS, EXTENSIONS } from './detect.ts'

/**
 * A file name that no program and no eye mistakes: no control or invisible character, no right-to-left trick, no
 * reserved name, no path, no second executable extension. Letters are never changed or normalised: 葛󠄂城, 𠮷 and 髙 are
 * people's names. Returns the rules that had to act.
 */
export function cleanName(name: string): {
  readonly name: string
  readonly rules: readonly string[]
} {
  const rules: string[] = []
  let clean = name
  for (const [rule, step] of STEPS) {
    const next = step(clean)
    if (next !== clean) rules.push(rule)
    clean = next
  }
  return { name: clean, rules }
}

/** The cleaned name with the extension that belongs to the type. */
export function nameForType(
  name: string,
  type: string,
): { readonly name: string; readonly rules: readonly string[] } {
  const cleaned = cleanName(name)
  const allowed = givenExtensions(type)
  const extension = extensionOf(cleaned.name)
  if (allowed.includes(extension.toLowerCase())) return cleaned
  const replaceable = extension !== '' && KNOWN.has(extension.toLowerCase())
  const stem = replaceable ? cleaned.name.slice(0, -extension.length - 1) : cleaned.name
  return { name: `${cutBytes(stem, MAX_STEM)}.${allowed[0] ?? type}`, rules: cleaned.rules }
}

/** A photograph may stay `.jpeg`; everything else gets the one extension that the verifier expects. */
function givenExtensions(type: string): readonly string[] {
  const known = EXTENSIONS.get(type) ?? [type]
  return type === 'jpeg' ? known : known.slice(0, 1)
}

/** What stands after the last dot; empty when there is none, or when it cannot be an extension. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.')
  const extension = dot > 0 ? name.slice(dot + 1) : ''
  return /^[A-Za-z0-9-]{1,20}$/.test(extension) ? extension : ''
}

/** Windows and Linux both end at 255; ten bytes are left for an extension. */
export const MAX_NAME = 255
const MAX_STEM = MAX_NAME - 10

const KNOWN: ReadonlySet<string> = new Set([
  ...[...EXTENSIONS.values()].flat(),
  ...'doc dot xls xlt ppt pot pps jfif bmp tif tiff webp heic'.split(' '),
])

const STEPS: readonly (readonly [rule: string, step: (name: string) => string])[] = [
  ['NAME-CTRL', withoutInvisible],
  ['NAME-CHARS', withoutSeparators],
  ['NAME-EXT', withoutInnerExecutable],
  ['NAME-RESERVED', withoutReserved],
  ['NAME-LONG', (name) => cutBytes(name, MAX_NAME)],
]

/** Control, bidirectional, zero-width and tag characters, lone surrogates. Variation selectors stay: 葛󠄂 needs them. */
function withoutInvisible(name: string): string {
  return name.replace(
    /[\u0000-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\p{Surrogate}\u{E0000}-\u{E007F}]/gu,
    '',
  )
}

/** Characters that Windows forbids or that part paths and streams; spaces and dots at the ends. */
function withoutSeparators(name: string): string {
  const replaced = name.replace(/[\\/:*?"<>|]/g, '_').replace(/^[ \u3000]+|[. \u3000]+$/g, '')
  return replaced === '' || /^\.+$/.test(replaced) ? 'file' : replaced
}

/** `請求書.exe.pdf`: a mail program that hides the last extension shows an executable, or the reverse. */
function withoutInnerExecutable(name: string): string {
  const parts = name.split('.')
  const last = parts.pop() ?? ''
  let joined = parts.shift() ?? ''
  if (parts.length === 0 && joined === '') return name
  for (const part of parts) {
    joined += DENIED_EXTENSIONS.has(part.trim().toLowerCase()) ? `_${part}` : `.${part}`
  }
  return name.includes('.') ? `${joined}.${last}` : name
}

/** Device names of Windows, with or without extension. */
function withoutReserved(name: string): string {
  return /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(?:\.|$)/i.test(name)
    ? `_${name}`
    : name
}

/** Cuts the stem by whole characters (a base letter keeps its variation selector), the extension stays. */
function cutBytes(name: string, limit: number): string {
  if (Buffer.byteLength(name) <= limit) return name
  const extension = extensionOf(name)
  const tail = extension === '' ? '' : `.${extension}`
  let stem = ''
  let size = Buffer.byteLength(tail)
  for (const { segment } of new Intl.Segmenter('ja').segment(
    name.slice(0, name.length - tail.length),
  )) {
    size += Buffer.byteLength(segment)
    if (size > limit) break
    stem += segment
  }
  return stem + tail
}
