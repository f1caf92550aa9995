import { once } from 'node:events'
import { connect } from 'node:http2'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import {
  DIRECTORY,
  LOGIN,
  TENANTS,
  curl,
  insideTown,
  startInspection,
  startTlsOrigin,
  terminalOf,
} from './inspect.test-support.ts'
import type { OriginOptions } from './inspect.test-support.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

async function between(town: string, options: OriginOptions = {}) {
  const origin = await startTlsOrigin(options)
  const gate = await startInspection({ origin, town })
  open.push(gate, origin)
  return { origin, gate }
}

const OURS = [
  ['restrict-access-to-tenants', 'kasumi.example.jp,22222222-0000-4000-8000-000000000000'],
  ['restrict-access-context', DIRECTORY],
] as const
const THEIRS = [
  'Restrict-Access-To-Tenants: evil.example',
  'RESTRICT-ACCESS-TO-TENANTS: evil.example',
  'restrict-access-context: 99999999-9999-4999-8999-999999999999',
  'Sec-Restrict-Tenant-Access-Policy: evil',
  'X-GoogApps-Allowed-Domains: evil.example',
]

describe('the limit on tenants at a login host', () => {
  it.each(['--http1.1', '--http2'])(
    '%s is what the town said, whatever the terminal wrote, and once',
    async (flag) => {
      const { origin, gate } = await between(insideTown(TENANTS))
      const fields = THEIRS.flatMap((one) => ['-H', one])
      expect(await curl(gate, flag, '--compressed', ...fields, `https://${LOGIN}/`)).toContain(
        'hello',
      )
      const { headers = [] } = origin.got[0] ?? {}
      expect(headers.filter(([name]) => /restrict|goog/u.test(name))).toEqual(OURS)
      expect(JSON.stringify(headers)).not.toMatch(/evil|9999/u)
      // Packed, what the host answers could not be looked at.
      expect(headers.filter(([name]) => name === 'accept-encoding')).toEqual([
        ['accept-encoding', 'identity'],
      ])
    },
  )

  it('holds for a request that was cut into crumbs and for every one on the connection', async () => {
    const { origin, gate } = await between(insideTown(TENANTS))
    const terminal = await terminalOf(gate, ['h2'])
    const session = connect(`https://${LOGIN}`, { createConnection: () => terminal })
    for (let nth = 0; nth < 3; nth += 1) {
      const stream = session.request({
        ':path': `/${nth}`,
        ':authority': LOGIN,
        'restrict-access-to-tenants': ['evil.example', 'evil.example'],
      })
      await once(stream.resume(), 'close')
    }
    session.destroy()
    expect(origin.got).toHaveLength(3)
    for (const { headers } of origin.got)
      expect(headers.filter(([name]) => name.startsWith('restrict'))).toEqual(OURS)
  })

  it('is not written where the service is not limited, and what the terminal wrote goes all the same', async () => {
    const { origin, gate } = await between(insideTown())
    await curl(gate, '-H', THEIRS[0]!, `https://${LOGIN}/`)
    expect(JSON.stringify(origin.got[0]?.headers)).not.toContain('restrict')
  })

  it('that cannot hold shuts the service: a login host that is not read inside', async () => {
    const { origin, gate } = await between(insideTown(TENANTS, [LOGIN]))
    for (const host of [LOGIN, 'outlook.office.com'])
      expect(await curl(gate, `https://${host}/`)).toContain('403')
    expect(origin.seen.connections).toBe(0)
    expect(gate.records.map(({ reason }) => reason)).toEqual(['X11-TENANT', 'X11-TENANT'])
  })

  it('that turned a sign-in away by leading to a page elsewhere is on record', async () => {
    const { gate } = await between(insideTown(TENANTS), {
      answer: (_, response) => {
        response.setHeader('location', 'https://accounts.google.com/info/servicerestricted?es=1')
        response.statusCode = 302
        response.end()
      },
    })
    await curl(gate, `https://${LOGIN}/`)
    expect(gate.records.filter(({ reason }) => reason === 'WEB-TENANT-OTHER')).toMatchObject([
      { kind: 'noticed', client: 's0001' },
    ])
  })

  it('that turned a sign-in away is on record before the page is shown', async () => {
    const { gate } = await between(insideTown(TENANTS), {
      answer: async (_, response) => {
        response.write('<p>AADSTS5')
        await wait(30)
        response.end('00021: access to the tenant is denied')
      },
    })
    expect(await curl(gate, `https://${LOGIN}/`)).toContain('AADSTS500021')
    expect(gate.records).toContainEqual(
      expect.objectContaining({ kind: 'noticed', reason: 'WEB-TENANT-OTHER', client: 's0001' }),
    )
  })
})
