/** Decodes one label that begins with `xn--` (RFC 3492); only to see what a name looks like, never to compare hosts. */

const BASE = 36
const T_MIN = 1
const T_MAX = 26
const SKEW = 38
const DAMP = 700
const FIRST_BIAS = 72
const FIRST_CODE = 0x80

/** The letters of the label, lower case; `undefined` when it is no punycode, or says nothing that ASCII could not. */
export function decodeLabel(label: string): string | undefined {
  const written = label.slice('xn--'.length)
  const cut = written.lastIndexOf('-')
  const letters = Array.from(cut > 0 ? written.slice(0, cut) : '', (one) => one.codePointAt(0)!)
  if (cut === written.length - 1 || written === '') return undefined
  let [at, code, bias, position] = [cut > 0 ? cut + 1 : 0, FIRST_CODE, FIRST_BIAS, 0]
  while (at < written.length) {
    const before = position
    for (let [weight, step] = [1, BASE]; ; step += BASE) {
      const digit = digitOf(written[at])
      at += 1
      if (digit === undefined) return undefined
      position += digit * weight
      const threshold = Math.min(T_MAX, Math.max(T_MIN, step - bias))
      if (digit < threshold) break
      weight *= BASE - threshold
      if (weight > Number.MAX_SAFE_INTEGER / BASE) return undefined
    }
    bias = adapted(position - before, letters.length + 1, before === 0)
    code += Math.floor(position / (letters.length + 1))
    position %= letters.length + 1
    if (code > 0x10_ff_ff || (code >= 0xd8_00 && code <= 0xdf_ff)) return undefined
    letters.splice(position, 0, code)
    position += 1
  }
  return String.fromCodePoint(...letters).toLowerCase()
}

function digitOf(letter: string | undefined): number | undefined {
  if (letter === undefined) return undefined
  if (letter >= 'a' && letter <= 'z') return letter.codePointAt(0)! - 97
  return letter >= '0' && letter <= '9' ? letter.codePointAt(0)! - 48 + 26 : undefined
}

function adapted(delta: number, length: number, first: boolean): number {
  let rest = first ? Math.floor(delta / DAMP) : delta >> 1
  rest += Math.floor(rest / length)
  let steps = 0
  for (; rest > ((BASE - T_MIN) * T_MAX) >> 1; steps += BASE) {
    rest = Math.floor(rest / (BASE - T_MIN))
  }
  return steps + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW))
}
