import { isUtf8 } from 'node:buffer'
import { decodeWords, unicodeOf } from './encoded-word.ts'

/** A mailbox, or words that are none (`undisclosed-recipients`, a damaged address): those have no `address`. */
export interface Mailbox {
  readonly name: string
  readonly address: string | undefined
}

/** Recipients of one field that a person would still read. */
const MAX_MAILBOXES = 1_000

/**
 * Mailboxes of From, To, Cc … (RFC 5322 §3.4, with what programs write instead). Raw Japanese is decoded before it is parsed, because the
 * second byte of a Shift_JIS letter may be a quote or a comma; encoded words after it.
 */
export function readMailboxes(raw: string, charsets: readonly string[]): readonly Mailbox[] {
  const reader = new AddressReader(unicodeOf(raw, charsets))
  reader.run()
  const mailboxes = reader.mailboxes.slice(0, MAX_MAILBOXES)
  return hidesDomain(raw, mailboxes) ? mailboxes.map(asWords) : mailboxes
}

/**
 * An attacker writes his own address so that its letters are letters of Japanese to us, and an address to the program that asks DMARC about it; beside it
 * stands the one that we would show. Where a domain is in the bytes and in no address, no address is certain.
 */
function hidesDomain(raw: string, mailboxes: readonly Mailbox[]): boolean {
  // In UTF-8 no letter of Japanese holds one of ASCII.
  const plain = !/[\u0000-\u0008\u000B-\u001F\u007F]/.test(raw)
  if (plain && isUtf8(Buffer.from(raw, 'latin1'))) return false
  const shown = new Set(mailboxes.map(({ address }) => domainOf(address ?? '')))
  const written = raw.match(/@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,20}/g) ?? []
  return written.some((one) => !shown.has(domainOf(one)))
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}

function asWords({ name, address }: Mailbox): Mailbox {
  const words = [name, address ?? ''].filter((one) => one !== '').join(' ')
  return { name: words, address: undefined }
}

class AddressReader {
  readonly mailboxes: Mailbox[] = []
  readonly #text: string
  #at = 0
  #phrase = ''
  #comment = ''
  #address: string | undefined

  constructor(text: string) {
    this.#text = text
  }

  run(): void {
    while (this.#at < this.#text.length) this.#step(this.#text.charAt(this.#at++))
    this.#finish()
  }

  #step(mark: string): void {
    if (mark === '"') this.#phrase += this.#quoted()
    else if (mark === '(') this.#remark()
    else if (mark === '<') this.#angle()
    else if (mark === ',' || mark === ';') this.#finish()
    else if (mark === ':' && this.#address === undefined) this.#group()
    else this.#phrase += mark
  }

  #quoted(): string {
    let inside = ''
    while (this.#at < this.#text.length) {
      const mark = this.#text.charAt(this.#at++)
      if (mark === '"') break
      inside += mark === '\\' ? this.#text.charAt(this.#at++) : mark
    }
    return inside
  }

  /** Parts words as a blank does: an address with one inside is none. */
  #remark(): void {
    this.#comment += this.#inBrackets()
    this.#phrase += ' '
  }

  #inBrackets(): string {
    let depth = 1
    let inside = ''
    while (this.#at < this.#text.length) {
      const mark = this.#text.charAt(this.#at++)
      if (mark === '(') depth++
      else if (mark === ')' && --depth === 0) break
      inside += mark === '\\' ? this.#text.charAt(this.#at++) : mark
    }
    return inside
  }

  /** Behind one address in angle brackets a second is another mailbox: which of the two a reader takes differs. */
  #angle(): void {
    if (this.#address !== undefined) this.#finish()
    const end = this.#text.indexOf('>', this.#at)
    this.#address = this.#text.slice(this.#at, end < 0 ? this.#text.length : end)
    this.#at = end < 0 ? this.#text.length : end + 1
  }

  /** The name of a group stands for itself, its members follow. */
  #group(): void {
    const name = wordsOf(this.#phrase)
    if (name !== '') this.mailboxes.push({ name, address: undefined })
    this.#phrase = ''
    this.#comment = ''
  }

  #finish(): void {
    const several = this.#address === undefined ? addressesOf(this.#phrase) : []
    const one = mailboxOf(this.#phrase, wordsOf(this.#comment), this.#address)
    if (several.length > 1) this.mailboxes.push(...several)
    else if (one) this.mailboxes.push(one)
    this.#phrase = ''
    this.#comment = ''
    this.#address = undefined
  }
}

/** Addresses with only blanks between them; none when anything else stands there. */
function addressesOf(phrase: string): readonly Mailbox[] {
  const all = phrase.trim().split(/\s+/).map(plainAddress)
  return all.includes(undefined) ? [] : all.map((address) => ({ name: '', address }))
}

/** @param raw with its encoded words: what they say is a name and never an address (RFC 2047 5) */
function mailboxOf(raw: string, comment: string, angle: string | undefined): Mailbox | undefined {
  const phrase = wordsOf(raw)
  if (angle === undefined) {
    const address = plainAddress(raw)
    if (address !== undefined) return { name: comment, address }
    return phrase === '' ? undefined : { name: phrase, address: undefined }
  }
  const address = plainAddress(angle)
  const name = phrase === '' ? comment : phrase
  if (address !== undefined) return { name, address }
  // What is no address is shown as the words it is.
  const words = wordsOf(angle === '' ? name : `${name} ${angle}`)
  return words === '' ? undefined : { name: words, address: undefined }
}

/** Dots anywhere: Japanese carriers gave such addresses away. Source routes and quotes are taken off. */
const ADDRESS =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){0,20}$/

function plainAddress(raw: string): string | undefined {
  const text = raw
    .trim()
    .replace(/^mailto:/i, '')
    .replace(/^@[^:<>"]{0,1000}:/, '')
    .replace(/^"([^"]*)"@/, '$1@')
  // Two letters that begin an encoded word would be read as one the next time.
  return ADDRESS.test(text) && text.length <= 254 && !text.includes('=?') ? text : undefined
}

/** Longest name that is written. */
export const MAX_NAME = 200

function wordsOf(raw: string): string {
  return decodeWords(raw)
    .replace(/[\t\r\n ]+/g, ' ')
    .trim()
}
