import { Rejection, demand } from './rejection.ts'
import { decoded, isSeen } from './mail-text.ts'

type Check = (value: string) => boolean

const MAX_FIELD = 60_000
const WORD = /^=\?UTF-8\?B\?([A-Za-z0-9+/]+={0,2})\?=$/u
const ADDRESS =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){0,20}$/u
const ATOMS = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/u
const ID = /^<[!-;=?-~]{1,250}>$/u

/** In this order; each at most once, the last always. */
const FIELDS: readonly (readonly [name: string, check: Check])[] = [
  ['From', isMailboxes],
  ['Sender', isMailboxes],
  ['Reply-To', isMailboxes],
  ['To', isMailboxes],
  ['Cc', isMailboxes],
  ['Date', isDate],
  ['Subject', isSubject],
  ['Message-ID', (value) => ID.test(value)],
  ['In-Reply-To', isIds],
  ['References', isIds],
  ['MIME-Version', (value) => value === '1.0'],
]

/** Checks the fields of a message. @returns what follows them: the part that the message is */
export function verifyHeader(text: string, where: string): string {
  let at = 0
  for (const [name, check] of FIELDS) {
    if (!text.startsWith(`${name}: `, at)) {
      demand(name !== 'MIME-Version', 'VERIFY-MAIL-HEADER', where)
      continue
    }
    const start = at + name.length + 2
    at = endOfField(text, start, where)
    demand(check(text.slice(start, at - 2)), 'VERIFY-MAIL-HEADER', `${where} ${name}`)
  }
  return text.slice(at)
}

/** A field goes on in the lines that begin with a space. */
function endOfField(text: string, start: number, where: string): number {
  let at = start
  do {
    const end = text.indexOf('\r\n', at)
    if (end < 0) throw new Rejection('VERIFY-MAIL-HEADER', where)
    at = end + 2
  } while (text.charAt(at) === ' ')
  return at
}

function isIds(value: string): boolean {
  const ids = value.split('\r\n ')
  return ids.length <= 50 && ids.every((id) => ID.test(id))
}

// --- text

function isSubject(value: string): boolean {
  const text = textOf(value)
  if (text === undefined || text.length > 1000) return false
  const plain = text.length <= 60 && /^[!-~]+(?: [!-~]+)*$/u.test(text) && !text.includes('=?')
  return isTidy(text) && value === (plain ? text : wordsFor(text))
}

function isTidy(text: string): boolean {
  return text !== '' && text === text.trim() && isSeen(text) && !/[\t\r\n]/u.test(text)
}

/** The text that plain letters or encoded words stand for. */
function textOf(value: string): string | undefined {
  if (!value.startsWith('=?')) return /^[ -~]*$/u.test(value) ? value : undefined
  const pieces = value.split('\r\n ').map((word) => WORD.exec(word)?.[1])
  if (pieces.includes(undefined)) return undefined
  return decoded(Buffer.concat(pieces.map((piece) => Buffer.from(piece!, 'base64'))))
}

/** Encoded words of at most 45 bytes, each as full as whole letters allow. */
function wordsFor(text: string): string {
  const words: Buffer[] = [Buffer.of()]
  for (const letter of text) {
    const bytes = Buffer.from(letter)
    const last = words.at(-1)!
    if (last.length + bytes.length > 45) words.push(bytes)
    else words[words.length - 1] = Buffer.concat([last, bytes])
  }
  return words.map((word) => `=?UTF-8?B?${word.toString('base64')}?=`).join('\r\n ')
}

// --- mailboxes

function isMailboxes(value: string): boolean {
  const mailboxes = value.split(',\r\n ')
  if (value.length + 4 > MAX_FIELD || mailboxes.length > 1000) return false
  return mailboxes.every(isMailbox)
}

function isMailbox(text: string): boolean {
  if (text.endsWith(':;')) return isPhrase(text.slice(0, -2))
  const open = text.lastIndexOf(' <')
  if (open < 0 || !text.endsWith('>')) return isAddress(text)
  return isAddress(text.slice(open + 2, -1)) && isPhrase(text.slice(0, open))
}

function isAddress(text: string): boolean {
  return ADDRESS.test(text) && text.length <= 254 && !text.includes('=?')
}

function isPhrase(written: string): boolean {
  const name = nameOf(written)
  if (name === undefined || !isTidy(name) || name.length > 200 || / {2}/u.test(name)) return false
  if (name.length > 60 || /[^ -~]|=\?/u.test(name)) return written === wordsFor(name)
  return written === (ATOMS.test(name) ? name : `"${name.replace(/["\\]/gu, '\\$&')}"`)
}

function nameOf(written: string): string | undefined {
  if (written.startsWith('"') && written.endsWith('"') && written.length > 2) {
    return written.slice(1, -1).replace(/\\(.)/gu, '$1')
  }
  return textOf(written)
}

// --- dates

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const DATE =
  /^([A-Z][a-z]{2}), (\d{2}) ([A-Z][a-z]{2}) (\d{4}) ([01]\d|2[0-3]):[0-5]\d:[0-5]\d [+-](\d{2})[0-5]\d$/u

function isDate(value: string): boolean {
  const found = DATE.exec(value)
  if (!found || value.endsWith('-0000') || Number(found[6]) > 14) return false
  const [day, month, year] = [Number(found[2]), MONTHS.indexOf(found[3]!), Number(found[4])]
  const date = new Date(Date.UTC(year, month, day))
  const exists = month >= 0 && date.getUTCMonth() === month && date.getUTCDate() === day
  return exists && year >= 1900 && DAYS[date.getUTCDay()] === found[1]
}
