import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createSocket } from 'node:dgram'
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { writeCloudTown } from './cloud-town.test-support.ts'
import { makeAuthority } from './inspect/authority.ts'
import { cutService, reopenService } from './cuts.ts'
import { say } from './proxy.test-support.ts'
import { readRequests } from './read-requests.ts'
import { RequestRecord } from './request-record.ts'
import { runCloudGate } from './run-cloud-gate.ts'
import { REQUESTS, serveCloud } from './serve-cloud.ts'
import type { RunningCloudGate } from './serve-cloud.ts'
import { hashPassword } from '../host/password.ts'
import { watchedOf } from './watched.ts'

const root = mkdtempSync(join(tmpdir(), 'sekisho-cloud-gate-'))
const names = createSocket('udp4')
/** Every name leads to the inside: whatever passes all that is asked before is told apart from what does not. */
beforeAll(async () => {
  names.on('message', (query, { address, port }) => {
    const head = Buffer.from(query.subarray(0, 12))
    head.writeUInt16BE(0x81_80, 2)
    names.send(Buffer.concat([head, query.subarray(12)]), port, address)
  })
  names.bind(0, '127.0.0.1')
  await once(names, 'listening')
})
afterAll(() => {
  names.close()
  rmSync(root, { recursive: true, force: true })
})

const running: RunningCloudGate[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()))
})

let count = 0
async function gate(more: Partial<Parameters<typeof serveCloud>[0]> = {}) {
  const folder = join(root, String((count += 1)))
  const { town, lists, addresses } = await writeCloudTown(folder)
  const dataDir = join(folder, 'data')
  const said: string[] = []
  const start = async (again: Partial<Parameters<typeof serveCloud>[0]> = {}) => {
    const one = await serveCloud({
      town,
      lists,
      dataDir,
      clients: { addresses },
      listen: { host: '127.0.0.1', port: 0 },
      resolvers: [`127.0.0.1:${names.address().port}`],
      domains: [],
      activate: false,
      say: (line) => said.push(line),
      ...more,
      ...again,
    })
    running.push(one)
    return one
  }
  return { folder, town, lists, dataDir, said, start }
}

/** The reason that is given; `X11-ADDRESS` for what would have gone out if its name led anywhere. */
async function reasonFor(port: number, target = 'outlook.office.com:443', fields = '') {
  const answer = await say(
    port,
    `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${fields}\r\n`,
    false,
  )
  return /details="([^"]+)"/u.exec(answer)?.[1] ?? answer
}
const ALLOWED = 'X11-ADDRESS'

async function becomes(port: number, reason: string, target?: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if ((await reasonFor(port, target)) === reason) return
    await wait(50)
  }
  expect(await reasonFor(port, target)).toBe(reason)
}

const linesOf = (dataDir: string): Record<string, unknown>[] =>
  readdirSync(join(dataDir, REQUESTS))
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) =>
      readFileSync(join(dataDir, REQUESTS, name), 'utf8')
        .trim()
        .split('\n'),
    )
    .map((line) => JSON.parse(line) as Record<string, unknown>)

