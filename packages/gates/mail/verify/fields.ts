/**
 * Fields of a message and of its parts: only those that a rebuilt mail has, each once.
 */
import { Rejection, demand } from './rejection.ts'

/** RFC 5322, 2045, 2183; nothing of the way that a mail took. */
const OF_MESSAGE: ReadonlySet<string> = new Set([
  'From',
  'Sender',
  'Reply-To',
  'To',
  'Cc',
  'Date',
  'Subject',
  'Message-ID',
  'In-Reply-To',
  'References',
  'MIME-Version',
])
const OF_PART: ReadonlySet<string> = new Set([
  'Content-Type',
  'Content-Transfer-Encoding',
  'Content-Disposition',
])

/** A message or a part: its fields by name, unfolded, and what follows the empty line. */
export interface Entity {
  readonly fields: ReadonlyMap<string, string>
  readonly body: string
}

/** @throws Rejection for a field that is unknown, or there twice */
export function readEntity(text: string, where: 'message' | 'part'): Entity {
  const end = text.indexOf('\r\n\r\n')
  demand(end >= 0, 'MAIL-SHAPE', where)
  const fields = new Map<string, string>()
  for (const line of text
    .slice(0, end)
    .replaceAll(/\r\n +/gu, ' ')
    .split('\r\n')) {
    const [, name = '', value = ''] = /^([A-Za-z-]+): ?(.*)$/u.exec(line) ?? []
    const known = OF_PART.has(name) || (where === 'message' && OF_MESSAGE.has(name))
    demand(known && !fields.has(name), 'MAIL-FIELD', where)
    fields.set(name, value)
  }
  return { fields, body: text.slice(end + 4) }
}

/** The words that a field shows: plain letters, or encoded words in UTF-8 (RFC 2047). */
export function shownWords(value: string): string {
  return value
    .replaceAll(/\?= +=\?UTF-8\?B\?/gu, '?==?UTF-8?B?')
    .replaceAll(/=\?UTF-8\?B\?([A-Za-z0-9+/=]*)\?=/gu, (_, letters: string) => utf8(letters))
    .replaceAll(/^"|"(?= <|$)/gu, '')
}

/** @throws Rejection when the letters are no text */
export function utf8(letters: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      Buffer.from(letters, 'base64'),
    )
  } catch {
    throw new Rejection('MAIL-TEXT', 'text')
  }
}
