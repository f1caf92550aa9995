/**
 * How much of one text is in another, in thousandths: pairs of characters are counted, not compared in order, because a rebuilt document may
 * tell its notes before its body. 1000 when nothing is missing. What another reader did not see before is no loss: a renderer that gives up
 * at a fault of the original reads on in the mended copy.
 */
export function textLikeness(before: string, after: string): number {
  const was = histogram(before)
  const is = histogram(after)
  let common = 0
  let most = 0
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    common += Math.min(was[bucket]!, is[bucket]!)
    most += was[bucket]!
  }
  return most === 0 ? 1000 : Math.floor((common * 1000) / most)
}

const BUCKETS = 1 << 16

/** Pairs of neighbouring characters of one line without white space, in buckets. */
function histogram(text: string): Uint32Array {
  const counts = new Uint32Array(BUCKETS)
  let last = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    // Parts of a document come in another order; no pair reaches from one into the next.
    if (unit === 0x0a) last = 0
    if (unit <= 0x20 || unit === 0xa0 || unit === 0x3000) continue
    const bucket = (Math.imul(last, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b)) >>> 16
    counts[bucket]!++
    last = unit
  }
  return counts
}
