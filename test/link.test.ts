/**
 * Two sides, one direction: what the low side can and cannot do once an attacker owns it.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { Agent, createServer, request } from 'node:https'
import type { Server } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { isolate } from '../apps/server/src/host/isolation.ts'
import { makeLinkCertificates } from '../apps/server/src/link/certificates.ts'
import { createLinkClient } from '../apps/server/src/link/client.ts'
import type { LinkClient } from '../apps/server/src/link/client.ts'
import { startTestTown } from '../apps/server/src/town.test-support.ts'
import type { TestTown } from '../apps/server/src/town.test-support.ts'

const linux = process.platform === 'linux'
const isolated = isolate().network

let town: TestTown
beforeAll(async () => {
  town = await startTestTown()
})
afterAll(() => town.remove())

function portOf(url: string): number {
  return Number(new URL(url).port)
}

/** Tries to connect, as a program of its own behind `prefix`; its exit code says whether it could. */
function connects(prefix: readonly string[], port: number): Promise<boolean> {
  const program = `require('node:net').connect(${port},'127.0.0.1').once('connect',()=>process.exit(0)).once('error',()=>process.exit(7))`
  const [command, ...rest] = [...prefix, process.execPath, '-e', program] as const
  return new Promise((resolve, reject) => {
    const child = spawn(command, rest, { stdio: 'ignore' })
    child.once('error', reject)
    child.once('exit', (code) => {
      if (code === 0 || code === 7) resolve(code === 0)
      else reject(new Error(`exit ${code}`))
    })
  })
}

describe('the low side cannot open a connection to the high side', () => {
  test.runIf(isolated)('from where it runs no port of the high side can be reached', async () => {
    const port = portOf(town.high.url)
    // Positive control: the same program outside of the sandbox connects.
    expect(await connects([], port)).toBe(true)
    expect(await connects(isolate().prefix, port)).toBe(false)
  })

  test.runIf(isolated)('nor from the very namespaces of the running process', async () => {
    const { pid } = town.low.side
    const enter = [
      'nsenter',
      '--target',
      String(pid),
      '--user',
      '--preserve-credentials',
      '--net',
      '--',
    ]
    if (spawnSync('nsenter', [...enter.slice(1), 'true']).status !== 0) return
    expect(await connects([], portOf(town.high.url))).toBe(true)
    expect(await connects(enter, portOf(town.high.url))).toBe(false)
  })

  test.runIf(isolated)('it runs in another network than the high side, and says so', async () => {
    const network = (pid: number | undefined): string => readlinkSync(`/proc/${pid}/ns/net`)
    expect(network(town.low.side.pid)).not.toBe(network(town.high.side.pid))
    expect(network(town.high.side.pid)).toBe(network(process.pid))
    const health: unknown = await (await fetch(`${town.low.url}/healthz`)).json()
    expect(health).toMatchObject({ status: 'ok', side: 'low', isolated: true })
  })

  test.runIf(linux)('the high side listens for its own people and for nobody else', () => {
    expect(listeningPorts(town.high.side.pid ?? 0)).toEqual([portOf(town.high.url)])
  })
})

/** Ports on which a process listens, from the kernel's own tables. */
function listeningPorts(pid: number): number[] {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return /^socket:\[(\d+)\]$/u.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1]
      } catch {
        return undefined
      }
    }),
  )
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/u))
      .filter(([, , , state, , , , , , inode]) => state === '0A' && inodes.has(inode))
      .map(([, local = '']) => Number.parseInt(local.split(':')[1] ?? '', 16)),
  )
}

describe('the low side does not see what belongs to the high side', () => {
  const { files, prefix } = isolate([tmpdir()])

  test.runIf(files)('its folder, its keys and its log are not there', () => {
    const look = (...command: string[]): string =>
      spawnSync(
        prefix[0] ?? '',
        [...isolate([join(town.dataDir, 'high')]).prefix.slice(1), ...command],
        {
          encoding: 'utf8',
        },
      ).stdout
    const high = join(town.dataDir, 'high')
    expect(readdirSync(high)).toContain('secrets.json')
    expect(look('ls', '-A', join(town.dataDir, 'low'))).toContain('secrets.json')
    expect(look('ls', '-A', high)).toBe('')
    // What covers it cannot be taken away from inside, nor from a namespace made in there.
    expect(look('sh', '-c', `umount '${high}' 2>/dev/null; ls -A '${high}'`)).toBe('')
    const nested = `unshare --user --map-root-user --mount sh -c "umount '${high}'; ls -A '${high}'" 2>/dev/null`
    expect(look('sh', '-c', nested)).toBe('')
  })

  test.runIf(files)('the running process is behind the same cover', () => {
    const enter = [
      '--target',
      String(town.low.side.pid),
      '--user',
      '--preserve-credentials',
      '--mount',
      '--',
    ]
    const seen = spawnSync('nsenter', [...enter, 'ls', '-A', join(town.dataDir, 'high')], {
      encoding: 'utf8',
    })
    if (seen.status !== 0) return
    expect(seen.stdout).toBe('')
  })
})

