import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createHelloReader, MAX_HELLO_BYTES } from './hello-reader.ts'
import {
  bytesOf,
  helloCases,
  helloMessage,
  inRecords,
  protocols,
  readPieces,
  serverName,
  vector,
  versions,
} from './hello.test-support.ts'

const cases = helloCases()
const real = cases.filter(([, one]) => one.expect.refused === undefined)
const whole = helloMessage([serverName('outlook.office.com'), protocols('h2'), versions(0x03_04)])

describe('each hello of the corpus', () => {
  it.each(cases)('%s', (_name, one) => {
    const read = readPieces([bytesOf(one)])
    const { refused, version, ...rest } = one.expect
    if (refused !== undefined) return expect(read).toEqual({ state: 'refused', why: refused })
    expect(read).toEqual({ state: 'hello', hello: { ...rest, version: Number(version) } })
  })

  it('among them is the hello of a browser that does not fit one segment', () => {
    expect(real.some(([, one]) => bytesOf(one).length > 1_460)).toBe(true)
  })
})

describe('a hello is the same hello however it is cut', () => {
  it.each(real)('%s, over segments', (_name, one) => {
    const bytes = bytesOf(one)
    const wanted = readPieces([bytes])
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 8 }), (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
        const pieces = at.slice(1).map((end, index) => bytes.subarray(at[index], end))
        expect(readPieces(pieces)).toEqual(wanted)
      }),
      { numRuns: 60 },
    )
  })

  it.each([1, 3, 100, 1_000])('over records of %i bytes', (size) => {
    expect(readPieces([inRecords(whole, size)])).toEqual(readPieces([inRecords(whole)]))
    expect(readPieces([...inRecords(whole, size)].map((byte) => Buffer.of(byte)))).toMatchObject({
      state: 'hello',
    })
  })

  it('and no part of one is a hello', () => {
    for (const [, one] of real) {
      const bytes = bytesOf(one)
      const reader = createHelloReader()
      for (let at = 0; at < bytes.length - 1; at += 1)
        expect(reader.push(bytes.subarray(at, at + 1)).state).toBe('more')
      expect(Buffer.from(reader.bytes()).equals(bytes.subarray(0, -1))).toBe(true)
    }
  })
})

describe('what could be read in two ways is not read', () => {
  const why = (message: Buffer): unknown => {
    const read = readPieces([inRecords(message)])
    return read.state === 'refused' ? read.why : read.state
  }

  it('an extension that comes twice', () => {
    expect(why(helloMessage([serverName('a.example'), serverName('b.example')]))).toBe('twice')
  })

  it('two names, no name, a name of another kind, a name with a zero or an eight-bit byte', () => {
    const entry = (kind: number, name: string): Buffer =>
      Buffer.concat([Buffer.of(kind), vector(2, Buffer.from(name, 'latin1'))])
    const list = (...entries: Buffer[]): Buffer => vector(2, Buffer.concat(entries))
    for (const data of [
      list(entry(0, 'a.example'), entry(0, 'b.example')),
      list(entry(0, 'a.example'), entry(1, 'b.example')),
      list(entry(1, 'a.example')),
      list(entry(0, '')),
      list(),
      list(entry(0, 'a.example\0.evil.example')),
      list(entry(0, 'caf\u00e9.example')),
      Buffer.concat([list(entry(0, 'a.example')), Buffer.of(0)]),
    ])
      expect(why(helloMessage([[0, data]]))).toBe('server-name')
  })

  it('bytes behind the message, within its record or its lists', () => {
    expect(why(Buffer.concat([whole, Buffer.of(0)]))).toBe('length')
    expect(why(helloMessage([[16, Buffer.of(0, 3, 2, 104, 50, 0)]]))).toBe('protocols')
    expect(why(helloMessage([[43, Buffer.of(2, 3, 4, 0)]]))).toBe('versions')
  })

  it('a record that is empty, too long, of another kind, or of another version', () => {
    const first = inRecords(whole.subarray(0, 20))
    const rest = inRecords(whole.subarray(20))
    const read = (...pieces: Buffer[]): unknown => readPieces(pieces)
    expect(read(first, Buffer.of(22, 3, 3, 0, 0), rest)).toMatchObject({ why: 'record' })
    expect(read(Buffer.of(22, 3, 1, 0x40, 0x01))).toMatchObject({ why: 'record' })
    expect(read(first, Buffer.of(23))).toMatchObject({ why: 'record' })
    expect(read(Buffer.of(22, 3, 9))).toMatchObject({ why: 'record' })
    expect(read(first, rest)).toMatchObject({ state: 'hello' })
  })

  it('what is no TLS is told from its first byte', () => {
    for (const text of ['GET / HTTP/1.1', 'SSH-2.0-x', '\u0080\u002e\u0001'])
      expect(readPieces([Buffer.from(text.slice(0, 1), 'latin1')])).toMatchObject({
        why: 'not-tls',
      })
    expect(readPieces([inRecords(Buffer.of(2, 0, 0, 0))])).toMatchObject({ why: 'not-a-hello' })
  })
})

describe('limits', () => {
  it('a hello that is too long is refused from its length, before its bytes come', () => {
    const head = Buffer.of(1, 1, 0, 0)
    expect(readPieces([inRecords(head)])).toMatchObject({ why: 'too-long' })
  })

  it('nothing is kept beyond the limit, however small the records', () => {
    const long = Buffer.concat([Buffer.of(1, 0, 0xff, 0xf0), Buffer.alloc(60_000)])
    const records = inRecords(long, 1)
    const reader = createHelloReader()
    let fed = 0
    while (reader.push(records.subarray(fed, fed + 512)).state === 'more') fed += 512
    expect(fed).toBeLessThanOrEqual(MAX_HELLO_BYTES)
    expect(reader.push(Buffer.alloc(1_000)).state).toBe('refused')
    expect(reader.bytes().length).toBeLessThanOrEqual(MAX_HELLO_BYTES + 512)
  })
})

describe('hello after mutation', () => {
  it('nothing is thrown, and a name that is read is one that a client wrote in ASCII', () => {
    const seeds = cases.map(([, one]) => bytesOf(one))
    fc.assert(
      fc.property(
        fc.constantFrom(...seeds),
        fc.array(fc.tuple(fc.nat(4_000), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        (seed, changes) => {
          const bytes = Buffer.from(seed)
          for (const [at, value] of changes) bytes[at % bytes.length] = value
          const read = readPieces([bytes])
          if (read.state === 'hello' && read.hello.serverName !== undefined)
            expect(read.hello.serverName).toMatch(/^[\u0021-\u007e]+$/u)
        },
      ),
      { numRuns: 20_000 },
    )
  })
})
