import { execFile } from 'node:child_process'
import { X509Certificate, createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect as connectH2 } from 'node:http2'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { InsideGuard, UploadAnswer } from '@sekisho/gates/web'
import {
  LOGIN,
  curl,
  curlWith,
  holding,
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

const CHROMIUM = '/usr/bin/chromium'

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
      expect(answer).toContain('X11-SEND-PATTERN')
      expect(origin.got).toEqual([])
      expect(await kinds(gate, 3)).toContain('refused X11-SEND-PATTERN')
      expect(gate.records[1]).toMatchObject({ client: 's0001', service: 'exchange' })
    },
  )

  it.each(BOTH)(
    '%s is served through a gate that itself speaks TLS with terminals',
    async (flag) => {
      const { origin, gate } = await between({}, { secure: true, guard: holding })
      const proxy = ['--proxy', `https://${LOGIN}:${gate.port}`, '--proxy-insecure']
      const there = ['--resolve', `${LOGIN}:${gate.port}:127.0.0.1`]
      const sent = 'x'.repeat(100_000)
      const rest = [flag, '--data-binary', '@-', `https://${LOGIN}/up`]
      expect(await curlWith(gate, sent, ...proxy, ...there, ...rest)).toContain('hello')
      expect(origin.got[0]?.body).toBe(sent)
    },
  )
})

describe('the certificate of a destination', () => {
  it.each([
    ['is for another name', { name: 'login.evil.example' }, {}],
    ['is vouched for by nobody', {}, { roots: [] }],
  ])('that %s: nothing is sent to it, and the person is told', async (_, destination, roots) => {
    const { origin, gate } = await between(destination, roots)
    for (const flag of BOTH)
      expect(await curl(gate, flag, `https://${LOGIN}/`)).toContain('X11-CERT')
    expect(origin.got).toEqual([])
    expect(gate.records.filter(({ reason }) => reason === 'X11-CERT')).toHaveLength(2)
  })
})

describe('a connection that is read inside', () => {
  it('is never a tunnel instead: without an authority for the host nothing is dialled', async () => {
    const { origin, gate } = await between({}, { hosts: ['www.town.example'] })
    await curl(gate, `https://${LOGIN}/`)
    expect(origin.seen.connections).toBe(0)
    expect(await kinds(gate, 1)).toEqual(['refused X11-INSPECT'])
  })

  it('sends nothing that cannot be put on record', async () => {
    const { origin, gate } = await between(
      {},
      {
        record: ({ kind }) =>
          kind === 'request' ? Promise.reject(new Error('the disk is full')) : Promise.resolve(),
      },
    )
    expect(await curl(gate, `https://${LOGIN}/`)).toContain('WEB-CLOSED')
    expect(origin.got).toEqual([])
  })

  it('ends when the town cuts the service, and when nothing was said for too long', async () => {
    const { gate } = await between()
    const terminal = await terminalOf(gate)
    terminal.resume().write(`${GET}\r\n`)
    await kinds(gate, 2)
    gate.cuts.close('exchange')
    await once(terminal, 'close')
    expect((await kinds(gate, 3)).at(-1)).toBe('ended WEB-CUT')
    const idle = await between({}, { limits: { idleMs: 80 } })
    const silent = await terminalOf(idle.gate)
    await once(silent.resume(), 'close')
    expect((await kinds(idle.gate, 2)).at(-1)).toBe('ended WEB-IDLE')
  })

  it('says that nobody answers, and dials no name', async () => {
    const { gate } = await between({}, { addresses: ['127.0.0.2'] })
    expect(await curl(gate, `https://${LOGIN}/`)).toContain('WEB-UNREACHABLE')
    const named = await between({}, { addresses: ['localhost'] })
    await curl(named.gate, `https://${LOGIN}/`)
    expect(named.origin.seen.connections).toBe(0)
  })

  it('goes on when the destination ends its side between two requests, and judges it again', async () => {
    const { origin, gate } = await between({
      protocols: ['http/1.1'],
      answer: (_, response) => response.writeHead(200, { connection: 'close' }).end('bye'),
    })
    const terminal = await terminalOf(gate)
    let said = ''
    terminal.on('data', (chunk: Buffer) => (said += chunk.toString()))
    terminal.write(`${GET}\r\n`)
    while (!said.includes('bye')) await once(terminal, 'data')
    await wait(50)
    terminal.write(`${GET}${CLOSE}\r\n`)
    await once(terminal, 'close')
    expect(origin.seen.connections).toBe(2)
    expect(said.split('bye')).toHaveLength(3)
  })

  it('tells the outside nothing of the inside, and leads nobody past the gate', async () => {
    const { origin, gate } = await between({
      answer: (_, response) => void response.writeHead(200, { 'alt-svc': 'h3=":443"' }).end('x'),
    })
    const inside = ['X-Forwarded-For: 10.20.1.5', 'Via: 1.1 a', 'Proxy-Authorization: Basic YQ==']
    const named = ['Connection: X-Secret', 'X-Secret: s', 'Cookie: a=1; b=2']
    const fields = [...inside, ...named].flatMap((one) => ['-H', one])
    expect(await curl(gate, '--http1.1', '-i', ...fields, `https://${LOGIN}/`)).not.toContain(
      'alt-svc',
    )
    expect(
      await curl(gate, '--http2', '-i', ...fields.slice(0, 6), `https://${LOGIN}/`),
    ).not.toContain('alt-svc')
    for (const { headers } of origin.got) {
      const names = headers.map(([name]) => name)
      for (const name of ['x-forwarded-for', 'via', 'proxy-authorization', 'x-secret'])
        expect(names).not.toContain(name)
    }
    expect(origin.got[0]?.headers).toContainEqual(['cookie', 'a=1; b=2'])
  })

  it.each(BOTH)('%s carries many megabytes back unchanged', async (flag) => {
    const body = randomBytes(6_000_000)
    const { gate } = await between({ answer: (_, response) => void response.end(body) })
    const out = join(tmpdir(), `sekisho-down-${process.pid}`)
    await curl(gate, flag, '-o', out, `https://${LOGIN}/`)
    const same = readFileSync(out).equals(body)
    rmSync(out)
    expect(same).toBe(true)
  })
})

