import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { WebGate } from '@sekisho/core'
import { cloudTown, gateOf } from '../../destination/destination.test-support.ts'
import { readWatched } from '../watched-request.ts'
import { readAuditEvent } from './audit-event.ts'
import { AUDIT_LIMITS, AuditJoin } from './audit-join.ts'
import { auditTable } from './audit-table.ts'
import { RecordTexts } from './record-texts.ts'

const RECORD = {
  Id: 'e1',
  RecordType: 6,
  CreationTime: '2026-11-26T01:02:03',
  Operation: 'FileUploaded',
  OrganizationId: '11111111-2222-3333-4444-555555555555',
  UserType: 0,
  UserKey: 'i:0h.f|membership|1',
  Workload: 'SharePoint',
  UserId: 'Takahashi@town.kasumi.example.jp',
  ClientIP: '198.51.100.7',
  ObjectId: 'https://kasumi.sharepoint.example/sites/a/名簿.xlsx',
  ResultStatus: 'Succeeded',
  SourceFileName: '名簿.xlsx',
}

function textsOf(chunks: readonly string[], longest?: number) {
  const texts: string[] = []
  const reader = new RecordTexts((text) => texts.push(text), longest)
  for (const chunk of chunks) reader.push(chunk)
  reader.end()
  return { texts, unread: reader.unread }
}

describe('an audit log', () => {
  const records = [RECORD, { ...RECORD, Id: 'e2', Note: 'a "brace" } ] { \\ and {"Id":"x"}' }]
  const forms = [
    ['one array', JSON.stringify(records)],
    ['an array over many lines', JSON.stringify(records, undefined, 2)],
    ['a record on each line', records.map((one) => JSON.stringify(one)).join('\r\n')],
    ['a file with a mark at its begin', `\uFEFF${JSON.stringify(records)}\n`],
  ] as const

  it.each(forms)('is read as %s, wherever it is cut into pieces', (_, text) => {
    for (const size of [1, 7, text.length]) {
      const chunks = text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'gu')) ?? []
      const { texts, unread } = textsOf(chunks)
      expect(texts.map((one) => JSON.parse(one))).toEqual(records)
      expect(unread).toBe(0)
    }
  })

  it.each([
    ['in a string', JSON.stringify(RECORD).slice(0, 40)],
    ['between braces', '{"a":{"b":1'],
    ['in a number', '{"a":1'],
    ['in a string of an array', '[{"a":"x', ','],
  ])('does not lose what comes behind a record that was cut off %s', (_, torn, before = '') => {
    const { texts, unread } = textsOf([`${torn}\n${before}${JSON.stringify(RECORD)}\n`])
    expect(texts.map((one) => JSON.parse(one))).toEqual([RECORD])
    expect(unread).toBe(1)
  })

  it('keeps nothing of a record without end', () => {
    const { texts, unread } = textsOf(
      ['{"a":"', ...Array(50).fill('x'.repeat(100)), '"}{"b":1}'],
      1000,
    )
    expect(texts).toEqual(['{"b":1}'])
    expect(unread).toBe(1)
  })

  it('of any letters stops nothing', () => {
    const word = fc.oneof(
      fc.constantFrom('{', '}', '[', ']', '"', '\\', '\n', ',', JSON.stringify(RECORD)),
      fc.string({ unit: 'binary', maxLength: 8 }),
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 40 }), (chunks) => {
        const { texts } = textsOf(chunks)
        for (const text of texts) readAuditEvent(text)
      }),
      { numRuns: 500 },
    )
  })
})

