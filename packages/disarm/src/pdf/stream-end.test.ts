import fc from 'fast-check'
import { expect, it } from 'vitest'
import { streamEnd } from './stream-end.ts'

it('the end of a stream is the next end word, however far behind it stands', () => {
  const piece = fc.oneof(
    fc.constantFrom('endstream', 'endobj', 'endstrea', 'endob', 'end', 'x'),
    fc.nat(5000).map((length) => ' '.repeat(length)),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.nat(30_000), (pieces, start) => {
      const text = pieces.join('')
      const from = Math.min(start, text.length)
      const places = ['endstream', 'endobj'].map((word) => text.indexOf(word, from))
      const expected = Math.min(...places.map((at) => (at < 0 ? Infinity : at)))
      const bytes = new Uint8Array(Buffer.from(text))
      expect(streamEnd(bytes, from)).toBe(expected === Infinity ? -1 : expected)
    }),
  )
})

it('a file of streams that never end is read once, not once for each of them', () => {
  const bytes = new Uint8Array(Buffer.from('<<>> stream\n'.repeat(200_000)))
  let found = 0
  for (let at = 0; at < bytes.length; at += 12) if (streamEnd(bytes, at) >= 0) found++
  expect(found).toBe(0)
})