describe('a body on its way out', () => {
  it('is not asked for before it can be decided: a terminal that waits keeps it', async () => {
    let asked = 0
    const refusing: InsideGuard = {
      ...holding,
      upload: ({ service }) => {
        asked += 1
        return Promise.resolve({ result: 'refuse', reason: 'X11-SEND-PATTERN', service })
      },
    }
    const { origin, gate } = await between({}, { guard: refusing })
    const waits = `${POST}Content-Length: 6\r\nExpect: 100-continue\r\n\r\n`
    const answer = await sayInside(gate, waits)
    expect(answer).toMatch(/^HTTP\/1\.1 403 /)
    expect([asked, origin.got.length]).toEqual([1, 0])
    const asking = await between({}, { guard: holding })
    const terminal = await terminalOf(asking.gate)
    terminal.write(waits.replace('Expect', `${CLOSE}Expect`))
    const [first] = (await once(terminal, 'data')) as [Buffer]
    expect(first.toString()).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    terminal.resume().write('SEKRET')
    await once(terminal, 'close')
    expect(asking.origin.got[0]?.body).toBe('SEKRET')
  })

  it('leaves not one byte before its end has come', async () => {
    const { origin, gate } = await between({}, { guard: holding })
    const terminal = await terminalOf(gate)
    terminal.resume().write(`${POST}${CLOSE}Content-Length: 12\r\n\r\nSEKRET`)
    await wait(150)
    expect(gate.records.map(({ kind }) => kind)).toEqual(['opened'])
    terminal.write('SEKRET')
    await once(terminal, 'close')
    expect(origin.got[0]?.body).toBe('SEKRETSEKRET')
  })

  it('that breaks off leaves not at all', async () => {
    const { origin, gate } = await between({}, { guard: holding })
    await sayInside(gate, `${POST}Content-Length: 12\r\n\r\nSEKRET`, true)
    expect(await kinds(gate, 3)).toContain('refused HEAD-BODY')
    expect(origin.got).toEqual([])
  })

  it.each([0, 8])(
    'that is given up in the middle of an HTTP/2 stream, with code %i, is no whole one',
    async (code) => {
      const { origin, gate } = await between({}, { guard: holding })
      const terminal = await terminalOf(gate, ['h2'])
      const frame = (type: number, flags: number, stream: number, payload: Buffer): Buffer => {
        const head = Buffer.from([0, 0, payload.length, type, flags, 0, 0, 0, stream])
        return Buffer.concat([head, payload])
      }
      // Fields without compression (RFC 7541 6.2.2).
      const literal = (text: string): Buffer => Buffer.from([text.length, ...Buffer.from(text)])
      const fields = { ':method': 'POST', ':scheme': 'https', ':path': '/up', ':authority': LOGIN }
      const head = Object.entries(fields).flatMap((pair) => [
        Buffer.from([0]),
        ...pair.map(literal),
      ])
      terminal.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
      terminal.write(frame(4, 0, 0, Buffer.alloc(0)))
      terminal.write(frame(1, 4, 1, Buffer.concat(head)))
      terminal.write(frame(0, 0, 1, Buffer.from('SEKRET')))
      await wait(100)
      terminal.write(frame(3, 0, 1, Buffer.from([0, 0, 0, code])))
      expect(await kinds(gate, 2)).toEqual(['opened', 'refused HEAD-BODY'])
      terminal.destroy()
      expect(origin.got).toEqual([])
    },
  )

  it('does not leave any more when the terminal went away while it was decided', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const slow: InsideGuard = {
      ...holding,
      upload: async (exchange, body) => {
        const decided = await holding.upload(exchange, body)
        await promise
        return decided
      },
    }
    const { origin, gate } = await between({}, { guard: slow })
    const terminal = await terminalOf(gate, ['h2'])
    const session = connectH2(`https://${LOGIN}`, { createConnection: () => terminal })
    session.on('error', () => undefined)
    const stream = session.request({ ':method': 'POST', ':path': '/up', ':authority': LOGIN })
    stream.on('error', () => undefined).end('SEKRET')
    await wait(150)
    terminal.destroy()
    await wait(100)
    resolve()
    expect(await kinds(gate, 3)).toContain('refused WEB-GONE')
    expect(origin.got).toEqual([])
  })

  it('is what was decided, to the byte', async () => {
    const liar = (bytes: number): InsideGuard => ({
      ...holding,
      upload: async (exchange, body) =>
        ({ ...(await holding.upload(exchange, body)), bytes }) as UploadAnswer,
    })
    for (const bytes of [3, 9]) {
      const { origin, gate } = await between({}, { guard: liar(bytes) })
      for (const flag of BOTH) await curl(gate, flag, '--data', 'SEKRET', `https://${LOGIN}/up`)
      expect(origin.got).toEqual([])
    }
  })

  it('of unknown length in HTTP/2 is decided all the same, without its trailers', async () => {
    const { origin, gate } = await between({}, { guard: holding })
    const terminal = await terminalOf(gate, ['h2'])
    const session = connectH2(`https://${LOGIN}`, { createConnection: () => terminal })
    const stream = session.request(
      { ':method': 'POST', ':path': '/up', ':authority': LOGIN },
      { endStream: false, waitForTrailers: true },
    )
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-secret': 'SEKRET' }))
    stream.write('a'.repeat(70_000))
    stream.end('b'.repeat(70_000))
    await once(stream.resume(), 'close')
    session.destroy()
    expect(origin.got[0]?.body).toHaveLength(140_000)
    expect(JSON.stringify(origin.got[0]?.headers)).not.toContain('SEKRET')
    const gone = await terminalOf(gate, ['h2'])
    const again = connectH2(`https://${LOGIN}`, { createConnection: () => gone })
    again.on('error', () => undefined)
    const broken = again.request({ ':method': 'POST', ':path': '/up', ':authority': LOGIN })
    broken.on('error', () => undefined).write('SEKRET')
    await kinds(gate, 4)
    await wait(150)
    gone.destroy()
    expect(await kinds(gate, 6)).toContain('refused HEAD-BODY')
    expect(origin.got).toHaveLength(1)
  })
})

