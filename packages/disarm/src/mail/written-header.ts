import { cutText } from '../cut-text.ts'
import type { Mailbox } from './address.ts'
import { MAX_MAILBOXES, MAX_NAME } from './address.ts'

/** Bytes of text in one encoded word: with its frame it stays below the 75 letters of RFC 2047. */
const WORD_BYTES = 45
/** Plain words up to this long stand in the header as they are. */
const PLAIN_LENGTH = 60

/** Text of a header in its one spelling: plain when it is short ASCII, otherwise encoded words in UTF-8, one a line. */
export function writtenText(text: string): string {
  if (text.length <= PLAIN_LENGTH && /^[!-~]+(?: [!-~]+)*$/.test(text) && !text.includes('=?'))
    return text
  return encodedWords(text)
}

function encodedWords(text: string): string {
  const words = cutText(text, WORD_BYTES)
  return words.map((one) => `=?UTF-8?B?${Buffer.from(one).toString('base64')}?=`).join('\r\n ')
}

/** Letters of one field. Readers cut what is longer. */
const MAX_FIELD = 60_000

/** Mailboxes, one a line, as many as there is room for. Words that are no mailbox stand as the name of an empty group. */
export function writtenMailboxes(mailboxes: readonly Mailbox[]): {
  readonly text: string
  readonly count: number
} {
  const lines: string[] = []
  let size = 0
  for (const mailbox of mailboxes.slice(0, MAX_MAILBOXES)) {
    const line = writtenMailbox(mailbox)
    size += line.length + 4
    if (size > MAX_FIELD) break
    lines.push(line)
  }
  return { text: lines.join(',\r\n '), count: lines.length }
}

function writtenMailbox({ name, address }: Mailbox): string {
  if (address === undefined) return `${writtenPhrase(name)}:;`
  return name === '' ? address : `${writtenPhrase(name)} <${address}>`
}

function writtenPhrase(name: string): string {
  if (name.length > PLAIN_LENGTH || /[^ -~]|=\?/.test(name)) return encodedWords(name)
  if (/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/.test(name))
    return name
  return `"${name.replace(/["\\]/g, '\\$&')}"`
}

/** A name as it is written: one line, no more than a line long. */
export function cutName(name: string): string {
  return name.length <= MAX_NAME
    ? name
    : name
        .slice(0, MAX_NAME)
        .replace(/[\uD800-\uDBFF]$/, '')
        .trim()
}

/** `name="x.pdf"`, or by RFC 2231 for what is not plain ASCII. */
export function writtenFileName(name: string): string {
  if (/^[A-Za-z0-9 !#$&'()+,.;=@[\]^_`{}~-]{1,60}$/.test(name) && !name.includes('=?'))
    return `filename="${name}"`
  const escaped = [...Buffer.from(name)]
    .map((byte) =>
      /[A-Za-z0-9._-]/.test(String.fromCharCode(byte))
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('')
  return `filename*=UTF-8''${escaped}`
}
