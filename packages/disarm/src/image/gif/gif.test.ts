import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Context, Refusal } from '../../family.ts'
import { extension, gifSpecimen, netscapeLoop } from '../specimens/gif-specimen.ts'
import type { FrameSpecimen, GifSpecimen } from '../specimens/gif-specimen.ts'
import { disarmImage, verified } from '../specimens/report.ts'
import { readFrame } from './frame.ts'
import { lzwDecode } from './lzw-decode.ts'
import { lzwEncode } from './lzw-encode.ts'
import { gifFromGif } from './rebuild.ts'

const PALETTE = Uint8Array.from({ length: 768 }, (_, i) => (i * 53 + 7) % 256)
const PLAIN: GifSpecimen = {
  width: 3,
  height: 2,
  palette: PALETTE,
  frames: [{ width: 3, height: 2, pixels: [0, 1, 2, 253, 254, 255] }],
}

/** Number of decoded indices, or the reason of the refusal. */
function lengthOrReason(data: Uint8Array, minimum: number, size: number): unknown {
  try {
    return lzwDecode(data, minimum, size).pixels.length
  } catch (error) {
    return error instanceof Refusal ? error.reason : error
  }
}

describe('LZW', () => {
  test('what is encoded decodes to the same indices and uses up all bytes', () => {
    const runs = fc.array(fc.tuple(fc.nat(255), fc.integer({ min: 1, max: 400 })), {
      minLength: 1,
      maxLength: 60,
    })
    fc.assert(
      fc.property(runs, fc.integer({ min: 2, max: 8 }), (spans, minimum) => {
        const pixels = Uint8Array.from(
          spans.flatMap(([index, length]) => Array.from({ length }, () => index % 2 ** minimum)),
        )
        const codes = lzwEncode(pixels, minimum)
        const decoded = lzwDecode(codes, minimum, pixels.length)
        expect(Buffer.compare(decoded.pixels, pixels)).toBe(0)
        expect(decoded.bytesRead).toBe(codes.length)
      }),
      { numRuns: 100 },
    )
  })

  test('noise that fills the table again and again survives', () => {
    let seed = 1
    const noise = Uint8Array.from(
      { length: 100_000 },
      () => (seed = (seed * 48_271) % 0x7fffffff) & 0xff,
    )
    const decoded = lzwDecode(lzwEncode(noise, 8), 8, noise.length)
    expect(Buffer.compare(decoded.pixels, noise)).toBe(0)
  })

  test('hostile codes neither hang nor yield more or fewer indices than asked for', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 60 }),
        fc.integer({ min: 1, max: 11 }),
        fc.integer({ min: 1, max: 5000 }),
        (data, minimum, size) => {
          expect(lengthOrReason(data, minimum, size)).toBeOneOf([size, 'IMG-DECODE'])
        },
      ),
      { numRuns: 500 },
    )
  })

  test('a code that is not in the table yet is refused', () => {
    // Minimum 2, three-bit codes: clear (4), 0, then 7, while the next free code is 6.
    expect(() => lzwDecode(Uint8Array.of(0b1100_0100, 0b0000_0001), 2, 100)).toThrow('IMG-DECODE')
  })
})

