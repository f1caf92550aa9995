import { gzipSync, brotliCompressSync } from 'node:zlib'
import { createPool } from '@sekisho/disarm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  MACRO,
  bytesOf,
} from '../../../../../packages/gates/web/src/upload/uploads.test-support.ts'
import { body, exchangeOf, guardBed, pair, send, whole } from './guard.test-support.ts'
import type { GuardBed, GuardChange } from './guard.test-support.ts'

const ask = () => Promise.reject(new Error('not asked'))
const pool = createPool({ size: 1 })
const pools = { upload: { ask }, download: pool }
let bed: GuardBed
beforeAll(async () => {
  bed = await guardBed({ approval: 'never', pools })
})
afterAll(async () => {
  await bed.stop()
  await pool.close()
})

type Headers = Readonly<Record<string, string>>
const get = { method: 'GET', path: '/a/b' }

async function fetched(
  bytes: Uint8Array | string,
  headers: Headers,
  {
    status = 200,
    guard = bed.guard,
    ...more
  }: Record<string, unknown> & {
    readonly status?: number
    readonly guard?: GuardBed['guard']
  } = {},
) {
  const exchange = exchangeOf({ ...get, ...more })
  const answer = await guard.download(
    exchange,
    { status, headers: Object.entries(headers) },
    body(bytes),
  )
  if (answer.result === 'refuse')
    return { reason: answer.reason, cure: answer.finding?.cure.sentence }
  return {
    reason: 'pass',
    headers: Object.fromEntries(answer.headers) as Headers,
    body: await whole(answer.body),
  }
}

const DOCX = bytesOf([{ file: 'docx', words: 'お知らせ' }])
const PDF = bytesOf([{ file: 'pdf', property: 'お知らせ' }])
const ATTACHED = {
  'content-disposition': `attachment; filename*=UTF-8''%F0%A0%AE%B7%E7%94%B0.docx`,
}

describe('a part of a page', () => {
  it.each([
    ['text/html; charset=utf-8', '<p>page</p>'],
    ['text/javascript', '#!/usr/bin/env node\nrun()'],
    ['application/json', '{}'],
    ['application/vnd.api+json', '{}'],
    ['text/css', 'a{}'],
    ['font/woff2', 'wOF2'],
    ['image/png', bytesOf([{ file: 'png' }])],
    ['image/svg+xml', '<svg/>'],
    ['application/wasm', '\0asm'],
  ] as const)('%s goes on as it came, and no browser guesses its type', async (type, bytes) => {
    const got = await fetched(bytes, { 'content-type': type, etag: '"1"' })
    expect(got).toMatchObject({
      reason: 'pass',
      headers: { 'content-type': type, etag: '"1"', 'x-content-type-options': 'nosniff' },
    })
    expect(got.body?.equals(Buffer.from(bytes as string))).toBe(true)
  })

  it('loses its coding, and what was said of the coded bytes', async () => {
    for (const [coding, packed] of [
      ['gzip', gzipSync('<p>page</p>')],
      ['br', brotliCompressSync('<p>page</p>')],
    ] as const) {
      const got = await fetched(packed, {
        'content-type': 'text/html',
        'content-encoding': coding,
        'content-length': String(packed.length),
        'content-digest': 'sha-256=:x:',
      })
      expect(got.body?.toString()).toBe('<p>page</p>')
      expect(Object.keys(got.headers ?? {})).toEqual(['content-type', 'x-content-type-options'])
    }
  })

  it('that goes on for hours goes on piece by piece', async () => {
    let more: ((text: string) => void) | undefined
    const events = (async function* () {
      yield Buffer.from('data: 1\n\n')
      yield Buffer.from(await new Promise<string>((resolve) => (more = resolve)))
    })()
    const head = { status: 200, headers: [['content-type', 'text/event-stream']] as const }
    const answer = await bed.guard.download(exchangeOf(get), head, events)
    if (answer.result !== 'pass') throw new Error(answer.reason)
    const reader = answer.body[Symbol.asyncIterator]()
    expect(Buffer.from((await reader.next()).value as Uint8Array).toString()).toBe('data: 1\n\n')
    const next = reader.next()
    await Promise.resolve()
    more?.('data: 2\n\n')
    expect(Buffer.from((await next).value as Uint8Array).toString()).toBe('data: 2\n\n')
  })

  it('without a body keeps its head', async () => {
    expect(await fetched('', { 'content-type': 'application/pdf' }, { status: 304 })).toMatchObject(
      { reason: 'pass' },
    )
    expect(await fetched('', {}, { status: 200 })).toMatchObject({ reason: 'pass' })
    const head = await fetched(
      '',
      { 'content-length': '900', 'content-type': 'application/pdf' },
      { method: 'HEAD' },
    )
    expect(head).toMatchObject({ reason: 'pass', headers: { 'content-length': '900' } })
  })
})