describe('a running cloud gate', () => {
  it('asks the rules, and has every request on record, in a chain', async () => {
    const { start, dataDir } = await gate()
    const { port } = await start()
    expect(await reasonFor(port)).toBe(ALLOWED)
    expect(await reasonFor(port, 'evil.example:443')).toBe('X11-LISTED')
    const lines = linesOf(dataDir)
    expect(lines.map(({ kind, reason }) => [kind, reason])).toEqual([
      ['started', undefined],
      ['refused', ALLOWED],
      ['refused', 'X11-LISTED'],
    ])
    expect(lines[1]).toMatchObject({ client: 's0001', department: 'soumu', from: '127.0.0.1' })
    expect(await readRequests(join(dataDir, REQUESTS))).toMatchObject({ lines: 3 })
  })

  it('passes nothing while the declaration is not the one in force, and starts with none such', async () => {
    const { start, town, said } = await gate()
    const { port } = await start()
    const text = readFileSync(town, 'utf8')
    writeFileSync(town, text.replace('departments: [soumu]', 'departments: [soumu, fukushi]'))
    await becomes(port, 'WEB-CLOSED')
    expect(said.join('')).toContain('いまは何も通していません')
    await expect(start()).rejects.toThrow('--activate')
    writeFileSync(town, text)
    await becomes(port, ALLOWED)
  })

  it('passes nothing by a list that was taken away, and takes up a list without a restart', async () => {
    const { start, lists, folder } = await gate()
    const { port } = await start()
    rmSync(join(lists, 'microsoft-365'), { recursive: true })
    rmSync(join(lists, 'updates'), { recursive: true })
    await becomes(port, 'X11-SNAPSHOT')
    await writeCloudTown(folder)
    await becomes(port, ALLOWED)
  })

  it('passes nothing by a list whose import nobody signed', async () => {
    const { start, lists } = await gate()
    const { port } = await start()
    for (const list of ['microsoft-365', 'updates'])
      for (const name of readdirSync(join(lists, list)))
        writeFileSync(join(lists, list, name, 'import'), 'nobody signed this\n')
    await becomes(port, 'X11-SNAPSHOT')
  })

  it('passes nothing by a list that has grown older than the town allows, without a restart', async () => {
    let days = 0
    const { start } = await gate({ now: () => new Date(Date.now() + days * 86_400_000) })
    const { port } = await start()
    expect(await reasonFor(port)).toBe(ALLOWED)
    days = 39
    await becomes(port, 'X11-SNAPSHOT')
  })

  it('passes nothing while nobody can say what is cut', async () => {
    const { start, dataDir } = await gate()
    const { port } = await start()
    rmSync(join(dataDir, 'cut'), { recursive: true })
    writeFileSync(join(dataDir, 'cut'), '')
    await becomes(port, 'WEB-CLOSED')
  })

  it('cuts a service at once and brings it back, with who and when on record', async () => {
    const { start, dataDir } = await gate()
    const { port } = await start()
    await cutService(dataDir, { service: 'exchange', by: 's0001', at: '2026-11-26T00:00:00Z' })
    await becomes(port, 'X11-CUT')
    expect(await reasonFor(port, 'crl.example.com:443')).toBe(ALLOWED)
    await reopenService(dataDir, 'exchange')
    await becomes(port, ALLOWED)
    const cuts = linesOf(dataDir).filter(({ kind }) => kind === 'cut' || kind === 'reopened')
    expect(cuts).toMatchObject([
      { kind: 'cut', service: 'exchange', by: 's0001' },
      { kind: 'reopened', service: 'exchange' },
    ])
  })

  it('is still cut after a restart', async () => {
    const { start, dataDir } = await gate()
    await cutService(dataDir, { service: 'exchange', by: '', at: '' })
    const { port } = await start()
    expect(await reasonFor(port)).toBe('X11-CUT')
  })

  it('knows people by name and password, forgets one who was taken out, and lets nobody guess', async () => {
    const people = join(root, 'people')
    const hash = await hashPassword('correct horse')
    writeFileSync(people, `s0001 ${hash}\ns0002 ${hash}\n`)
    const { start } = await gate({ clients: { credentials: people } })
    const { port } = await start()
    const basic = (text: string): string =>
      `Proxy-Authorization: Basic ${Buffer.from(text).toString('base64')}\r\n`
    expect(await reasonFor(port)).toBe('WEB-WHO')
    expect(await reasonFor(port, undefined, basic('s0001:correct horse'))).toBe(ALLOWED)
    expect(await reasonFor(port, undefined, basic('s0003:correct horse'))).toBe('WEB-WHO')
    for (let tries = 0; tries < 10; tries += 1)
      expect(await reasonFor(port, undefined, basic(`s0001:${tries}`))).toBe('WEB-WHO')
    expect(await reasonFor(port, undefined, basic('s0002:correct horse'))).toBe('WEB-WHO')
    // It is remembered, so that the person beside the guesser goes on working.
    expect(await reasonFor(port, undefined, basic('s0001:correct horse'))).toBe(ALLOWED)
    writeFileSync(people, '')
    for (let tries = 0; tries < 100; tries += 1) {
      if ((await reasonFor(port, undefined, basic('s0001:correct horse'))) === 'WEB-WHO') return
      await wait(50)
    }
    expect.unreachable('somebody who was taken out is still known')
  })

  it('does not take passwords in clear from another machine', async () => {
    const { start } = await gate({ clients: { credentials: '/nowhere' } })
    await expect(start({ listen: { host: '0.0.0.0', port: 0 } })).rejects.toThrow('証明書')
  })

  it('takes no body with a request in clear, and one request for each connection', async () => {
    const { start, dataDir } = await gate()
    const { port } = await start()
    const get = 'GET http://crl.example.com/a HTTP/1.1\r\nHost: crl.example.com\r\n'
    expect(await say(port, `${get}Content-Length: 6\r\n\r\nSEKRET`, false)).toContain('WEB-BODY')
    const answers = await say(port, `${get}\r\n${get}\r\n`, false)
    expect(answers.split('HTTP/1.1 ')).toHaveLength(2)
    expect(linesOf(dataDir).map(({ reason }) => reason)).toEqual([undefined, 'WEB-BODY', ALLOWED])
  })

  it('serves the file that says where it is, and shows a browser the four lines and where to apply', async () => {
    const { start } = await gate({ apply: 'https://sekisho.example/decide/use-cloud' })
    const { port } = await start()
    const pac = await say(port, 'GET /proxy.pac HTTP/1.1\r\nHost: gate\r\n\r\n', false)
    expect(pac).toContain('application/x-ns-proxy-autoconfig')
    expect(pac).toContain(`PROXY 127.0.0.1:${port}`)
    expect(pac).not.toContain('office')
    const page = Buffer.from(
      await say(
        port,
        'GET http://evil.example/<script> HTTP/1.1\r\nHost: evil.example\r\n\r\n',
        false,
      ),
      'latin1',
    ).toString()
    const number = /W-[0-9A-F]{6}-\d+/u.exec(page)?.[0] ?? ''
    const known = `subject=evil.example&#38;refused=${number}&#38;breakoutPath=direct&#38;breakoutListed=false`
    expect(page).toContain(
      `href="https://sekisho.example/decide/use-cloud?${known}">［利用を申請する］`,
    )
    expect(page).toContain('X11-LISTED')
    expect(page).not.toContain('script')
    // The name is told once, as a word: of the rest of the address nothing is shown under the town's name.
    expect(page.replaceAll(known, '').split('evil')).toHaveLength(2)
    expect(page).toContain('<dd>evil.example</dd>')
  })
})

