import type { Context } from '../family.ts'
import { Refusal } from '../family.ts'
import type { XmlToken } from '../xml/read.ts'
import { XmlReader } from '../xml/read.ts'
import { withoutDoctype } from './doctype.ts'
import { presentName } from './namespaces.ts'

/** How many tokens between two looks at the clock. */
const LOOK = 4096

/** One XML part as tokens, read piece by piece: no part is ever at hand as a whole. */
export class Tokens {
  readonly reader: XmlReader
  readonly #where: string
  readonly #context: Context
  #count = 0

  constructor(pieces: Iterable<Uint8Array>, where: string, context: Context) {
    this.#where = where
    this.#context = context
    const dropped = (): void => context.removed('OX-DTD', where)
    this.reader = new XmlReader(withoutDoctype(pieces, dropped), presentName)
  }

  next(): XmlToken | undefined {
    for (;;) {
      this.look()
      const token = this.reader.next()
      if (token?.kind !== 'instruction') return token
      this.#context.removed('OX-DTD', this.#where)
    }
  }

  /** Looks at the clock now and then. */
  look(): void {
    if (++this.#count % LOOK === 0) this.#context.checkTime()
  }
}

/** What is done with the tokens of one part. What is malformed is refused `ODF-XML`. */
export function readTokens<Result>(
  pieces: Iterable<Uint8Array>,
  where: string,
  context: Context,
  read: (tokens: Tokens) => Result,
): Result {
  try {
    return read(new Tokens(pieces, where, context))
  } catch (error) {
    throw error instanceof Refusal && error.reason === 'OX-XML' ? new Refusal('ODF-XML') : error
  }
}

const PIECE = 256 * 1024

/** Bytes that are at hand, as a reader likes them. */
export function* inPieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length || at === 0; at += PIECE) yield bytes.subarray(at, at + PIECE)
}