interface Certificates {
  readonly ca: string
  readonly cert: string
  readonly key: string
}

function certificatesIn(folder: string): Certificates {
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
  return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') }
}

describe('only the high side is served on the link', () => {
  let strangers: string
  beforeAll(async () => {
    strangers = mkdtempSync(join(tmpdir(), 'sekisho-strangers-'))
    await makeLinkCertificates(strangers)
  })
  afterAll(() => {
    rmSync(strangers, { recursive: true, force: true })
  })

  function knock(certificates: Partial<Certificates>): Promise<number | string> {
    return new Promise((resolve) => {
      const agent = new Agent({
        ...certificates,
        rejectUnauthorized: false,
        servername: 'low.link.sekisho.internal',
      })
      const body = JSON.stringify({
        model: '0'.repeat(64),
        spool: '',
        itemsAfter: 0,
        eventsAfter: 0,
        waitMs: 0,
      })
      const asked = request(
        { host: '127.0.0.1', port: town.linkPort, path: '/poll', method: 'POST', agent },
        (answer) => {
          answer.resume()
          resolve(answer.statusCode ?? 0)
        },
      )
      asked.once('error', (error) => resolve('code' in error ? String(error.code) : error.message))
      asked.end(body)
    })
  }

  test('the high side is known by its certificate, and told when it holds another town', async () => {
    expect(await knock(certificatesIn(join(town.dataDir, 'high/link')))).toBe(409)
  })

  test('without a certificate the handshake fails', async () => {
    expect(await knock({})).toMatch(/CERTIFICATE|ECONNRESET|EPROTO/u)
  })

  test('a certificate of another authority fails, even with the right name', async () => {
    expect(await knock(certificatesIn(join(strangers, 'high')))).toMatch(
      /UNKNOWN_CA|ECONNRESET|EPROTO|ALERT/u,
    )
  })

  test("the low side's own certificate does not make it the high side", async () => {
    // The handshake itself refuses a server's certificate from a client; either way nothing is served.
    expect(await knock(certificatesIn(join(town.dataDir, 'low/link')))).not.toBe(409)
  })
})

