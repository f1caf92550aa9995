import { deflateRawSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withoutCoding } from './content-coding.ts'
import { encodedRuns } from './encoded.ts'
import { examineSent } from './examine.ts'
import { readForm } from './form.ts'
import { readJson } from './json-strings.ts'
import { readFieldWithParameters } from './media-type.ts'
import { readMultipart } from './multipart.ts'
import { isPiece } from './piece.ts'
import { readSent } from './read-sent.ts'

const form = readFieldWithParameters('multipart/form-data; boundary=xyz')!
const TERMS = { unlabelled: 'ask', marks: [], most: 1_000_000 } as const

/** A body of this form with one part for each value, as a browser writes it. */
function multipartOf(values: readonly Uint8Array[]): Buffer {
  const parts = values.map((value, index) =>
    Buffer.concat([
      Buffer.from(`--xyz\r\nContent-Disposition: form-data; name="f${index}"\r\n\r\n`),
      value,
      Buffer.from('\r\n'),
    ]),
  )
  return Buffer.concat([...parts, Buffer.from('--xyz--\r\n')])
}

const bytes = fc.uint8Array({ maxLength: 200 })
/** Bytes out of what delimiters are made of: the neighbours of every trick. */
const nearly = fc
  .array(
    fc.constantFrom(
      '\r\n',
      '\n',
      '\r',
      '--',
      'xyz',
      '--xyz',
      '--xyz--',
      '\r\n--xyz',
      ' ',
      'a',
      ':',
      '"',
    ),
    {
      maxLength: 30,
    },
  )
  .map((pieces) => Buffer.from(pieces.join('')))

describe('a multipart body', () => {
  it('gives back what a browser put in, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(bytes, { minLength: 1, maxLength: 5 }), (values) => {
        fc.pre(values.every((value) => !Buffer.from(value).includes('--xyz')))
        const parts = readMultipart(multipartOf(values), form)
        expect(parts?.map((part) => Buffer.from(part.bytes))).toEqual(
          values.map((one) => Buffer.from(one)),
        )
      }),
      { numRuns: 200 },
    )
  })

  it('is read in one way only, or not at all: what is read, written again, is the body', () => {
    fc.assert(
      fc.property(fc.array(nearly, { minLength: 1, maxLength: 3 }), fc.boolean(), (values, cut) => {
        const whole = multipartOf(values)
        const body = cut ? whole.subarray(0, whole.length - 2) : whole
        const parts = readMultipart(body, form)
        if (!parts) return
        const again = multipartOf(parts.map((part) => part.bytes))
        expect(cut ? again.subarray(0, again.length - 2) : again).toEqual(body)
        // No reader that takes a line beginning with the boundary for a delimiter finds one more.
        for (const part of parts)
          expect(Buffer.from(part.bytes).toString()).not.toMatch(/[\r\n]--xyz/u)
      }),
      { numRuns: 2_000 },
    )
  })

  it('with a boundary that no grammar allows is not read', () => {
    for (const boundary of ['', ' ', 'a'.repeat(71), 'a b ', 'a\tb', 'あ'])
      expect(
        readMultipart(multipartOf([]), {
          value: 'multipart/form-data',
          parameters: new Map([['boundary', boundary]]),
        }),
      ).toBeUndefined()
  })
})