describe('an answer', () => {
  it.each(BOTH)('%s that was refused comes in with not one byte', async (flag) => {
    const shut: InsideGuard = {
      ...holding,
      download: ({ service }) =>
        Promise.resolve({ result: 'refuse', reason: 'WEB-CLOSED', service }),
    }
    const { gate } = await between({}, { guard: shut })
    const page = await curl(gate, flag, `https://${LOGIN}/`)
    expect(page).toContain('WEB-CLOSED')
    expect(page).not.toContain('hello')
  })
})

describe('a name that was refused, where the town shows the page', () => {
  it('is answered in its own name, and nothing is dialled', async () => {
    const { origin, gate } = await between({}, { hosts: 'any', refusalPages: true })
    const page = await curl(gate, 'https://www.evil.example/path?SEKRET')
    expect(page).toContain('X11-LISTED')
    expect(page).not.toContain('evil')
    expect(origin.seen.connections).toBe(0)
    expect(await kinds(gate, 1)).toEqual(['refused X11-LISTED'])
    expect(await curl(gate, 'https://192.0.2.1/')).toContain('403')
  })

  it.skipIf(!existsSync(CHROMIUM))('is what a browser shows', async () => {
    const { gate } = await between({}, { hosts: 'any', refusalPages: true })
    const key = new X509Certificate(readFileSync(gate.ca)).publicKey
    const spki = createHash('sha256')
      .update(key.export({ type: 'spki', format: 'der' }))
      .digest('base64')
    const profile = mkdtempSync(join(tmpdir(), 'sekisho-profile-'))
    const shown = await new Promise<string>((resolve) => {
      execFile(
        CHROMIUM,
        [
          '--headless',
          '--no-sandbox',
          '--disable-gpu',
          `--user-data-dir=${profile}`,
          `--proxy-server=http://127.0.0.1:${gate.port}`,
          `--ignore-certificate-errors-spki-list=${spki}`,
          '--virtual-time-budget=10000',
          '--dump-dom',
          'https://www.evil.example/',
        ],
        (_, out) => resolve(out),
      )
    })
    rmSync(profile, { recursive: true, force: true })
    expect(shown).toContain('X11-LISTED')
  })
})
