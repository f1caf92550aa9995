/** A Content-Type or Content-Disposition in its strict form: what two readers could take apart differently is not read. */

export interface FieldWithParameters {
  /** Lower case: `multipart/form-data`, `attachment`. */
  readonly value: string
  readonly parameters: ReadonlyMap<string, string>
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}"
const VALUE = new RegExp(`^(${TOKEN}(?:/${TOKEN})?)[ \\t]{0,8}`, 'u')
/** No backslash inside quotes: one reader takes it away, another keeps it. */
const PARAMETER = new RegExp(
  `^;[ \\t]{0,8}(${TOKEN})=(?:"([^"\\\\\\u0000-\\u001F\\u007F]{0,2000})"|(${TOKEN}))[ \\t]{0,8}`,
  'u',
)

/** `undefined` for anything not of the strict form, a parameter that is there twice among it. RFC 9110 §5.6.6. */
export function readFieldWithParameters(field: string): FieldWithParameters | undefined {
  const head = VALUE.exec(field)
  if (head?.[1] === undefined) return undefined
  const parameters = new Map<string, string>()
  let rest = field.slice(head[0].length)
  while (rest !== '') {
    const found = PARAMETER.exec(rest)
    const name = found?.[1]?.toLowerCase()
    if (!found || name === undefined || parameters.has(name)) return undefined
    parameters.set(name, found[2] ?? found[3] ?? '')
    rest = rest.slice(found[0].length)
  }
  return { value: head[1].toLowerCase(), parameters }
}

/** Every value that a field has, in order. */
export function fieldValues(
  headers: readonly (readonly [string, string])[],
  name: string,
): readonly string[] {
  return headers.filter(([field]) => field.toLowerCase() === name).map(([, value]) => value)
}
