import { Lexer, SyntaxFault } from './lexer.ts'
import { isDictionary } from './objects.ts'
import type { Dictionary, Value } from './objects.ts'
import { streamEnd } from './stream-end.ts'

export interface IndirectObject {
  readonly number: number
  readonly generation: number
  readonly value: Value
  /** First byte after the object. */
  readonly end: number
  /** The stated `/Length` was wrong and the end was searched. */
  readonly mended: boolean
}

/**
 * Reads `N G obj … endobj` at `at` (ISO 32000-1, 7.3.10), with the stream when there is one. `lengthOf` resolves an indirect
 * `/Length`; when it gives nothing, or a wrong length, the end is the next `endstream`. Throws `SyntaxFault`.
 */
export function readIndirectObject(
  bytes: Uint8Array,
  at: number,
  lengthOf: (value: Value) => number | undefined,
): IndirectObject {
  const lexer = new Lexer(bytes, at)
  const number = lexer.integer()
  const generation = lexer.integer()
  if (number === undefined || generation === undefined || !lexer.keyword('obj')) {
    throw new SyntaxFault('no object here', at)
  }
  if (lexer.keyword('endobj'))
    return { number, generation, value: null, end: lexer.at, mended: true }
  const value = lexer.value()
  const before = lexer.at
  if (!isDictionary(value) || !startsStream(lexer)) {
    lexer.at = before
    lexer.keyword('endobj')
    return { number, generation, value, end: lexer.at, mended: false }
  }
  const { raw, end, mended } = readStream(lexer, value, lengthOf)
  return { number, generation, value: { kind: 'stream', dictionary: value, raw }, end, mended }
}

/** `stream` and one line end; a lone carriage return is tolerated as readers do. */
function startsStream(lexer: Lexer): boolean {
  if (!lexer.keyword('stream')) return false
  while (lexer.bytes[lexer.at] === 32) lexer.at += 1
  if (lexer.bytes[lexer.at] === 13) lexer.at += 1
  if (lexer.bytes[lexer.at] === 10) lexer.at += 1
  return true
}

function readStream(
  lexer: Lexer,
  dictionary: Dictionary,
  lengthOf: (value: Value) => number | undefined,
): { raw: Uint8Array; end: number; mended: boolean } {
  const { bytes, at: start } = lexer
  const stated = dictionary.entries.get('Length') ?? null
  const length = typeof stated === 'number' ? stated : lengthOf(stated)
  if (length !== undefined && isInside(length, start, bytes)) {
    lexer.at = start + length
    if (lexer.keyword('endstream')) {
      lexer.keyword('endobj')
      return { raw: bytes.subarray(start, start + length), end: lexer.at, mended: false }
    }
  }
  return searchEnd(bytes, start, length)
}

/** At the first word that ends a stream or its object; without either, where the stated length says, if it says anything possible. */
function searchEnd(
  bytes: Uint8Array,
  start: number,
  stated: number | undefined,
): { raw: Uint8Array; end: number; mended: boolean } {
  const end = streamEnd(bytes, start)
  if (end < 0) {
    if (stated === undefined || !isInside(stated, start, bytes)) {
      throw new SyntaxFault('stream does not end', start)
    }
    return { raw: bytes.subarray(start, start + stated), end: start + stated, mended: true }
  }
  let last = end
  if (last > start && bytes[last - 1] === 10) last -= 1
  if (last > start && bytes[last - 1] === 13) last -= 1
  const lexer = new Lexer(bytes, end)
  lexer.keyword('endstream')
  lexer.keyword('endobj')
  return { raw: bytes.subarray(start, last), end: lexer.at, mended: true }
}

function isInside(length: number, start: number, bytes: Uint8Array): boolean {
  return Number.isInteger(length) && length >= 0 && start + length <= bytes.length
}
