import { closeSync, openSync, writeSync } from 'node:fs'

/** Writes pieces one after the other until there are no more; so nothing large is held. */
export function writePieces(path: string, pieces: Iterable<string | Uint8Array>): void {
  const out = openSync(path, 'w')
  for (const piece of pieces) writeSync(out, Buffer.from(piece as string))
  closeSync(out)
}

/** Pieces of `make`, a thousand at a time, until they have so many bytes. */
export function* upTo(
  wanted: number,
  make: (index: number) => string,
  encode: (text: string) => Uint8Array = (text) => Buffer.from(text),
): Generator<Uint8Array> {
  let written = 0
  for (let index = 0; written < wanted; index += 1000) {
    const piece = encode(Array.from({ length: 1000 }, (_, one) => make(index + one)).join(''))
    written += piece.length
    yield piece
  }
}