describe('a GIF is rebuilt from its frames', () => {
  const frames: fc.Arbitrary<FrameSpecimen> = fc
    .record({
      width: fc.integer({ min: 1, max: 12 }),
      height: fc.integer({ min: 1, max: 12 }),
      interlaced: fc.boolean(),
      local: fc.boolean(),
      control: fc.option(fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)), {
        nil: undefined,
      }),
      seed: fc.array(fc.nat(255), { minLength: 1, maxLength: 30 }),
    })
    .map(({ seed, local, control, ...frame }) => ({
      ...frame,
      ...(local ? { palette: PALETTE } : {}),
      ...(control ? { control } : {}),
      pixels: Array.from(
        { length: frame.width * frame.height },
        (_, i) => seed[(i * 7) % seed.length]!,
      ),
    }))

  test('pixels, place and colours stay; the output satisfies the verifier and is its own rebuild', () => {
    fc.assert(
      fc.property(fc.array(frames, { minLength: 1, maxLength: 4 }), (list) => {
        const gif = gifSpecimen({ width: 12, height: 12, palette: PALETTE, frames: list })
        const first = disarmImage(gif)
        expect(verified(first.output)).toBe('gif')
        expect(pixelsOf(first.output)).toEqual(list.map((frame) => frame.pixels))
        expect(disarmImage(first.output)).toEqual({ ...first, removed: [] })
      }),
      { numRuns: 150 },
    )
  })

  test('delay, disposal, transparency and loop count stay', () => {
    const frame = { ...PLAIN.frames[0]!, control: [0b0000_1001, 0x34, 0x12, 5] } as const
    const { output, removed } = disarmImage(
      gifSpecimen({ ...PLAIN, frames: [frame, frame], early: [netscapeLoop(515)] }),
    )
    expect(removed).toEqual([])
    expect(hex(output)).toContain('21ff0b4e45545343415045322e300301030200')
    expect(hex(output).match(/21f9040934120500/gu)).toHaveLength(2)
  })

  test('a frame is cut at the edge of the screen, and the screen holds the first frame', () => {
    const late = { left: 2, top: 1, width: 3, height: 2, pixels: [10, 11, 12, 13, 14, 15] }
    const { output, size } = disarmImage(
      gifSpecimen({ ...PLAIN, frames: [PLAIN.frames[0]!, late] }),
    )
    expect(size).toBe('3x2')
    expect(pixelsOf(output)[1]).toEqual([10])
    const screenless = disarmImage(gifSpecimen({ ...PLAIN, width: 0, height: 0 }))
    expect(screenless.size).toBe('3x2')
    const outside = { ...late, left: 3 }
    expect(disarmImage(gifSpecimen({ ...PLAIN, frames: [PLAIN.frames[0]!, outside] })).reason).toBe(
      'IMG-DECODE',
    )
  })

  test('a code size wider than any colour makes the same picture; a colour beyond 255 is refused', () => {
    const [frame] = PLAIN.frames
    for (const minimum of [9, 10, 11]) {
      const wide = gifSpecimen({ ...PLAIN, frames: [{ ...frame!, minimum }] })
      expect(disarmImage(wide).output).toEqual(disarmImage(gifSpecimen(PLAIN)).output)
      const pixels = [0, 1, 2, 253, 254, 256]
      const beyond = gifSpecimen({ ...PLAIN, frames: [{ ...frame!, minimum, pixels }] })
      expect(disarmImage(beyond).reason).toBe('IMG-DECODE')
    }
    const widest = gifSpecimen({ ...PLAIN, frames: [{ ...frame!, minimum: 12 }] })
    expect(disarmImage(widest).reason).toBe('IMG-DECODE')
  })

  test('a missing trailer is forgiven, a missing pixel is not', () => {
    const whole = gifSpecimen(PLAIN)
    expect(disarmImage(whole.subarray(0, -1)).output).toEqual(disarmImage(whole).output)
    for (let length = 0; length < whole.length - 1; length++) {
      expect(disarmImage(whole.subarray(0, length)).reason).toBe('IMG-DECODE')
    }
  })
})