describe('one record', () => {
  const read = (change: object) => readAuditEvent(JSON.stringify({ ...RECORD, ...change }))

  it('is read with its time in UTC and its names in one case', () => {
    expect(read({})).toMatchObject({
      at: '2026-11-26T01:02:03.000Z',
      user: 'takahashi@town.kasumi.example.jp',
      address: '198.51.100.7',
      failed: false,
    })
    expect(read({ CreationTime: '2026-11-26T01:02:03.1234567Z' })?.at).toBe(
      '2026-11-26T01:02:03.000Z',
    )
    expect(read({ ResultStatus: 'Failed' })?.failed).toBe(true)
  })

  it.each([
    ['198.51.100.7:50123', '198.51.100.7'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
    ['<null>', ''],
    ['198.51.100.7 10.0.0.1', ''],
    [null, ''],
  ])('of the address %s keeps %s', (written, kept) => {
    expect(read({ ClientIP: written })?.address).toBe(kept)
  })

  it.each([
    ['without an id', { Id: undefined }],
    ['with a time that is none', { CreationTime: '2026-02-31Txx' }],
    ['with a day that is none', { CreationTime: '2026-13-01T00:00:00' }],
    ['with a list for a user', { UserId: ['a'] }],
    ['with a name as long as a book', { UserId: 'x'.repeat(100_000) }],
  ])('is none %s', (_, change) => {
    expect(read(change)).toBeUndefined()
  })
})

const MAILS = cloudTown()
const town = {
  ...MAILS,
  people: MAILS.people.map((one) =>
    one.id === 's0001' ? { ...one, mail: 'takahashi@town.kasumi.example.jp' } : one,
  ),
}
const TENANT = '11111111-2222-3333-4444-555555555555'
const gate: WebGate = {
  ...gateOf(town),
  watch: { seenAs: ['198.51.100.7'] },
  services: gateOf(town).services.map((one) => ({
    ...one,
    tenants: { allowed: ['kasumi.example.jp'], directory: TENANT },
  })),
}

const OPENED = {
  kind: 'opened',
  number: 'W-1',
  client: 's0001',
  at: '2026-11-26T00:30:00.000Z',
}
const ended = (at: string, up: number) => ({ ...OPENED, kind: 'ended', at, up })

function kindsOf(change: object, lines: readonly object[], of: WebGate = gate) {
  const join = new AuditJoin(town, of)
  join.event(readAuditEvent(JSON.stringify({ ...RECORD, ...change }))!)
  for (const line of lines) join.request(readWatched(line as Record<string, unknown>)!)
  return join.result().findings.map(({ kind, person }) => `${kind} ${person}`.trim())
}

describe('the tenant and the gate together', () => {
  const through = [OPENED, ended('2026-11-26T01:30:00.000Z', 5_000)]

  it('agree about what went through the gate', () => {
    expect(kindsOf({}, through)).toEqual([])
  })

  it.each([
    ['what nobody saw at the gate', {}, [], ['beside s0001']],
    [
      'a connection that ended an hour before',
      {},
      [OPENED, ended('2026-11-26T00:31:00.000Z', 5)],
      ['beside s0001'],
    ],
    ['somebody else at the gate', {}, [{ ...OPENED, client: 's0003' }], ['beside s0001']],
    [
      'an address that is not the town’s',
      { ClientIP: '203.0.113.5' },
      through,
      ['elsewhere s0001'],
    ],
    [
      'a file of which the gate saw nothing go',
      {},
      [OPENED, ended('2026-11-26T01:30:00.000Z', 0)],
      ['upload s0001'],
    ],
    [
      'another tenant',
      { OrganizationId: '99999999-2222-3333-4444-555555555555' },
      through,
      ['foreign-tenant s0001'],
    ],
    ['a guest', { UserId: 'guest@other.example' }, through, ['stranger']],
    ['the service itself', { UserId: 'app@sharepoint' }, [], []],
  ])('tell of %s', (_, change, lines, kinds) => {
    expect(kindsOf(change, lines)).toEqual(kinds)
  })

  it('count a connection that is still open', () => {
    const later = { ...OPENED, client: 's0003', number: 'W-2', at: '2026-11-26T02:00:00.000Z' }
    expect(kindsOf({ Operation: 'FileAccessed' }, [OPENED, later])).toEqual([])
  })

  it('say what they cannot see when the town did not write it down', () => {
    const join = new AuditJoin(town, gateOf(town))
    expect(join.result().blind).toEqual(['seenAs', 'directory', 'mail'])
    expect(new AuditJoin(town, gate).result().blind).toEqual(['mail'])
  })

  it('count the same record once, and a flood of them to a bound', () => {
    const join = new AuditJoin(town, gate, { ...AUDIT_LIMITS, events: 50, findings: 10 })
    for (let nth = 0; nth < 80; nth += 1)
      join.event(
        readAuditEvent(JSON.stringify({ ...RECORD, Id: `e${nth}`, UserId: `g${nth}@x.example` }))!,
      )
    join.event(readAuditEvent(JSON.stringify({ ...RECORD, Id: 'e1' }))!)
    const { findings, events, twice, beyond } = join.result()
    expect([findings.length, events, twice, beyond]).toEqual([10, 50, 1, 70])
    const { columns, rows } = auditTable(findings, town)
    for (const row of rows) expect(row).toHaveLength(columns.length)
  })
})
