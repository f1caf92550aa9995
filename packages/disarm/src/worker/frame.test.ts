import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FrameFault, FrameReader, MAX_HEADER, encodeFrame } from './frame.ts'

const whole = (header: unknown, ...body: Uint8Array[]) => Buffer.concat(encodeFrame(header, body))

describe('the line between parent and worker', () => {
  it('gives back what was said, however the bytes are cut into chunks', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.jsonValue(),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }),
        (body, header, cuts) => {
          const reader = new FrameReader(300)
          const bytes = whole(header, body.subarray(0, 7), body.subarray(7))
          let frame
          for (let at = 0, n = 0; at < bytes.length; n++) {
            const end = Math.min(bytes.length, at + cuts[n % cuts.length]!)
            frame = reader.push(bytes.subarray(at, end))
            at = end
            if (at < bytes.length) expect(frame).toBeUndefined()
          }
          expect(JSON.stringify(frame?.header)).toBe(JSON.stringify(header))
          expect(Buffer.from(frame?.body ?? []).equals(body)).toBe(true)
          expect(reader.pending).toBe(0)
        },
      ),
    )
  })

  it('reads one frame after another', () => {
    const reader = new FrameReader(10)
    for (const word of ['a', 'b'])
      expect(reader.push(whole({ word }, new Uint8Array(3)))?.header).toEqual({ word })
  })

  it('makes no place for what is out of bounds, and takes nothing behind the end', () => {
    const lengths = (header: number, body: number) => {
      const bytes = Buffer.alloc(8)
      bytes.writeUInt32BE(header, 0)
      bytes.writeUInt32BE(body, 4)
      return bytes
    }
    const faults = [
      lengths(2, 11),
      lengths(MAX_HEADER + 1, 0),
      Buffer.concat([whole({}, new Uint8Array(2)), Buffer.from([1])]),
      Buffer.concat([lengths(2, 0), Buffer.from('{{')]),
    ]
    for (const bytes of faults) expect(() => new FrameReader(10).push(bytes)).toThrow(FrameFault)
  })
})
