import { execFile } from 'node:child_process'
import { afterEach, describe, expect, it } from 'vitest'
import type { InsideGuard } from '@sekisho/gates/web'
import { connect as connectH2 } from 'node:http2'
import type { ClientHttp2Session, OutgoingHttpHeaders } from 'node:http2'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import {
  LOGIN,
  TENANTS,
  DIRECTORY,
  insideTown,
  sayInside,
  startInspection,
  startTlsOrigin,
  terminalOf,
} from './inspect.test-support.ts'
import type {
  InspectionOptions,
  OriginOptions,
  TestInspection,
  TestOrigin,
} from './inspect.test-support.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

async function between(
  options: OriginOptions = {},
  gate: Omit<InspectionOptions, 'origin'> = {},
): Promise<{ origin: TestOrigin; gate: TestInspection }> {
  const origin = await startTlsOrigin(options)
  const inspection = await startInspection({ origin, ...gate })
  open.push(inspection, origin)
  return { origin, gate: inspection }
}

/** Reads the whole body before it lets it go, as a reader of files does. */
const holding: InsideGuard = {
  async upload(_, body) {
    const chunks: Uint8Array[] = []
    for await (const chunk of body) chunks.push(chunk)
    const whole = Buffer.concat(chunks)
    if (whole.length === 0) return { result: 'pass', bytes: 0 }
    const pieces = async function* () {
      yield whole
    }
    return { result: 'pass', bytes: whole.length, body: pieces() }
  },
  download: (_, { headers }, body) => Promise.resolve({ result: 'pass', headers, body }),
}

function curl(gate: TestInspection, ...args: readonly string[]): Promise<string> {
  return curlWith(gate, '', ...args)
}

/** With something to send on its standard input. */
function curlWith(gate: TestInspection, sent: string, ...args: readonly string[]): Promise<string> {
  const common = [
    '-sS',
    '--proxy',
    `http://127.0.0.1:${gate.port}`,
    '--cacert',
    gate.ca,
    '-m',
    '20',
  ]
  return new Promise((resolve) => {
    const child = execFile('curl', [...common, ...args], (error, out, err) =>
      resolve(error ? `${out}${err}` : out),
    )
    child.stdin?.end(sent)
  })
}

/** The record of an end comes when both sides have ended. */
async function kinds(gate: TestInspection, count: number): Promise<readonly string[]> {
  for (let tries = 0; gate.records.length < count && tries < 400; tries += 1) await wait(10)
  return gate.records.map(({ kind, reason }) => (reason === '' ? kind : `${kind} ${reason}`))
}

const GET = `GET / HTTP/1.1\r\nHost: ${LOGIN}\r\n`
const POST = `POST /up HTTP/1.1\r\nHost: ${LOGIN}\r\n`
const CLOSE = 'Connection: close\r\n'

const BOTH = ['--http1.1', '--http2']

describe('curl through a gate that reads inside', () => {
  it.each([
    ['--http1.1', '1.1'],
    ['--http2', '2.0'],
  ])('%s is served under a certificate of the town', async (flag, version) => {
    const { origin, gate } = await between()
    expect(await curl(gate, flag, `https://${LOGIN}/a?b=c`)).toBe(`hello over ${version}`)
    expect(origin.got).toMatchObject([{ version, method: 'GET', path: '/a?b=c' }])
    expect(await kinds(gate, 3)).toEqual(['opened', 'request', 'ended'])
    expect(gate.records.at(-1)).toMatchObject({
      address: '127.0.0.1',
      service: 'exchange',
      down: 14,
    })
  })

  it.each(BOTH)('%s sends a body that was decided, whole and with its length', async (flag) => {
    const { origin, gate } = await between({}, { guard: holding })
    await curlWith(gate, 'x'.repeat(300_000), flag, '--data-binary', '@-', `https://${LOGIN}/up`)
    expect(origin.got[0]?.body).toHaveLength(300_000)
    expect(origin.got[0]?.headers).toContainEqual(['content-length', '300000'])
    await kinds(gate, 3)
    const { up, read } = gate.records.at(-1)!
    expect(read).toBe(300_000)
    expect(up).toBeGreaterThan(300_000)
  })

  it.each(BOTH)(
    '%s sends no byte of a body that was not decided, and is told why',
    async (flag) => {
      const { origin, gate } = await between()
      const answer = await curl(gate, flag, '--data', 'SEKRET', `https://${LOGIN}/up`)
      expect(answer).toContain('WEB-INSIDE-BODY')
      expect(origin.got).toEqual([])
      expect(await kinds(gate, 3)).toContain('refused WEB-INSIDE-BODY')
      expect(gate.records[1]).toMatchObject({ client: 's0001', service: 'exchange' })
    },
  )
})
