import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { letter, messageBytes } from './queue.test-support.ts'
import { hopOf } from './routes.ts'
import { MAIL_LIMITS, checkSubmission } from './submission.ts'
import { waitAfter } from './waits.ts'

const reasonOf = (change: Parameters<typeof letter>[1]): string => {
  const checked = checkSubmission(letter('m-1', change))
  return checked.ok ? 'ok' : checked.reason
}
const withHeader = (header: string): Uint8Array => Buffer.from(`${header}\r\n\r\nbody\r\n`)

describe('what may enter the queue', () => {
  test.each([
    ['a@b.example> SIZE=1', 'parameters'],
    ['a@b.example\r\nDATA', 'a second command'],
    ['<a@b.example>', 'brackets'],
    ['a b@c.example', 'a space'],
    ['"a\\"b"@c.example', 'quotes'],
    ['@relay.example:a@b.example', 'a source route'],
    ['a@[127.0.0.1]', 'an address literal'],
    ['a@b..example', 'an empty label'],
    ['太郎@b.example', 'letters beyond ASCII'],
    ['a', 'no domain'],
    ['', 'nothing'],
  ])('not a recipient %j: %s', (recipient) => {
    expect(reasonOf({ recipients: ['ok@b.example', recipient] })).toBe('MAIL-OUT-ADDRESS')
    expect(reasonOf({ sender: recipient === '' ? ' ' : recipient })).toBe('MAIL-OUT-ADDRESS')
  })

  test.each([
    'a\nb',
    'a\rb',
    'a\r\n.\nb',
    'a\r\n.\rb',
    'a\n.\r\nb',
    'a\r\r\n.\r\r\nb',
    'a\0b',
    'é',
    'x'.repeat(999),
  ])('not the body %j', (body) =>
    expect(reasonOf({ bytes: messageBytes('m-1', body) })).toBe('MAIL-OUT-FORM'),
  )

  test('not a message whose last line is not ended', () => {
    expect(reasonOf({ bytes: messageBytes('m-1').subarray(0, -2) })).toBe('MAIL-OUT-FORM')
  })

  test.each([
    ['none', 'Subject: x'],
    ['two', 'Message-ID: <a@b>\r\nMessage-ID: <c@d>'],
    ['one without brackets', 'Message-ID: a@b'],
    ['one in the body', 'Subject: x\r\n\r\nMessage-ID: <a@b>'],
  ])('not with %s Message-ID', (_, header) => {
    expect(reasonOf({ bytes: withHeader(header) })).toBe('MAIL-OUT-FORM')
  })

  test('with a folded Message-ID, and exactly as many recipients as may be', () => {
    expect(reasonOf({ bytes: withHeader('Message-ID:\r\n <a@b>') })).toBe('ok')
    const many = Array.from({ length: MAIL_LIMITS.recipients }, (_, n) => `a${n}@b.example`)
    expect(reasonOf({ recipients: many })).toBe('ok')
    expect(reasonOf({ recipients: [...many, 'one@more.example'] })).toBe('MAIL-OUT-TOO-MANY')
  })
})

describe('routes', () => {
  const routes = [
    { domain: '*', hop: 'rest' },
    { domain: '.lg.jp', hop: 'lgwan' },
    { domain: 'town.kasumi.lg.jp', hop: 'own' },
  ]
  test.each([
    ['a@town.kasumi.lg.jp', 'own'],
    ['a@TOWN.Kasumi.LG.jp', 'own'],
    ['a@other.lg.jp', 'lgwan'],
    ['a@evillg.jp', 'rest'],
    ['a@town.kasumi.lg.jp.evil.example', 'rest'],
  ])('%s goes to %s', (address, hop) => expect(hopOf(address, routes)).toBe(hop))
  test('no route is no guess', () => expect(hopOf('a@b.example', routes.slice(1))).toBeUndefined())
})

test('waits grow, stay within a quarter of the longest, and are never nothing', () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000 }), random, (attempts, chance) => {
      const wait = waitAfter(attempts, 1_000, 60_000, chance)
      expect(wait).toBeGreaterThanOrEqual(750)
      expect(wait).toBeLessThanOrEqual(75_000)
      expect(waitAfter(attempts + 1, 1_000, 60_000, chance)).toBeGreaterThanOrEqual(wait)
    }),
  )
})