describe('a gate that reads inside', () => {
  it('shows staff which hosts it reads inside, why, and whether it can yet', async () => {
    const { start, dataDir, said } = await gate()
    const { port } = await start()
    const asks = 'GET /inspected HTTP/1.1\r\nHost: gate\r\n\r\n'
    const page = async () => Buffer.from(await say(port, asks, false), 'latin1').toString()
    const before = await page()
    expect(before).toContain('login.microsoftonline.com')
    expect(before).toContain('町のテナントのほかにサインインしないようにするため')
    expect(before).toContain('用意ができるまで')
    expect(said.join('')).toContain('「login.microsoftonline.com」へは通しません')
    const { fingerprint } = await makeAuthority(dataDir, {
      town: '見本町',
      hosts: ['login.microsoftonline.com'],
    })
    let after = before
    for (let tries = 0; tries < 200 && !after.includes(fingerprint); tries += 1) {
      await wait(50)
      after = await page()
    }
    expect(after).toContain(fingerprint)
    expect(after).not.toContain('用意ができるまで')
  })

  it('passes nothing while others could read the key of its authority', async () => {
    const { start, dataDir } = await gate()
    const { port } = await start()
    await makeAuthority(dataDir, { town: '見本町', hosts: ['login.microsoftonline.com'] })
    chmodSync(join(dataDir, 'ca/key.pem'), 0o644)
    await becomes(port, 'WEB-CLOSED')
    await expect(start()).rejects.toThrow('chmod 600')
  })
})

