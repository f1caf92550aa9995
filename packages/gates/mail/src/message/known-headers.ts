/** A field that may stand in a rebuilt message, and where it is defined. */
export interface KnownHeader {
  readonly name: string
  readonly source: string
}

/**
 * All fields of a rebuilt message and of its parts. Each was read, and written anew in its one spelling; every other field of the sender, and of the
 * machines on the way, stays outside.
 */
export const KNOWN_HEADERS: readonly KnownHeader[] = [
  { name: 'From', source: 'RFC 5322 3.6.2' },
  { name: 'Sender', source: 'RFC 5322 3.6.2' },
  { name: 'Reply-To', source: 'RFC 5322 3.6.2' },
  { name: 'To', source: 'RFC 5322 3.6.3' },
  { name: 'Cc', source: 'RFC 5322 3.6.3' },
  { name: 'Date', source: 'RFC 5322 3.6.1' },
  { name: 'Subject', source: 'RFC 5322 3.6.5, RFC 2047' },
  { name: 'Message-ID', source: 'RFC 5322 3.6.4' },
  { name: 'In-Reply-To', source: 'RFC 5322 3.6.4' },
  { name: 'References', source: 'RFC 5322 3.6.4' },
  { name: 'MIME-Version', source: 'RFC 2045 4' },
  { name: 'Content-Type', source: 'RFC 2045 5' },
  { name: 'Content-Transfer-Encoding', source: 'RFC 2045 6' },
  { name: 'Content-Disposition', source: 'RFC 2183, RFC 2231' },
  { name: 'Content-ID', source: 'RFC 2045 7' },
]

const NAMES: ReadonlySet<string> = new Set(KNOWN_HEADERS.map(({ name }) => name.toLowerCase()))

/** @param name in lower case */
export function isKnownHeader(name: string): boolean {
  return NAMES.has(name)
}
