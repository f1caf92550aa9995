/** A text with the fonts of its parts. */
export interface RichText {
  readonly text: string
  /** From which character on which font holds; empty for plain text. */
  readonly runs: readonly { readonly at: number; readonly font: number }[]
}

/**
 * The shared strings of a book ([MS-XLS] 2.4.265): one record and those that continue it. A text that is cut goes on behind a new
 * flag byte, formatting goes on without one. Undefined when it does not add up.
 * @param segments data of the SST record and of the CONTINUE records behind it
 */
export function readSharedStrings(segments: readonly Uint8Array[]): RichText[] | undefined {
  const reader = new Segments(segments)
  reader.skip(4)
  const count = reader.uint32()
  const texts: RichText[] = []
  while (texts.length < count) {
    const text = readRich(reader)
    if (!text) return undefined
    texts.push(text)
  }
  return texts
}

const WIDE = 1
const EXTENDED = 4
const RICH = 8

function readRich(reader: Segments): RichText | undefined {
  if (reader.ended) return undefined
  const length = reader.uint16()
  const flags = reader.uint8()
  const runCount = flags & RICH ? reader.uint16() : 0
  const extended = flags & EXTENDED ? reader.uint32() : 0
  const text = reader.text(length, (flags & WIDE) !== 0)
  const runs: { at: number; font: number }[] = []
  for (let i = 0; i < runCount && !reader.ended; i++) {
    runs.push({ at: reader.uint16(), font: reader.uint16() })
  }
  reader.skip(extended)
  return reader.failed ? undefined : { text, runs }
}

class Segments {
  readonly #segments: readonly Uint8Array[]
  #segment = 0
  #at = 0
  failed = false

  constructor(segments: readonly Uint8Array[]) {
    this.#segments = segments
  }

  get ended(): boolean {
    this.#settle()
    return this.#segment >= this.#segments.length
  }

  uint8(): number {
    this.#settle()
    const byte = this.#segments[this.#segment]?.[this.#at++]
    if (byte === undefined) this.failed = true
    return byte ?? 0
  }

  uint16(): number {
    return this.uint8() | (this.uint8() << 8)
  }

  uint32(): number {
    return this.uint16() + this.uint16() * 0x10000
  }

  skip(length: number): void {
    for (let left = length; left > 0;) {
      if (this.ended) {
        this.failed = true
        return
      }
      const step = Math.min(left, this.#segments[this.#segment]!.length - this.#at)
      this.#at += step
      left -= step
    }
  }

  text(length: number, wideAtFirst: boolean): string {
    let wide = wideAtFirst
    const parts: string[] = []
    for (let left = length; left > 0;) {
      const segment = this.#segments[this.#segment]
      if (!segment) {
        this.failed = true
        break
      }
      if (this.#at >= segment.length) {
        this.#segment++
        this.#at = 0
        wide = ((this.#segments[this.#segment]?.[this.#at++] ?? 0) & WIDE) !== 0
        continue
      }
      const width = wide ? 2 : 1
      const units = Math.min(left, Math.floor((segment.length - this.#at) / width))
      if (units === 0) {
        this.failed = true
        break
      }
      const bytes = Buffer.from(segment.buffer, segment.byteOffset + this.#at, units * width)
      parts.push(bytes.toString(wide ? 'utf16le' : 'latin1'))
      this.#at += units * width
      left -= units
    }
    return parts.join('')
  }

  /** To the next segment, when this one is used up. */
  #settle(): void {
    while (
      this.#segment < this.#segments.length &&
      this.#at >= this.#segments[this.#segment]!.length
    ) {
      this.#segment++
      this.#at = 0
    }
  }
}
