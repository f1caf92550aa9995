import type { Random } from './random.ts'

/** Largest input that a mutation makes, bytes: faults are found in small files, and those run often. */
export const MAX_INPUT = 64 * 1024

/**
 * One to four changes of the kinds that break parsers: bits, bytes, lengths at their edges, pieces doubled, cut out or taken from another input,
 * words of the format.
 */
export function mutate(
  seed: Uint8Array,
  other: Uint8Array,
  dictionary: readonly string[],
  random: Random,
): Uint8Array {
  let bytes: Buffer = Buffer.from(seed)
  for (let round = 1 + random.below(4); round > 0; round--)
    bytes = random.pick(KINDS)(bytes, Buffer.from(other), dictionary, random)
  return new Uint8Array(bytes.subarray(0, MAX_INPUT))
}

type Kind = (bytes: Buffer, other: Buffer, dictionary: readonly string[], random: Random) => Buffer

const KINDS: readonly Kind[] = [
  (bytes, _other, _dictionary, random) =>
    change(bytes, random, (at) => bytes[at]! ^ (1 << random.below(8))),
  (bytes, _other, _dictionary, random) => change(bytes, random, () => random.below(256)),
  (bytes, _other, _dictionary, random) =>
    change(bytes, random, () => random.pick([0, 1, 0x7f, 0x80, 0xff])),
  (bytes, _other, _dictionary, random) => edgeNumber(bytes, random),
  (bytes, _other, _dictionary, random) => {
    const [from, to] = piece(bytes, random)
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)])
  },
  (bytes, _other, _dictionary, random) => {
    const [from, to] = piece(bytes, random)
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)])
  },
  (bytes, other, _dictionary, random) => {
    const [from, to] = piece(other, random)
    return put(bytes, other.subarray(from, to), random)
  },
  (bytes, _other, dictionary, random) =>
    dictionary.length === 0
      ? bytes
      : put(bytes, Buffer.from(random.pick(dictionary), 'latin1'), random),
  (bytes, _other, dictionary, random) => {
    if (dictionary.length === 0 || bytes.length === 0) return bytes
    const word = Buffer.from(random.pick(dictionary), 'latin1')
    const copy = Buffer.from(bytes)
    word.copy(copy, random.below(copy.length))
    return copy
  },
  (bytes, _other, _dictionary, random) => bytes.subarray(0, random.below(bytes.length + 1)),
]

function change(bytes: Buffer, random: Random, to: (at: number) => number): Buffer {
  if (bytes.length === 0) return Buffer.from([random.below(256)])
  const copy = Buffer.from(bytes)
  const at = random.below(copy.length)
  copy[at] = to(at)
  return copy
}

/** Numbers at which lengths and counts overflow. */
const EDGES = [0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0xfffffffe, 0xffffffff]

function edgeNumber(bytes: Buffer, random: Random): Buffer {
  if (bytes.length < 4) return bytes
  const copy = Buffer.from(bytes)
  const at = random.below(copy.length - 3)
  const edge = random.pick(EDGES)
  if (random.below(2) === 0) copy.writeUInt32LE(edge, at)
  else copy.writeUInt32BE(edge, at)
  return copy
}

function piece(bytes: Buffer, random: Random): readonly [number, number] {
  const from = random.below(bytes.length + 1)
  return [from, Math.min(bytes.length, from + random.below(1 + random.pick([4, 32, 512])))]
}

function put(bytes: Buffer, what: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length + 1)
  return Buffer.concat([bytes.subarray(0, at), what, bytes.subarray(at)])
}