describe('a file', () => {
  it('arrives rebuilt, under its name, with nothing of what was said of the bytes that came', async () => {
    const got = await fetched(DOCX, {
      'content-type': 'application/octet-stream',
      'content-length': String(DOCX.length),
      etag: '"1"',
      'last-modified': 'x',
      'accept-ranges': 'bytes',
      digest: 'x',
      'cache-control': 'private',
      ...ATTACHED,
    })
    expect(got.reason).toBe('pass')
    expect(got.body?.equals(DOCX)).toBe(false)
    expect(got.headers).toEqual({
      'cache-control': 'private',
      'content-type': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      'content-length': String(got.body?.length),
      'content-disposition': `attachment; filename*=UTF-8''%F0%A0%AE%B7%E7%94%B0.docx`,
      'x-content-type-options': 'nosniff',
    })
  })

  it('shown in place is a file all the same', async () => {
    const got = await fetched(
      gzipSync(PDF),
      {
        'content-type': 'application/pdf',
        'content-encoding': 'gzip',
      },
      { path: '/%E8%B3%87%E6%96%99.pdf?x=1' },
    )
    expect(got).toMatchObject({ reason: 'pass', headers: { 'content-type': 'application/pdf' } })
    expect(got.headers?.['content-disposition']).toBe(
      `inline; filename*=UTF-8''%E8%B3%87%E6%96%99.pdf`,
    )
  })

  it.each([
    [
      'a program',
      bytesOf([{ file: 'exe' }]),
      {
        'content-type': 'application/octet-stream',
        'content-disposition': 'attachment; filename="setup.exe"',
      },
    ],
    ['a program called a picture', bytesOf([{ file: 'exe' }]), { 'content-type': 'image/png' }],
    ['a program called a page', bytesOf([{ file: 'exe' }]), { 'content-type': 'text/html' }],
    [
      'a program in a coding',
      gzipSync(bytesOf([{ file: 'exe' }])),
      { 'content-type': 'text/css', 'content-encoding': 'gzip' },
    ],
    [
      'a script to be saved',
      'WScript.Run()',
      { 'content-type': 'text/javascript', 'content-disposition': 'attachment; filename=a.js' },
    ],
    [
      'a film',
      bytesOf([{ hex: '000000186674797069736f6d00000000' }]),
      { 'content-type': 'video/mp4' },
    ],
    [
      'what nobody knows',
      bytesOf([{ times: 99, of: [{ hex: '9f01c3' }] }]),
      { 'content-type': 'application/x-own' },
    ],
    ['what nobody named', bytesOf([{ times: 99, of: [{ hex: '9f01c3' }] }]), {}],
  ] as const)('%s does not arrive', async (_, bytes, headers) => {
    const got = await fetched(bytes, headers)
    expect(got.reason).toBe('X11-FETCH-REFUSED')
    expect(got.cure).toContain('ファイルの関所')
  })

  it('with two names, or an order nobody reads, is a file', async () => {
    for (const disposition of [
      'attachment; filename="a"; filename="b"',
      'inline; x="',
      'ATTACHMENT',
    ])
      expect(
        await fetched('run()', {
          'content-type': 'text/html',
          'content-disposition': disposition,
        }),
      ).toMatchObject({ reason: 'X11-FETCH-REFUSED' })
  })

  it('in part is not judged', async () => {
    const part = { 'content-type': 'application/pdf', 'content-range': 'bytes 0-9/99' }
    expect(await fetched(PDF, part, { status: 206 })).toMatchObject({ reason: 'X11-FETCH-PART' })
    expect(await fetched(PDF, part)).toMatchObject({ reason: 'X11-FETCH-PART' })
  })

  it('in a coding that is damaged goes no further than its head', async () => {
    const page = { 'content-type': 'text/html', 'content-encoding': 'gzip' }
    expect(await fetched('<p>no gzip</p>', page)).toMatchObject({ reason: 'X11-FETCH-CODING' })
  })

  it('in a coding that nobody undoes, damaged, cut or too large does not arrive', async () => {
    const pdf = { 'content-type': 'application/pdf' }
    expect(await fetched(PDF, { ...pdf, 'content-encoding': 'compress' })).toMatchObject({
      reason: 'X11-FETCH-CODING',
    })
    expect(await fetched(PDF, { ...pdf, 'content-encoding': 'gzip, br' })).toMatchObject({
      reason: 'X11-FETCH-CODING',
    })
    const cut = gzipSync(PDF).subarray(0, 60)
    expect(await fetched(cut, { ...pdf, 'content-encoding': 'gzip' })).toMatchObject({
      reason: 'X11-FETCH-WHOLE',
    })
    expect(await fetched(Buffer.alloc(1_000_001, 97), pdf)).toMatchObject({
      reason: 'X11-FETCH-WHOLE',
    })
    const bomb = gzipSync(Buffer.alloc(50_000_000, 97))
    expect(await fetched(bomb, { ...pdf, 'content-encoding': 'gzip' })).toMatchObject({
      reason: 'X11-FETCH-WHOLE',
    })
  })

  it('from which a macro was taken passes only where the town asks nobody', async () => {
    const asked = async (change: GuardChange) => {
      const other = await guardBed({ ...change, pools })
      const headers = {
        'content-type': 'application/octet-stream',
        'content-disposition': 'attachment; filename=a.docm',
      }
      const { reason } = await fetched(MACRO, headers, { guard: other.guard })
      await other.stop()
      return reason
    }
    expect(await asked({ approval: 'never' })).toBe('pass')
    expect(await asked({ approval: 'active-content' })).toBe('X11-FETCH-APPROVAL')
    expect(await asked({})).toBe('X11-FETCH-APPROVAL')
  })

  it('that a taken-over worker says is harmless is read again by other code', async () => {
    const output = bytesOf([{ file: 'exe' }])
    const report = {
      type: 'pdf',
      outputType: 'pdf',
      verdict: 'removed',
      removed: [],
      kept: [],
    } as const
    const disarm = () =>
      Promise.resolve({ report, output, inputSha256: '', outputSha256: '', outputName: 'a.pdf' })
    const taken = await guardBed({ pools: { upload: { ask }, download: { disarm } } })
    const got = await fetched(PDF, { 'content-type': 'application/pdf' }, { guard: taken.guard })
    expect(got.reason).toBe('X11-FETCH-VERIFY')
    await taken.stop()
  })
})

it('a browser that asks for the rest of a file gets all of it, rebuilt', async () => {
  const ends = await pair(bed.guard, ({ headers }) =>
    headers.range === undefined
      ? { headers: { 'content-type': 'application/pdf', 'accept-ranges': 'bytes' }, body: PDF }
      : { status: 206, headers: { 'content-type': 'application/pdf' }, body: PDF.subarray(9) },
  )
  const headers = [
    ['range', 'bytes=9-'],
    ['if-range', '"1"'],
    ['accept-encoding', 'gzip;q=0.5, dcb, br'],
  ] as const
  const got = await send(ends.port, { method: 'GET', path: '/a.pdf', headers })
  expect([got.status, got.head.headers['accept-ranges']]).toEqual([200, undefined])
  expect(got.body.subarray(0, 5).toString()).toBe('%PDF-')
  expect(ends.arrived[0]?.head.headers['accept-encoding']).toBe('gzip;q=0.5, br')
  await ends.stop()
})