describe('a field with parameters', () => {
  it('is read as it was written', () => {
    const token = fc.stringMatching(/^[A-Za-z0-9!#$&^_.+-]{1,20}$/u)
    fc.assert(
      fc.property(token, token, fc.dictionary(token, token, { maxKeys: 4 }), (type, sub, all) => {
        const parameters = Object.entries(all).filter(
          ([name], index, list) =>
            list.findIndex(([other]) => other.toLowerCase() === name.toLowerCase()) === index,
        )
        const text = [
          `${type}/${sub}`,
          ...parameters.map(([name, value]) => `${name}="${value}"`),
        ].join('; ')
        const read = readFieldWithParameters(text)
        expect(read?.value).toBe(`${type}/${sub}`.toLowerCase())
        expect([...(read?.parameters ?? [])]).toEqual(
          parameters.map(([name, value]) => [name.toLowerCase(), value]),
        )
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    '',
    ';',
    'a/b;',
    'a/b; c',
    'a/b; c=1; C=2',
    'a/b; c="1',
    'a/b; c="\\""',
    'a/b, c/d',
    'a/b; c=1 d=2',
    'a / b',
  ])('%s has no reading', (text) => expect(readFieldWithParameters(text)).toBeUndefined())
})

describe('letters that are bytes', () => {
  it('base64 in both alphabets, hexadecimal and folded lines give the bytes back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 60, maxLength: 300 }), (value) => {
        const one = Buffer.from(value)
        const folded = one.toString('base64').replaceAll(/.{76}/gu, '$&\r\n  ')
        for (const text of [
          one.toString('base64'),
          one.toString('base64url'),
          folded,
          one.toString('hex'),
        ]) {
          const found = encodedRuns(`<a b="c">${text}</a>`)
          expect(found.map((run) => Buffer.from(run).equals(one))).toContain(true)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('words are none', () => {
    expect(
      encodedRuns(
        'The quick brown fox jumps over the lazy dog, again and again and again and again.',
      ),
    ).toEqual([])
    expect(encodedRuns('お知らせ'.repeat(50))).toEqual([])
  })

  it('a list of numbers is its bytes, a list of years is none', () => {
    const list = Array.from({ length: 40 }, (_, index) => index * 6)
    expect(readJson(JSON.stringify({ list }))?.lists).toEqual([Uint8Array.from(list)])
    expect(readJson(JSON.stringify({ list: list.map((one) => one + 600) }))?.lists).toEqual([])
  })
})

describe('the strings of a JSON text', () => {
  it('are all there, names and values, in order', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1), (value, space) => {
        const expected: string[] = []
        JSON.stringify(value, (_, one: unknown) => {
          if (typeof one === 'string') expected.push(one)
          return one
        })
        const read = readJson(JSON.stringify(value, null, space))
        for (const one of expected) expect(read?.strings).toContain(one)
      }),
      { numRuns: 200 },
    )
  })

  it('one of many million letters, and a list of as many numbers, come to their end', () => {
    const long = Buffer.alloc(9_000_000, 7)
    expect(readJson(JSON.stringify({ a: long.toString('base64') }))?.strings[1]).toHaveLength(
      12_000_000,
    )
    expect(readJson(JSON.stringify([...long.subarray(0, 1_000_000)]))?.lists[0]).toHaveLength(
      1_000_000,
    )
  })
})

describe('a form', () => {
  it('gives back what a browser wrote', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })), {
          minLength: 1,
        }),
        (pairs) => {
          const whole = pairs.map(([name, value]): [string, string] => [
            name.toWellFormed(),
            value.toWellFormed(),
          ])
          const read = readForm(new URLSearchParams(whole).toString())
          expect(read?.map((one) => Buffer.from(one).toString())).toEqual(whole.flat())
        },
      ),
      { numRuns: 200 },
    )
  })

  it.each(['%', 'a=%4', 'a=%zz', '%%41=1'])('%s has no reading', (text) =>
    expect(readForm(text)).toBeUndefined(),
  )
})

describe('a coding', () => {
  it('that fits is undone; more than may come out is told before it is there', () => {
    const large = gzipSync(Buffer.alloc(100_000))
    expect(withoutCoding(large, ['gzip'], 99_999)).toEqual({ ok: false, problem: 'over' })
    expect(withoutCoding(large, ['gzip'], 100_000)).toMatchObject({ ok: true })
    expect(withoutCoding(deflateRawSync('a'), ['deflate'], 99)).toEqual({
      ok: false,
      problem: 'coding',
    })
  })

  it('of any bytes never throws', () => {
    fc.assert(
      fc.property(
        bytes,
        fc.constantFrom('gzip', 'deflate', 'br', 'zstd', 'GZIP', 'x', 'gzip,gzip', ''),
        (value, name) => {
          expect(typeof withoutCoding(value, [name], 1_000).ok).toBe('boolean')
        },
      ),
      { numRuns: 300 },
    )
  })
})