describe('a browser that is given the file', () => {
  it('asks the gate, and is told why it may not go on and where to apply', async () => {
    const { start, dataDir } = await gate({ apply: 'https://sekisho.example/decide/use-cloud' })
    const { port } = await start()
    const profile = join(root, 'profile')
    const browser = spawn(
      '/usr/bin/chromium',
      [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        `--user-data-dir=${profile}`,
        `--proxy-pac-url=http://127.0.0.1:${port}/proxy.pac`,
        '--virtual-time-budget=10000',
        '--dump-dom',
        'http://www.evil.example/',
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    )
    let page = ''
    browser.stdout.on('data', (chunk: Buffer) => (page += chunk.toString()))
    await once(browser, 'close')
    expect(page).toContain('［利用を申請する］')
    expect(page).toContain('X11-LISTED')
    expect(linesOf(dataDir)).toContainEqual(
      expect.objectContaining({ target: 'www.evil.example', reason: 'X11-LISTED' }),
    )
  })
})

describe('a cloud gate in a thread of its own', () => {
  const options = async () => {
    const folder = join(root, String((count += 1)))
    const { town, lists, addresses } = await writeCloudTown(folder)
    return {
      town,
      lists,
      dataDir: join(folder, 'data'),
      clients: { addresses },
      listen: { host: '127.0.0.1', port: 0 },
      resolvers: [`127.0.0.1:${names.address().port}`],
      domains: [],
      activate: false,
    }
  }

  it('answers, says what it has to say, and stops when it is told', async () => {
    const said: string[] = []
    const given = await options()
    const one = await runCloudGate({ ...given, say: (line) => said.push(line) })
    expect(await say(one.port, 'CONNECT evil.example:443 HTTP/1.1\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 403 /,
    )
    await cutService(given.dataDir, { service: 'exchange', by: 's0002', at: '' })
    const cut = '「exchange」を止めました。'
    while (!said.includes(cut)) await wait(50)
    expect(said).toEqual([expect.stringContaining('認証局がありません'), cut])
    await one.stop()
    const kinds: unknown[] = []
    await readRequests(join(given.dataDir, REQUESTS), ({ kind }) => void kinds.push(kind))
    expect(kinds).toEqual(['started', 'refused', 'cut', 'stopped'])
  })

  it('does not start on what it cannot go by, and says why', async () => {
    const given = await options()
    writeFileSync(given.town, 'town: ')
    await expect(runCloudGate({ ...given, say: () => undefined })).rejects.toMatchObject({
      code: expect.stringMatching(/INVALID|NOT_FOUND/),
    })
  })
})

describe('the record of requests', () => {
  it('goes on after a crash tore its last line, and finds one that was changed or taken out', async () => {
    const { start, dataDir } = await gate()
    const first = await start()
    for (let asked = 0; asked < 5; asked += 1) await reasonFor(first.port)
    await running.pop()?.stop()
    const folder = join(dataDir, REQUESTS)
    const file = join(folder, readdirSync(folder).find((name) => name.endsWith('.jsonl')) ?? '')
    appendFileSync(file, '{"at":"torn')
    const second = await start()
    await reasonFor(second.port)
    expect(await readRequests(folder)).toMatchObject({ lines: 9 })
    expect((await readRequests(folder)).broken).toBeUndefined()
    const whole = readFileSync(file, 'utf8')
    writeFileSync(file, whole.replace('"seq":3', '"seq":33'))
    expect((await readRequests(folder)).broken).toMatchObject({ line: 4 })
    writeFileSync(file, whole.split('\n').toSpliced(3, 1).join('\n'))
    expect((await readRequests(folder)).broken).toMatchObject({ line: 4 })
    writeFileSync(file, whole)
  })

  it('acknowledges nothing that is not on the disk, and goes on when it can write again', async () => {
    let today = new Date('2026-11-26T03:00:00Z')
    const folder = join(root, 'record')
    const record = await RequestRecord.open(folder, () => today)
    await record.append({ kind: 'started' })
    today = new Date('2026-11-27T03:00:00Z')
    mkdirSync(join(folder, '2026-11-27.jsonl'))
    await expect(record.append({ kind: 'opened' })).rejects.toThrow('EISDIR')
    rmdirSync(join(folder, '2026-11-27.jsonl'))
    await Promise.all([record.append({ kind: 'opened' }), record.append({ kind: 'ended' })])
    await record.close()
    await expect(record.append({ kind: 'late' })).rejects.toThrow('closed')
    expect(readFileSync(join(folder, '2026-11-27.jsonl'), 'utf8').split('\n')).toHaveLength(3)
    expect(await readRequests(folder)).toEqual({ lines: 3, reasons: [] })
  })

  it('has one writer', async () => {
    const { start } = await gate()
    await start()
    await expect(start()).rejects.toThrow('already open')
  })
})

describe('the orders on record', () => {
  it('name each list by its digest, who imported and who approved it, also when it comes in force later', async () => {
    const { start, lists, folder, dataDir } = await gate()
    const { port } = await start()
    const [started] = linesOf(dataDir)
    expect(started).toMatchObject({
      kind: 'started',
      mode: 'enforce',
      lists: [
        { list: 'microsoft-365', state: 'usable', importedBy: 's0001', approvedBy: 's0002' },
        { list: 'updates', state: 'usable', importedBy: 's0001', approvedBy: 's0002' },
      ],
    })
    rmSync(join(lists, 'updates'), { recursive: true })
    await becomes(port, 'X11-LISTED', 'crl.example.com:443')
    await writeCloudTown(folder)
    await becomes(port, ALLOWED, 'crl.example.com:443')
    const orders = linesOf(dataDir).filter(({ kind }) => kind === 'orders')
    const before = ((started ?? {})['lists'] as { digest: string }[] | undefined)?.[1]
    // A folder is taken away and put back file by file; the gate may have looked in between.
    expect(orders).toContainEqual(
      expect.objectContaining({
        lists: [
          expect.objectContaining({ list: 'microsoft-365' }),
          { list: 'updates', state: 'missing' },
        ],
      }),
    )
    expect(orders.at(-1)).toMatchObject({
      lists: [{}, { list: 'updates', state: 'usable', digest: before?.digest }],
    })
    expect((await readRequests(join(dataDir, REQUESTS))).broken).toBeUndefined()
  })

  it('keep a gate that watched for a day from stopping what nobody looked at, unless somebody insists', async () => {
    const { start, town, dataDir } = await gate()
    const text = readFileSync(town, 'utf8')
    writeFileSync(town, text.replace('mode: enforce', 'mode: report'))
    const { mode } = await start()
    expect(mode).toBe('report')
    await running.pop()?.stop()
    writeFileSync(town, text)
    await expect(start({ activate: true })).rejects.toThrow('--enforce-now')
    expect(await watchedOf(join(dataDir, REQUESTS))).toEqual({ days: 1, mode: 'report' })
    expect((await start({ activate: true, enforceNow: true })).mode).toBe('enforce')
    // Who stops already may go on stopping by another declaration.
    await running.pop()?.stop()
    writeFileSync(town, text.replace('departments: [soumu]', 'departments: [fukushi]'))
    expect((await start({ activate: true })).mode).toBe('enforce')
  })
})
