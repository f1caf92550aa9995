import * as fc from 'fast-check'
import { readAddress } from '@sekisho/town'
import { describe, expect, it } from 'vitest'
import { corpusCases, corpusText } from '../corpus.test-support.ts'
import { readHost, readTarget } from './host.ts'
import { decodeLabel } from './punycode.ts'
import { specialKind } from './special-ranges.ts'
import { twinOf } from './twin.ts'

interface HostCase {
  readonly title: string
  readonly text: string
  readonly expect: object
}

describe('each way to write a host', () => {
  it.each(corpusCases('hosts/hosts.json') as readonly HostCase[])(
    '$title: $text',
    ({ text, expect: wanted }) => {
      expect(readTarget(text)).toEqual(wanted)
    },
  )
})

describe('any text as a host', () => {
  const pieces = fc.constantFrom(
    'a',
    'Z',
    '0',
    '7',
    '.',
    '-',
    ':',
    '[',
    ']',
    '%',
    '@',
    '*',
    '/',
    '\\',
    '\0',
    'é',
    '。',
    '１',
    'xn--',
    '0x',
    '127',
    'com',
  )
  const texts = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 12 }).map((all) => all.join('')),
  )

  it('is a name of plain lower-case labels, an address, or nothing', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const read = readHost(text)
        if (read.form === 'name') {
          expect(read.host).toMatch(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])$/u)
          expect(read.host).toBe(text.toLowerCase())
          // No reader that takes numbers for addresses finds one in it.
          expect(read.host.split('.').at(-1)).not.toMatch(/^(?:\d+|0x[0-9a-f]*)$/u)
          expect(readHost(read.host)).toEqual(read)
        }
        if (read.form === 'address') expect(readAddress(read.host)).toBeDefined()
      }),
      { numRuns: 3_000 },
    )
  })

  it('what WHATWG takes for the same host as a name of ours is that name', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const read = readHost(text)
        if (read.form !== 'name' || read.host.includes('xn--')) return
        expect(new URL(`https://${text}/`).hostname).toBe(read.host)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('punycode', () => {
  it.each([
    ['xn--wgv71a119e', '日本語'],
    ['xn--bcher-kva', 'bücher'],
    ['xn--utlook-vqf', 'оutlook'],
    ['xn--80ak6aa92e', 'аррӏе'],
  ])('%s is %s', (label, letters) => expect(decodeLabel(label)).toBe(letters))

  it('any label is letters or nothing, and never an exception', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'abcz019-'), maxLength: 60 }), (rest) => {
        const letters = decodeLabel(`xn--${rest}`)
        if (letters !== undefined) expect(letters.isWellFormed()).toBe(true)
      }),
      { numRuns: 3_000 },
    )
  })
})

describe('a name made to be taken for a listed one', () => {
  const { listed, cases } = JSON.parse(corpusText('hosts/twins.json')) as {
    listed: string[]
    cases: { host: string; twin: boolean }[]
  }
  it.each(cases)('$host: $twin', ({ host, twin }) => {
    expect(readHost(host).form).toBe('name')
    expect(twinOf(host, listed) !== undefined).toBe(twin)
  })
})

describe('where no cloud service is', () => {
  it.each(
    corpusCases('hosts/addresses.json') as readonly { address: string; kind: string | null }[],
  )('$address: $kind', ({ address, kind }) => {
    expect(specialKind(readAddress(address)!) ?? null).toBe(kind)
  })
})
