import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { httpsQuery, readHttpsAnswer } from './https-record.ts'

const HOST = 'a.example'
const ID = 0x12_34
const query = httpsQuery(HOST, ID)
/** Of the query: head and question, without its OPT record. */
const QUESTION = query.subarray(12, query.length - 11)

interface Said {
  readonly flags?: number
  readonly id?: number
  readonly question?: Buffer
  readonly records?: readonly Buffer[]
  readonly count?: number
}

function message({ flags = 0x81_80, id = ID, question = QUESTION, records = [], count }: Said) {
  const head = Buffer.alloc(12)
  head.writeUInt16BE(id, 0)
  head.writeUInt16BE(flags, 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(count ?? records.length, 6)
  return Buffer.concat([head, question, ...records])
}

/** A record whose owner points to the question. */
function record(data: Buffer, { type = 65, seconds = 300 } = {}): Buffer {
  const head = Buffer.alloc(12)
  head.writeUInt16BE(0xc0_0c, 0)
  head.writeUInt16BE(type, 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt32BE(seconds, 6)
  head.writeUInt16BE(data.length, 10)
  return Buffer.concat([head, data])
}

function service(priority: number, target: string, keys: readonly (readonly [number, string])[]) {
  const labels = target === '' ? [] : target.split('.')
  const name = labels.map((one) => Buffer.from([one.length, ...Buffer.from(one)]))
  const params = keys.map(([key, value]) => {
    const head = Buffer.alloc(4)
    head.writeUInt16BE(key, 0)
    head.writeUInt16BE(value.length, 2)
    return Buffer.concat([head, Buffer.from(value)])
  })
  return Buffer.concat([Buffer.from([0, priority]), ...name, Buffer.from([0]), ...params])
}

const ALPN = [1, '\u0002h2'] as const
const ECH = [5, 'keys'] as const
const read = (said: Said) => readHttpsAnswer(message(said), HOST, ID)

describe('what an HTTPS record says about ECH', () => {
  it('is asked for with recursion, and room for an answer in one datagram', () => {
    expect(query.readUInt16BE(2)).toBe(0x01_00)
    expect(query.subarray(-11).readUInt16BE(1)).toBe(41)
    expect(QUESTION.toString('latin1')).toBe('\u0001a\u0007example\0\0\u0041\0\u0001')
  })

  it('is that keys are published when any of the records has them', () => {
    const records = [record(service(1, '', [ALPN])), record(service(2, 'b.example', [ALPN, ECH]))]
    expect(read({ records })).toEqual({ kind: 'keys', keys: 'offered', seconds: 300 })
  })

  it('is that there are none when no record has them, and when there is no record or no such name', () => {
    const none = { kind: 'keys', keys: 'none' }
    expect(read({ records: [record(service(1, '', [ALPN]), { seconds: 7 })] })).toEqual({
      ...none,
      seconds: 7,
    })
    expect(read({})).toMatchObject(none)
    expect(read({ flags: 0x81_83 })).toMatchObject(none)
    const other = record(Buffer.from('\u0005other\0', 'latin1'), { type: 5 })
    expect(read({ records: [other] })).toMatchObject(none)
  })

  it('is another name to ask, for an alias', () => {
    expect(read({ records: [record(service(0, 'B.example', []))] })).toMatchObject({
      kind: 'alias',
      host: 'b.example',
    })
  })

  it('is to be asked over TCP when it was cut', () => {
    expect(read({ flags: 0x83_80 })).toEqual({ kind: 'truncated' })
  })

  it.each<[string, Said]>([
    ['another number', { id: ID + 1 }],
    ['a query', { flags: 0x01_00 }],
    ['another question', { question: Buffer.from('\u0001b\u0007example\0\0\u0041\0\u0001') }],
    [
      'the question for addresses',
      { question: Buffer.from('\u0001a\u0007example\0\0\u0001\0\u0001') },
    ],
    ['a server that cannot', { flags: 0x81_82 }],
    ['a server that will not', { flags: 0x81_85 }],
    ['fewer records than said', { records: [record(service(1, '', [ALPN]))], count: 2 }],
    ['keys twice', { records: [record(service(1, '', [ALPN, ALPN]))] }],
    ['keys out of order', { records: [record(service(1, '', [ECH, ALPN]))] }],
    ['a key that is cut', { records: [record(service(1, '', [ALPN]).subarray(0, 6))] }],
    ['a name that is cut', { records: [record(Buffer.from([0, 1, 9, 97]))] }],
    ['a pointer in the target', { records: [record(Buffer.from([0, 1, 0xc0, 12]))] }],
    ['too many records', { count: 65, records: [] }],
  ])('is nothing for %s', (_, said) => {
    expect(read(said)).toEqual({ kind: 'unreadable' })
  })

  it('is never read past the end, whatever a forger sends', () => {
    const good = message({
      records: [record(service(1, '', [ALPN])), record(service(2, 'b.example', [ALPN]))],
    })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 6 }),
        fc.nat(good.length),
        (changes, length) => {
          const bytes = Buffer.from(good.subarray(0, length))
          for (const [at, value] of changes) if (at < length) bytes[at] = value
          const answer = readHttpsAnswer(bytes, HOST, ID)
          // Half a message says nothing: least of all that there are no keys.
          if (length < good.length && changes.length === 0)
            expect(answer).toEqual({ kind: 'unreadable' })
        },
      ),
      { numRuns: 5_000 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(readHttpsAnswer(Buffer.from(bytes), HOST, ID).kind).not.toBe('keys')
      }),
    )
  })
})
