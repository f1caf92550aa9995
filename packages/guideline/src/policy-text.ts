/**
 * Reads just enough of a Cedar file to take its policies apart and read their annotations, so that this package
 * needs no policy engine. The judge compares the result with what Cedar itself reads.
 */
import { SekishoError } from '@sekisho/core'

/** One policy as it stands in its file. */
export interface PolicyText {
  readonly effect: 'permit' | 'forbid'
  /** `@name("value")` → value, in order of appearance. */
  readonly annotations: ReadonlyMap<string, string>
  /** From the first annotation to the closing semicolon, comments included. */
  readonly text: string
}

/** Bounds: a rule file is written by people and read by people. */
const MAX_FILE_CHARS = 200_000
const TOKEN = /\/\/[^\n]*|"(?:[^"\\\n]|\\[^\n])*"|[A-Za-z_]\w*|\s+|[^"]/gy

/**
 * Splits a Cedar file into its policies.
 *
 * @param file name for the message of the error.
 * @throws SekishoError CONFIG_INVALID when a string or a policy does not end, or an annotation appears twice.
 */
export function splitPolicies(file: string, source: string): readonly PolicyText[] {
  if (source.length > MAX_FILE_CHARS) throw invalid(file, 'file too long')
  const policies: PolicyText[] = []
  let current: string[] = []
  for (const token of tokens(file, source)) {
    if (current.length > 0 || !isBlank(token)) current.push(token)
    if (token !== ';') continue
    policies.push(readPolicy(file, current))
    current = []
  }
  if (current.length > 0) throw invalid(file, 'text after the last policy')
  return policies
}

function* tokens(file: string, source: string): Generator<string> {
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < source.length) {
    const match = TOKEN.exec(source)
    if (!match) throw invalid(file, 'a string does not end')
    yield match[0]
  }
}

function readPolicy(file: string, raw: readonly string[]): PolicyText {
  const words = raw.filter((token) => !isBlank(token))
  const annotations = new Map<string, string>()
  let at = 0
  for (; words[at] === '@'; at += 5) {
    const [name = '', open, value = '', close] = words.slice(at + 1, at + 5)
    if (open !== '(' || close !== ')' || !value.startsWith('"'))
      throw invalid(file, `annotation @${name} is not of the form @name("value")`)
    if (annotations.has(name)) throw invalid(file, `annotation @${name} appears twice`)
    annotations.set(name, readString(file, value))
  }
  const effect = words[at]
  if (effect !== 'permit' && effect !== 'forbid')
    throw invalid(file, `expected permit or forbid, found ${String(effect)}`)
  return { effect, annotations, text: raw.join('').trim() }
}

/** No rule of ours needs an escape; refusing them keeps this reader and Cedar's from ever disagreeing. */
function readString(file: string, token: string): string {
  if (token.includes('\\')) throw invalid(file, 'escapes are not used in annotations')
  return token.slice(1, -1)
}

function isBlank(token: string): boolean {
  return token.startsWith('//') || /^\s+$/u.test(token)
}

function invalid(file: string, what: string): SekishoError {
  return new SekishoError('CONFIG_INVALID', `${file}: ${what}`)
}
