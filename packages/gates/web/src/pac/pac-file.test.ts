import { createContext, runInContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { pacFile } from './pac-file.ts'

const TEXT = pacFile({
  gate: { host: '10.20.1.10', port: 8080, tls: false },
  networks: ['10.20.0.0/16', '10.30.0.0/16', 'fd00::/8'],
  domains: ['Town.example', '町.example'],
})
/** Only what the language has: a call of `dnsResolve` or `isInNet` would throw, and ask a name server in a browser. */
const ways = createContext({})
runInContext(TEXT, ways)
const way = (host: string): string =>
  runInContext(
    `FindProxyForURL("https://" + ${JSON.stringify(host)} + "/", ${JSON.stringify(host)})`,
    ways,
  ) as string

describe('the file that tells browsers where the gate is', () => {
  it('is pure ASCII', () => {
    expect(TEXT).toMatch(/^[\n -~]+$/)
  })

  it.each([
    'intranet',
    'www.town.example',
    'TOWN.EXAMPLE',
    '10.20.0.0',
    '10.20.255.255',
    '10.30.4.5',
  ])("leaves what is the town's own without the gate: %s", (host) =>
    expect(way(host)).toBe('DIRECT'),
  )

  it.each([
    'outlook.office.com',
    'eviltown.example',
    'town.example.evil.example',
    'intranet.',
    '10.21.0.0',
    '10.19.255.255',
    '192.168.0.1',
    '10.20.1',
    '999.20.0.1',
    '[2001:db8::1]',
    'fd00::1',
  ])('sends everything else to it: %s', (host) => expect(way(host)).toBe('PROXY 10.20.1.10:8080'))

  it('is for TLS where the gate speaks it', () => {
    const gate = { host: 'gate.town.example', port: 8443, tls: true }
    expect(pacFile({ gate, networks: [], domains: [] })).toContain('"HTTPS gate.town.example:8443"')
  })
})
