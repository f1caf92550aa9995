/** `application/x-www-form-urlencoded`, and the query of an address: names and values, as bytes. */

/** Fields of one form. */
const MAX_FIELDS = 10_000

/** Names and values one after another; `undefined` for a percent sign that begins nothing. */
export function readForm(text: string): readonly Uint8Array[] | undefined {
  const fields = text.split('&')
  if (fields.length > MAX_FIELDS) return undefined
  const all: Uint8Array[] = []
  for (const field of fields) {
    const at = field.indexOf('=')
    const pieces = at < 0 ? [field] : [field.slice(0, at), field.slice(at + 1)]
    for (const piece of pieces) {
      const bytes = unescaped(piece.replaceAll('+', ' '))
      if (!bytes) return undefined
      all.push(bytes)
    }
  }
  return all
}

function unescaped(text: string): Uint8Array | undefined {
  if (!text.includes('%')) return Buffer.from(text)
  if (/%(?![0-9A-Fa-f]{2})/u.test(text)) return undefined
  // Letters outside ASCII are their own bytes, an escape is one byte.
  const raw = Buffer.from(text).toString('latin1')
  return Buffer.from(
    raw.replaceAll(/%([0-9A-Fa-f]{2})/gu, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    ),
    'latin1',
  )
}
