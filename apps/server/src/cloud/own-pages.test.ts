import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { hashPassword } from '../host/password.ts'
import { writeCloudTown } from './cloud-town.test-support.ts'
import { say } from './proxy.test-support.ts'
import { serveCloud } from './serve-cloud.ts'
import type { CloudGateOptions, RunningCloudGate } from './serve-cloud.ts'

const root = mkdtempSync(join(tmpdir(), 'sekisho-own-pages-'))
const running: RunningCloudGate[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

let count = 0
async function gate(more: Partial<CloudGateOptions> = {}): Promise<number> {
  const folder = join(root, String((count += 1)))
  const { town, lists, addresses } = await writeCloudTown(folder)
  const one = await serveCloud({
    town,
    lists,
    dataDir: join(folder, 'data'),
    clients: { addresses },
    listen: { host: '127.0.0.1', port: 0 },
    resolvers: ['127.0.0.1:9'],
    domains: [],
    activate: false,
    say: () => undefined,
    ...more,
  })
  running.push(one)
  return one.port
}

const text = async (port: number, request: string): Promise<string> =>
  Buffer.from(await say(port, request, false), 'latin1').toString()
const get = (port: number, path: string, more = '', host = '127.0.0.1'): Promise<string> =>
  text(port, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${more}\r\n`)
const basic = (who: string): string => Buffer.from(who).toString('base64')

/** Asks for a tunnel that is refused, and gives back the number it was told. */
async function refused(port: number, more = ''): Promise<string> {
  const said = await text(
    port,
    `CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n${more}\r\n`,
  )
  expect(said).toContain('/refused/W-')
  return /W-[0-9A-F]{6}-\d+/u.exec(said)?.[0] ?? ''
}

describe('the pages of the gate', () => {
  it('say again what a browser hid, under the address the refusal named', async () => {
    const port = await gate({ apply: 'https://sekisho.example/decide/breakout' })
    const number = await refused(port)
    const page = await get(port, `/refused/${number}`)
    expect(page).toMatch(/^HTTP\/1.1 200/u)
    for (const part of [number, 'X11-LISTED', '第3編', '情報担当', '［利用を申請する］'])
      expect(page).toContain(part)
    expect(page).toContain('<dd>evil.example:443</dd>')
    expect(await get(port, '/')).toContain(number)
    expect(await get(port, '/proxy.pac')).toContain(`http://127.0.0.1:${port}/`)
  })

  it('tell a program in JSON, also for a number that is not there', async () => {
    const port = await gate()
    const number = await refused(port)
    const json = 'Accept: application/json\r\n'
    const all = await get(port, '/', json)
    expect(all).toContain('application/json')
    expect(all).toContain(`"number":"${number}"`)
    expect(await get(port, '/refused/W-FFFFFF-9', json)).toMatch(/^HTTP\/1.1 404/u)
    expect(await get(port, '/refused/W-FFFFFF-9')).toContain('ここでは見られません')
  })

  it('show somebody on the same machine nothing of what others asked for', async () => {
    const people = join(root, 'people')
    const hash = await hashPassword('correct horse')
    writeFileSync(people, `s0001 ${hash}\ns0002 ${hash}\n`)
    const port = await gate({ clients: { credentials: people } })
    const number = await refused(
      port,
      `Proxy-Authorization: Basic ${basic('s0001:correct horse')}\r\n`,
    )
    const as = (who: string): string => `Authorization: Basic ${basic(`${who}:correct horse`)}\r\n`
    for (const more of ['', as('s0002'), 'Authorization: Basic !!\r\n']) {
      expect(await get(port, '/', more)).not.toContain(number)
      expect(await get(port, `/refused/${number}`, more)).toContain('ここでは見られません')
    }
    expect(await get(port, '/')).toContain('href="/who"')
    expect(await get(port, '/who')).toMatch(/^HTTP\/1.1 401[^]*basic realm/iu)
    expect(await get(port, '/who', as('s0001'))).toMatch(/^HTTP\/1.1 303[^]*location: \/\r/iu)
    expect(await get(port, '/', as('s0001'))).toContain(number)
  })

  it('are not there for another site whose name leads to the gate', async () => {
    const port = await gate()
    const number = await refused(port)
    const page = await get(port, '/', '', 'rebound.example')
    expect(page).not.toContain(number)
    expect(page).toContain('HEAD-LINE')
  })
})