it('a piece is never whole because it says so: only the length it really has counts', () => {
  fc.assert(
    fc.property(fc.nat(50), fc.nat(50), fc.nat(50), fc.nat(50), (first, last, all, length) => {
      const whole = first === 0 && last === length - 1 && all === length
      expect(isPiece('/a', [['content-range', `bytes ${first}-${last}/${all}`]], length)).toBe(
        !whole,
      )
    }),
  )
})

const TYPES = [
  'application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=xyz',
  'multipart/related; boundary=xyz',
  'text/plain',
  'text/xml',
  'application/x-ndjson',
  'application/octet-stream',
  'application/pdf',
  '',
  ';',
]
const HOSTILE = fc.oneof(
  bytes,
  nearly,
  fc.json().map((text) => Buffer.from(text)),
  fc
    .array(
      fc.constantFrom(
        'PK\u0003\u0004',
        'PK\u0005\u0006',
        '%PDF-1.7\n',
        'JVBERi0x'.repeat(30),
        '{"a":"',
        '"}',
        '[1,2,3',
        '\u0000',
        '個人番号',
      ),
      { maxLength: 20 },
    )
    .map((pieces) => Buffer.from(pieces.join(''), 'latin1')),
)

describe('whatever a request holds', () => {
  it('there are facts, and a body is never taken for none', () => {
    fc.assert(
      fc.property(
        HOSTILE,
        fc.constantFrom(...TYPES),
        fc.constantFrom('POST', 'PUT', 'GET'),
        fc.string(),
        (body, type, method, query) => {
          const headers = type === '' ? [] : ([['content-type', type]] as const)
          const request = { method, path: `/a?${query}`, headers, body }
          const sent = readSent(request, 100_000)
          const { facts, files } = examineSent(request, TERMS)
          expect(facts.carries === 'file').toBe(files.length > 0)
          if (body.length > 0) expect(sent.carries).not.toBe('nothing')
        },
      ),
      { numRuns: 500 },
    )
  })

  it('a number that may not leave is found in every place that holds words', () => {
    const words = '個人番号 123456789018'
    const place = fc.constantFrom<(text: string) => readonly [string, string]>(
      (text) => ['application/json', JSON.stringify({ a: [{ b: text }] })],
      (text) => ['application/json', JSON.stringify({ [text]: 1 })],
      (text) => [
        'application/json',
        `{"a":"${[...text].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"}`,
      ],
      (text) => ['application/x-www-form-urlencoded', new URLSearchParams({ a: text }).toString()],
      (text) => ['text/plain', text],
      (text) => ['text/xml; charset=utf-8', `<a><b>${text}</b></a>`],
      (text) => ['multipart/form-data; boundary=xyz', multipartOf([Buffer.from(text)]).toString()],
      (text) => [
        'application/json',
        JSON.stringify({ a: Buffer.from(text.padEnd(99, '。')).toString('base64') }),
      ],
      (text) => ['application/json', JSON.stringify({ a: [...Buffer.from(text)] })],
      (text) => ['text/csv', `a,${text}\n`],
    )
    fc.assert(
      fc.property(place, (put) => {
        const [type, text] = put(words)
        const request = {
          method: 'POST',
          path: '/',
          headers: [['content-type', type]] as const,
          body: Buffer.from(text),
        }
        expect([type, examineSent(request, TERMS).facts.myNumbers]).toEqual([type, 1])
      }),
      { numRuns: 100 },
    )
  })
})
