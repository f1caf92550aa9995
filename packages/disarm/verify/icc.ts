import { Rejection, demand } from './rejection.ts'

const HEAD = 128
const CLASSES = ['scnr', 'mntr', 'prtr', 'spac']
const SPACES: Readonly<Record<number, string>> = { 1: 'GRAY', 3: 'RGB ', 4: 'CMYK' }
/** In the order they are written: two empty descriptions, then what colour needs. */
const TAGS = 'desc cprt wtpt bkpt rXYZ gXYZ bXYZ rTRC gTRC bTRC kTRC A2B0 A2B1 A2B2 chad'.split(' ')
const TYPES: Readonly<Record<string, readonly string[]>> = {
  desc: ['desc', 'mluc'],
  cprt: ['text', 'mluc'],
  wtpt: ['XYZ '],
  bkpt: ['XYZ '],
  XYZ: ['XYZ '],
  TRC: ['curv', 'para'],
  A2B: ['mft1', 'mft2', 'mAB '],
  chad: ['sf32'],
}
/** Header bytes that say something; all others are 0. ICC.1:2010, 7.2. */
const SPEAKING = new Set([
  0,
  1,
  2,
  3,
  8,
  9,
  ...range(12, 24),
  ...range(36, 40),
  67,
  ...range(68, 80),
])
const ILLUMINANT = '0000f6d6000100000000d32d'
/** Sizes of the tags that hold nothing. */
const EMPTY: Readonly<Record<string, number>> = { desc: 90, text: 9, mluc: 16 }

/** Accepts an ICC profile of our own making: no device, maker, program, date or text in it, tags without a gap. */
export function verifyIcc(bytes: Uint8Array, components: number, where: string): void {
  try {
    new Profile(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), where).verify(
      components,
    )
  } catch (error) {
    // Reads beyond the end of the profile.
    if (error instanceof RangeError) throw new Rejection('VERIFY-PDF-ICC', where)
    throw error
  }
}

class Profile {
  readonly #bytes: Buffer
  readonly #where: string

  constructor(bytes: Buffer, where: string) {
    this.#bytes = bytes
    this.#where = where
  }

  verify(components: number): void {
    this.#head(components)
    const count = this.#bytes.readUInt32BE(HEAD)
    this.#demand(count >= 1 && count <= TAGS.length)
    let next = HEAD + 4 + 12 * count
    let before = -1
    for (let number = 0; number < count; number++) {
      const at = HEAD + 4 + 12 * number
      const tag = this.#word(at)
      const length = this.#bytes.readUInt32BE(at + 8)
      this.#demand(TAGS.indexOf(tag) > before && this.#bytes.readUInt32BE(at + 4) === next)
      this.#tag(tag, next, length)
      before = TAGS.indexOf(tag)
      next += Math.ceil(length / 4) * 4
    }
    this.#demand(next === this.#bytes.length)
  }

  #head(components: number): void {
    const bytes = this.#bytes
    this.#demand(bytes.readUInt32BE(0) === bytes.length && bytes[8]! >= 2 && bytes[8]! <= 4)
    this.#demand(CLASSES.includes(this.#word(12)) && this.#word(16) === SPACES[components])
    this.#demand(['XYZ ', 'Lab '].includes(this.#word(20)) && this.#word(36) === 'acsp')
    this.#demand(bytes[67]! <= 3 && bytes.toString('hex', 68, 80) === ILLUMINANT)
    const silent = bytes.subarray(0, HEAD).every((byte, at) => byte === 0 || SPEAKING.has(at))
    this.#demand(silent)
  }

  #tag(tag: string, start: number, length: number): void {
    const end = start + length
    const kind = TYPES[tag] ?? TYPES[tag.slice(0, 3)] ?? TYPES[tag.slice(1)]
    const type = this.#word(start)
    this.#demand(
      end <= this.#bytes.length && length >= 8 && kind !== undefined && kind.includes(type),
    )
    this.#demand(this.#bytes.readUInt32BE(start + 4) === 0)
    const padding = this.#bytes.subarray(end, Math.ceil(end / 4) * 4)
    this.#demand(padding.every((byte) => byte === 0))
    const size = sizeOf(type, this.#bytes.subarray(start, end))
    this.#demand(size === undefined || size === length)
    if (tag === 'desc' || tag === 'cprt')
      this.#demand(isEmpty(type, this.#bytes.subarray(start + 8, end)))
  }

  #word(at: number): string {
    return this.#bytes.toString('latin1', at, at + 4)
  }

  #demand(condition: boolean): void {
    demand(condition, 'VERIFY-PDF-ICC', this.#where)
  }
}

/** Exact length by type; `undefined` where the parts say it themselves. */
function sizeOf(type: string, tag: Buffer): number | undefined {
  switch (type) {
    case 'XYZ ':
      return 20
    case 'sf32':
      return 44
    case 'curv':
      return 12 + 2 * tag.readUInt32BE(8)
    case 'para':
      return 12 + 4 * ([1, 3, 4, 5, 7][tag.readUInt16BE(8)] ?? Number.NaN)
    case 'mft1':
      return 48 + 256 * tag[8]! + tag[10]! ** tag[8]! * tag[9]! + 256 * tag[9]!
    case 'mft2':
      return (
        52 +
        2 * tag.readUInt16BE(48) * tag[8]! +
        2 * tag[10]! ** tag[8]! * tag[9]! +
        2 * tag.readUInt16BE(50) * tag[9]!
      )
    case 'mAB ':
      return undefined
    default:
      return EMPTY[type]
  }
}

/** The descriptions that the format demands, saying nothing. */
function isEmpty(type: string, body: Buffer): boolean {
  if (type === 'mluc') return body.toString('hex') === '000000000000000c'
  const [first, ...rest] = body
  if (type === 'text') return body.length === 1 && first === 0
  return rest.every((byte, index) => byte === (index === 2 ? 1 : 0)) && first === 0
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index)
}