describe('everything the low side says is checked', () => {
  let folder: string
  let server: Server
  let client: LinkClient
  let answer: { status: number; body: string | Buffer }

  const item = {
    id: 'a'.repeat(26),
    kind: 'file',
    number: 'S-1042',
    person: 's0001',
    fileName: '葛\u{E0102}城.docx',
    size: 10,
    purpose: '確認',
    inputSha256: '0'.repeat(64),
    receivedAt: '2026-11-22T05:00:00.000Z',
    outcome: 'rebuild',
    again: '',
    cancelRequested: false,
    version: 1,
  }
  const poll = { spool: 'b'.repeat(26), items: [item], events: [] }
  const verdict = { verdict: 'not-checked', domain: '' }
  const envelope = {
    from: 'a@example.com',
    recipients: ['hanako@town.example.jp'],
    peer: { address: '192.0.2.1', helo: 'mx.example.com', tls: '' },
    authenticity: { spf: verdict, dkim: [], dmarc: { ...verdict, policy: '' } },
  }
  const mail = { ...item, kind: 'mail', person: '', size: 0, mail: envelope }
  const asked = { model: '0'.repeat(64), spool: '', itemsAfter: 0, eventsAfter: 0, waitMs: 0 }
  const removed = { rule: 'OX-VBA', count: 1, where: 'xl/vbaProject.bin' }
  const cured = {
    report: { type: 'xlsm', outputType: 'xlsx', verdict: 'removed', removed: [removed], kept: [] },
    sha256: createHash('sha256').update('bytes').digest('hex'),
    size: 5,
    outputName: '葛\u{E0102}城.xlsx',
    ruleset: '2026.11.2',
  }

  async function serveAs(side: 'low' | 'high', from = folder): Promise<void> {
    server = createServer(
      { ...certificatesIn(join(from, side)), requestCert: true, rejectUnauthorized: false },
      (_, response) => {
        response.writeHead(answer.status)
        response.end(answer.body)
      },
    )
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    client = createLinkClient({
      host: '127.0.0.1',
      port,
      certificates: certificatesIn(join(folder, 'high')),
    })
  }

  function says(body: unknown, status = 200): void {
    answer = { status, body: typeof body === 'string' ? body : JSON.stringify(body) }
  }

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sekisho-link-'))
    await makeLinkCertificates(folder)
  })
  afterEach(() => {
    client.close()
    server.close()
    server.closeAllConnections()
    rmSync(folder, { recursive: true, force: true })
  })

  test('a sound answer is taken, the name as it was given', async () => {
    await serveAs('low')
    says(poll)
    expect((await client.poll(asked)).items[0]?.fileName).toBe('葛\u{E0102}城.docx')
  })

  test('a mail is taken, without a giver and without bytes', async () => {
    await serveAs('low')
    says({ ...poll, items: [mail] })
    expect((await client.poll(asked)).items[0]?.mail?.from).toBe('a@example.com')
  })

  test.each([
    ['a file without bytes', { ...poll, items: [{ ...item, size: 0 }] }],
    ['a file of nobody', { ...poll, items: [{ ...item, person: '' }] }],
    ['a file that says it is from a stranger', { ...poll, items: [{ ...item, mail: envelope }] }],
    ['a mail that says nothing of itself', { ...poll, items: [{ ...item, kind: 'mail' }] }],
    [
      'a sender who ends the line',
      { ...poll, items: [{ ...mail, mail: { ...envelope, from: 'a\r\nb' } }] },
    ],
    [
      'more recipients than a mail has',
      {
        ...poll,
        items: [
          { ...mail, mail: { ...envelope, recipients: Array.from({ length: 101 }, () => 'a') } },
        ],
      },
    ],
    ['no JSON', 'x'],
    ['a key nobody knows', { ...poll, extra: 1 }],
    ['a missing list', { spool: poll.spool, items: [] }],
    ['more items than a batch holds', { ...poll, items: Array.from({ length: 65 }, () => item) }],
    ['an id that is a path', { ...poll, items: [{ ...item, id: '../../../../etc/passwd' }] }],
    ['a name that is a path', { ...poll, items: [{ ...item, fileName: 'a/b.docx' }] }],
    ['a name with a line feed', { ...poll, items: [{ ...item, fileName: 'a\nb.docx' }] }],
    ['half a character', { ...poll, items: [{ ...item, fileName: '\uD842.docx' }] }],
    ['a negative size', { ...poll, items: [{ ...item, size: -1 }] }],
    ['a size that is text', { ...poll, items: [{ ...item, size: '10' }] }],
    [
      'an event only the high side may record',
      {
        ...poll,
        events: [{ seq: 1, kind: 'delivered', at: item.receivedAt, actor: 's0001', detail: {} }],
      },
    ],
    [
      'an approval made up',
      {
        ...poll,
        events: [{ seq: 1, kind: 'approved', at: item.receivedAt, actor: 's0001', detail: {} }],
      },
    ],
    [
      'an event with a thousand characters of detail',
      {
        ...poll,
        events: [
          {
            seq: 1,
            kind: 'start',
            at: item.receivedAt,
            actor: 'x',
            detail: { a: 'x'.repeat(1000) },
          },
        ],
      },
    ],
    ['a body beyond the limit', `"${'x'.repeat(1_100_000)}"`],
  ])('%s: not an answer', async (_, body) => {
    await serveAs('low')
    says(body)
    await expect(client.poll(asked)).rejects.toMatchObject({ code: 'LINK_DOWN' })
  })

  test.each([
    ['clean, but no bytes', { ...cured, size: 0, sha256: '', outputName: '' }],
    ['clean, of zero bytes', { ...cured, size: 0 }],
    [
      'refused, yet with bytes',
      { ...cured, report: { ...cured.report, verdict: 'refused', reason: 'X' } },
    ],
    [
      'refused without a reason',
      {
        ...cured,
        size: 0,
        sha256: '',
        outputName: '',
        report: { ...cured.report, verdict: 'refused' },
      },
    ],
    ['a verdict nobody knows', { ...cured, report: { ...cured.report, verdict: 'fine' } }],
    [
      'text of the file where a place should be',
      { ...cured, report: { ...cured.report, removed: [{ ...removed, where: '社外秘' }] } },
    ],
    ['an output name that reads backwards', { ...cured, outputName: 'a\u202Exslx.exe' }],
  ])('a result that says %s: not believed', async (_, body) => {
    await serveAs('low')
    says(body)
    await expect(client.disarm(item.id)).rejects.toMatchObject({ code: 'LINK_DOWN' })
  })

  test.each([
    ['fewer bytes', 'byte', 'LINK_DOWN'],
    ['more bytes', 'bytes!', 'LINK_DOWN'],
    ['other bytes', 'BYTES', 'WORKER_FAILED'],
  ])('%s than announced: not taken', async (_, body, code) => {
    await serveAs('low')
    says(cured)
    const said = await client.disarm(item.id)
    answer = { status: 200, body }
    await expect(client.output(item.id, said)).rejects.toMatchObject({ code })
  })

  test('exactly the announced bytes are taken', async () => {
    await serveAs('low')
    says(cured)
    const said = await client.disarm(item.id)
    answer = { status: 200, body: 'bytes' }
    expect(Buffer.from(await client.output(item.id, said)).toString()).toBe('bytes')
  })

  test('a server with the right name of another authority is not the low side', async () => {
    const other = mkdtempSync(join(tmpdir(), 'sekisho-other-'))
    await makeLinkCertificates(other)
    await serveAs('low', other)
    says(poll)
    await expect(client.poll(asked)).rejects.toMatchObject({ code: 'LINK_DOWN' })
    rmSync(other, { recursive: true })
  })

  test('a server with the certificate of the high side is not the low side', async () => {
    await serveAs('high')
    says(poll)
    await expect(client.poll(asked)).rejects.toMatchObject({ code: 'LINK_DOWN' })
  })
})
