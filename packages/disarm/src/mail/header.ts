/** One field of a header: its name in lower case, its value unfolded, both as Latin-1 (a letter is a byte). */
export interface Field {
  readonly name: string
  readonly value: string
}

export interface Entity {
  readonly fields: readonly Field[]
  readonly body: string
}

const MAX_FIELDS = 1_000
/** Beyond this a value says nothing to a person. */
const MAX_VALUE = 65_536

/**
 * Header and body of a message or part (RFC 5322 §2.1), read as mail programs read them: bare line feeds, a line without a colon belongs to
 * the field before it, and a header that ends without an empty line has no body.
 * @param raw a letter is a byte
 */
export function readEntity(raw: string): Entity {
  const fields: { name: string; value: string }[] = []
  let at = ENVELOPE_LINE.exec(raw.slice(0, 1000))?.[0].length ?? 0
  let blank = false
  while (at < raw.length) {
    const newline = raw.indexOf('\n', at)
    const end = newline < 0 ? raw.length : newline
    const line = raw.slice(at, end).replace(/\r$/, '')
    if (line === '') return { fields: tidied(fields), body: raw.slice(end + 1) }
    if ((fields.length === 0 && !FIELD.test(line.slice(0, 200))) || isBody(line, blank))
      return { fields: tidied(fields), body: raw.slice(at) }
    blank = line.trim() === ''
    addLine(fields, line)
    at = end + 1
  }
  return { fields: tidied(fields), body: '' }
}

/** The line that should part header and body holds blanks, or is not there: what can only be a boundary line, or words, is no field. */
function isBody(line: string, afterBlank: boolean): boolean {
  if (!afterBlank && !line.startsWith('--')) return false
  return !/^[ \t]/.test(line) && !FIELD.test(line.slice(0, 200))
}

/** As mailboxes of files have it. A field may be written with blanks before its colon. */
const ENVELOPE_LINE = /^From (?![ \t]*:)[^\n]*\n/

/** Behind a byte order mark stands a field that no mail program knows: its name begins with the mark. */
const FIELD = /^((?:\u00EF\u00BB\u00BF)?[!-9;-~]{1,100})[ \t]{0,8}:/

function addLine(fields: { name: string; value: string }[], line: string): void {
  const last = fields.at(-1)
  const found = /^[ \t]/.test(line) ? null : FIELD.exec(line.slice(0, 200))
  if (found) {
    if (fields.length < MAX_FIELDS)
      fields.push({ name: found[1]!.toLowerCase(), value: line.slice(found[0].length) })
  } else if (last && last.value.length < MAX_VALUE) last.value += ` ${line.trimStart()}`
}

function tidied(fields: readonly Field[]): readonly Field[] {
  return fields.map(({ name, value }) => ({ name, value: value.slice(0, MAX_VALUE).trim() }))
}

/** Value of the first field of this name. */
export function fieldValue(fields: readonly Field[], name: string): string | undefined {
  return fields.find((field) => field.name === name)?.value
}
