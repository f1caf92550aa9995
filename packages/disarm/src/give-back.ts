/**
 * Gives the memory of bytes back at once, without waiting for the collector: so what is put together grows by what its pieces shrink, and
 * a file of 50 MB is never held twice. They are empty afterwards; only for bytes that nobody else has.
 */
export function giveBack({ buffer, byteLength }: ArrayBufferView): void {
  // A view of something larger is not ours to take away.
  if (buffer instanceof ArrayBuffer && !buffer.detached && buffer.byteLength === byteLength)
    buffer.transfer(0)
}

/** Smaller pieces are not worth the question who else has them. */
const LARGE = 16 * 1024

/** The pieces one behind the other, each large one given back as soon as it is there. A piece may stand in several places. */
export function joinedAndGivenBack(pieces: readonly Uint8Array[]): Uint8Array {
  const last = new Map<ArrayBufferLike, number>()
  for (const [index, piece] of pieces.entries())
    if (piece.length >= LARGE) last.set(piece.buffer, index)
  const size = pieces.reduce((sum, { length }) => sum + length, 0)
  const whole = new Uint8Array(size)
  let at = 0
  for (const [index, piece] of pieces.entries()) {
    const { length } = piece
    whole.set(piece, at)
    at += length
    if (length >= LARGE && last.get(piece.buffer) === index) giveBack(piece)
  }
  return whole
}