describe('nothing but frames leaves a GIF', () => {
  const clean = disarmImage(gifSpecimen(PLAIN)).output

  test.each([
    ['a comment', extension(0xfe, Buffer.from('taken at 35.68,139.76')), ['IMG-EXIF 1']],
    ['XMP', extension(0xff, Buffer.from('XMP DataXMP'), Buffer.from('<x/>')), ['IMG-EXIF 1']],
    [
      'an application block',
      extension(0xff, Buffer.from('EVILCORP1.0'), Buffer.from('x')),
      ['IMG-GIF 1'],
    ],
    ['a colour profile', extension(0xff, Buffer.from('ICCRGBG1012x')), ['IMG-ICC 1']],
    ['plain text', extension(0x01, Buffer.alloc(12), Buffer.from('text')), ['IMG-GIF 1']],
    ['an unknown extension', extension(0x77, Buffer.from('?')), ['IMG-GIF 1']],
    [
      'a loop block with more in it',
      extension(0xff, Buffer.from('NETSCAPE2.0'), Buffer.from('\x01\0\0more')),
      ['IMG-GIF 1'],
    ],
    [
      'a program in a comment',
      extension(0xfe, Buffer.from('<script>x')),
      ['IMG-EXIF 1', 'IMG-POLY 1'],
    ],
  ])('%s is gone and reported', (_title, block, removed) => {
    const outcome = disarmImage(gifSpecimen({ ...PLAIN, early: [block] }))
    expect(outcome.removed).toEqual(removed)
    expect(outcome.output).toEqual(clean)
  })

  test('a GIF that is also JavaScript is only a GIF afterwards', () => {
    const script = Buffer.from('*/=1;alert(document.domain)//<script>')
    const polyglot = gifSpecimen({ ...PLAIN, width: 0x2a2f, height: 2, trailing: script })
    expect(Buffer.from(polyglot).toString('latin1', 0, 8)).toBe('GIF89a/*')
    const outcome = disarmImage(polyglot)
    expect(outcome.removed).toEqual(['IMG-POLY 1'])
    expect(Buffer.from(outcome.output).includes('alert')).toBe(false)
  })

  test('bytes behind the end code are gone and reported', () => {
    const gif = Buffer.from(gifSpecimen({ ...PLAIN, frames: [{ ...PLAIN.frames[0]! }] }))
    const chainAt = 13 + 768 + 10 + 1
    const size = gif[chainAt]!
    const longer = Buffer.concat([
      gif.subarray(0, chainAt),
      Uint8Array.of(size + 6),
      gif.subarray(chainAt + 1, chainAt + 1 + size),
      Buffer.from('hidden'),
      gif.subarray(chainAt + 1 + size),
    ])
    const outcome = disarmImage(longer)
    expect(outcome.removed).toEqual(['IMG-TRAIL 1'])
    expect(outcome.output).toEqual(clean)
  })

  test('palette entries that no pixel uses cannot carry a message', () => {
    const quiet = { width: 1, height: 1, pixels: [0] }
    const { output } = disarmImage(gifSpecimen({ ...PLAIN, width: 1, height: 1, frames: [quiet] }))
    expect([...output.subarray(13, 19)]).toEqual([...PALETTE.subarray(0, 3), 0, 0, 0])
    expect(output[19]).toBe(0x2c)
  })
})

describe('limits of a GIF', () => {
  const dot = { width: 1, height: 1, pixels: [0], minimum: 2 }
  const many = (count: number) =>
    gifSpecimen({ ...PLAIN, frames: Array.from({ length: count }, () => dot) })

  test('the pixels of all frames together are limited before they are decoded', () => {
    const three = many(3)
    expect(gifFromGif(three, new Context(), '', 3)).toMatchObject({ width: 3, height: 2 })
    expect(() => gifFromGif(three, new Context(), '', 2)).toThrow('IMG-BOMB')
  })

  test('500 frames pass, 501 are a bomb', () => {
    expect(disarmImage(many(500)).reason).toBeUndefined()
    expect(disarmImage(many(501)).reason).toBe('IMG-BOMB')
  })

  test.each([
    ['a screen of 65,535 × 65,535', { width: 65_535, height: 65_535 }, 'IMG-BOMB'],
    [
      'a frame of 65,535 × 65,535',
      { frames: [{ ...dot, width: 65_535, height: 65_535 }] },
      'IMG-BOMB',
    ],
    ['a frame of 0 × 0', { frames: [{ ...dot, width: 0 }] }, 'IMG-DECODE'],
    [
      'more pixels promised than coded',
      { frames: [{ ...dot, width: 3000, height: 3000 }] },
      'IMG-DECODE',
    ],
    ['no colour table at all', { palette: undefined }, 'IMG-DECODE'],
    ['no frame at all', { frames: [] }, 'IMG-DECODE'],
  ])('%s is refused', (_title, change, reason) => {
    const { palette, ...rest } = { ...PLAIN, ...change }
    expect(disarmImage(gifSpecimen(palette ? { ...rest, palette } : rest)).reason).toBe(reason)
  })
})

/** Pixels of each frame of one of our outputs, found with the reader's own blocks. */
function pixelsOf(gif: Uint8Array): number[][] {
  const found: number[][] = []
  let at = 13 + (gif[10]! & 0x80 ? 3 * 2 ** ((gif[10]! & 7) + 1) : 0)
  if (gif[at] === 0x21 && gif[at + 1] === 0xff) at += 19
  while (gif[at] !== 0x3b) {
    if (gif[at] === 0x21) at += 8
    const { frame, end } = readFrame(gif, at, undefined, new Context(), '')
    found.push([...frame.pixels])
    at = end
  }
  return found
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
