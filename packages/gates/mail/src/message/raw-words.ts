import { decodeCharset, withoutSmuggled } from '@sekisho/disarm/mail'

/** Letters of a message that cannot be parted: enough to know what it is about. */
const MAX_LETTERS = 100_000

/**
 * The lines of a body that a person can read: lines of parts and their fields, and what only a machine reads, are left out.
 * @param raw a letter is a byte
 */
export function rawWords(raw: string): string {
  const { text } = decodeCharset(Buffer.from(raw.slice(0, MAX_LETTERS * 4), 'latin1'))
  const lines = text.split(/\r?\n/).filter((line) => !isForMachines(line))
  return withoutSmuggled(lines.join('\n').slice(0, MAX_LETTERS).toWellFormed()).text.trim()
}

function isForMachines(line: string): boolean {
  return (
    /^--[!-~]/.test(line) ||
    /^[A-Za-z0-9+/=_-]{40,}$/.test(line) ||
    /^(?:content|mime)-[a-z-]{1,40}:/i.test(line)
  )
}
