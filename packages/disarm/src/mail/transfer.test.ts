import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBase64 } from './transfer.ts'

describe('base64 of real programs', () => {
  it('says the same in one line, in lines of any length, and among other characters', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 1, max: 80 }),
        (bytes, width) => {
          const letters = Buffer.from(bytes).toString('base64')
          const lines = letters.replaceAll(new RegExp(`.{${width}}`, 'g'), '$&\r\n')
          for (const text of [letters, lines, `${lines}\r\n\r\n`, lines.replaceAll('\r\n', ' *\n')])
            expect(Buffer.compare(decodeBase64(text), bytes)).toBe(0)
        },
      ),
    )
  })

  it('goes on behind the padding of a piece', () => {
    expect(Buffer.from(decodeBase64('YQ==\r\nYg==\r\n')).toString()).toBe('ab')
  })
})
