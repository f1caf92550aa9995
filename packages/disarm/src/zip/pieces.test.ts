import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Context, Refusal } from '../family.ts'
import { Deflater, LEVEL, PIECE, deflated, joinedCrc } from './deflate.ts'
import type { PackedContent } from './deflate.ts'
import { inflatePieces } from './inflate.ts'
import { readEntry, readZip } from './read.ts'
import { writeZip } from './write.ts'

function all(input: Uint8Array, limit = 1 << 30): Buffer | string {
  try {
    // A piece is overwritten by the next one.
    const pieces: Buffer[] = []
    for (const piece of inflatePieces(input, limit)) pieces.push(Buffer.from(piece))
    return Buffer.concat(pieces)
  } catch (error) {
    if (error instanceof Refusal) return error.reason
    throw error
  }
}

/** Text that packs neither very well nor badly. */
function words(length: number, seed: number): string {
  let [text, state] = ['', seed]
  while (text.length < length) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    text += `${(state >>> 8).toString(36)} 葛󠄂城 `
  }
  return text
}

describe('a stream that is unpacked piece by piece', () => {
  const text = Buffer.from(words(700_000, 1))
  const packed = deflateRawSync(text)
  it('gives what was packed', () => {
    expect(text.equals(all(packed) as Buffer)).toBe(true)
    expect(all(deflateRawSync(''))).toEqual(Buffer.alloc(0))
    const full = Buffer.alloc(256 * 1024 * 2, 'x')
    expect(full.equals(all(deflateRawSync(full)) as Buffer)).toBe(true)
  })
  it('may not end early, late or grow beyond its limit', () => {
    expect(all(packed.subarray(0, -1))).toBe('ZIP-AMBIG')
    expect(all(packed.subarray(0, packed.length / 2))).toBe('ZIP-AMBIG')
    expect(all(Buffer.concat([packed, Buffer.from('x')]))).toBe('ZIP-AMBIG')
    expect(all(packed, text.length - 1)).toBe('ZIP-BOMB')
    expect(all(deflateRawSync(Buffer.alloc(50_000_000)), 1_000_000)).toBe('ZIP-BOMB')
  })
  it('is the same as unpacked at once, or refused, whatever byte is another', () => {
    const small = deflateRawSync(words(2000, 7))
    fc.assert(
      fc.property(fc.nat(small.length - 1), fc.nat(255), (at, value) => {
        const changed = Buffer.from(small)
        changed[at] = value
        let whole: Buffer | undefined
        try {
          const options: object = { info: true, maxOutputLength: 1 << 20 }
          const { buffer, engine } = inflateRawSync(changed, options) as unknown as {
            buffer: Buffer
            engine: { bytesWritten: number }
          }
          if (engine.bytesWritten === changed.length) whole = buffer
        } catch {
          whole = undefined
        }
        expect(all(changed, 1 << 20)).toEqual(whole ?? expect.stringMatching(/^ZIP-/))
      }),
      { numRuns: 300 },
    )
  })
})

describe('the room for a small member', () => {
  it('changes nothing of its stream, also where its end repeats its beginning', () => {
    for (let length = 0; length < 40_000; length = length * 2 + 13)
      for (const content of [words(length, 5).slice(0, length), 'x'.repeat(length)]) {
        const bytes = Buffer.from(`${content.slice(0, 20)}${content}${content.slice(0, 20)}`)
        expect(deflateRawSync(bytes, { level: LEVEL }).equals(deflated(bytes))).toBe(true)
      }
  })
  it('holds all of it when its directory lies about the size', () => {
    const text = Buffer.from(words(150_000, 9))
    for (const said of [0, 1, 1023, 1024, text.length - 1, text.length, 2 ** 40]) {
      const pieces: Buffer[] = []
      for (const piece of inflatePieces(deflateRawSync(text), 1 << 20, said))
        pieces.push(Buffer.from(piece))
      expect(Buffer.concat(pieces).equals(text)).toBe(true)
    }
  })
})

describe('a member that is packed on the way', () => {
  const long = words(1_300_000, 3)
  const pack = (head: string, pieces: readonly string[]) => {
    const deflater = new Deflater()
    for (const piece of pieces) deflater.text(piece)
    return deflater.end(head)
  }
  it('is left as it is while it is short', () => {
    expect(Buffer.from(pack('<a>', ['葛', '</a>']) as Uint8Array).toString()).toBe('<a>葛</a>')
    const most = 'x'.repeat(PIECE - 1)
    expect(pack('y', [most])).toBeInstanceOf(Uint8Array)
    expect(pack('yy', [most])).not.toBeInstanceOf(Uint8Array)
  })
  it('unpacks to what was written, in a zip that every reader opens', () => {
    const content = pack('<head>', [long])
    const zip = writeZip([{ name: 'a.xml', bytes: content }])
    const context = new Context()
    const read = readZip(zip, context)
    const bytes = readEntry(read, read.entries[0]!, context)
    expect(Buffer.from(bytes).toString()).toBe(`<head>${long}`)
  })
  it('packs to the same bytes however it was cut, as text or as bytes', () => {
    const whole = pack('', [long]) as PackedContent
    const cut = pack('', [long.slice(0, 10), long.slice(10, 900_001), long.slice(900_001)])
    const deflater = new Deflater()
    deflater.binary(Buffer.from(long).toString('latin1'))
    for (const other of [cut, deflater.end('')] as PackedContent[]) {
      expect({ crc: other.crc, size: other.size }).toEqual({ crc: whole.crc, size: whole.size })
      expect(Buffer.concat(other.packed).equals(Buffer.concat(whole.packed))).toBe(true)
    }
  })
  it('has the checksum of its head and its body together', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (a, b) => {
        const joined = joinedCrc(crc32(a), crc32(b), b.length)
        expect(joined).toBe(crc32(Buffer.concat([a, b])))
      }),
    )
  })
})
