import { describe, expect, it } from 'vitest'
import { NEVER_INSPECTED, loginHosts, tenantFieldsAt } from './tenant-limit.ts'

const directory = '11111111-2222-3333-4444-555555555555'
const microsoft = (allowed: readonly string[], more = {}) => ({
  list: 'microsoft-365',
  inspect: [],
  tenants: { allowed, directory, ...more },
})

describe('the limit on tenants of Microsoft', () => {
  it('is written at exactly the three hosts, and for personal accounts at theirs', () => {
    const services = [microsoft(['a.example'])]
    for (const host of ['login.microsoftonline.com', 'login.microsoft.com', 'login.windows.net'])
      expect(tenantFieldsAt(host, services)).toEqual([
        ['restrict-access-to-tenants', 'a.example'],
        ['restrict-access-context', directory],
      ])
    expect(tenantFieldsAt('login.live.com', services)).toEqual([
      ['sec-restrict-tenant-access-policy', 'restrict-msa'],
    ])
    for (const host of [
      ...NEVER_INSPECTED,
      'outlook.office.com',
      'login.microsoftonline.com.example',
    ])
      expect(tenantFieldsAt(host, services)).toEqual([])
  })

  it('is one for services that share the sign-in, and of none allowed it allows none', () => {
    const [first] = tenantFieldsAt('login.windows.net', [
      microsoft(['a.example', 'b.example']),
      microsoft(['b.example']),
    ])
    expect(first).toEqual(['restrict-access-to-tenants', 'a.example,b.example'])
    const [none] = tenantFieldsAt('login.windows.net', [microsoft([])])
    expect(none?.[1]).toBe('00000000-0000-0000-0000-000000000000')
  })

  it('cannot hold without the id of the town’s own directory, nor for a maker nobody knows', () => {
    expect(loginHosts(microsoft(['a.example']))).toHaveLength(4)
    expect(loginHosts({ list: 'microsoft-365', inspect: [], tenants: { allowed: [] } })).toEqual([])
    expect(loginHosts({ list: 'kaigi', inspect: [], tenants: { allowed: [] } })).toEqual([])
  })
})

describe('the limit on tenants of others', () => {
  it('is written at all of google.com, and at nobody else’s', () => {
    const services = [
      { list: 'own', inspect: [], tenants: { allowed: ['a.example'], maker: 'google' as const } },
    ]
    for (const host of ['accounts.google.com', 'drive.google.com', 'google.com'])
      expect(tenantFieldsAt(host, services)).toEqual([['x-googapps-allowed-domains', 'a.example']])
    for (const host of ['notgoogle.com', 'google.com.example', 'login.live.com'])
      expect(tenantFieldsAt(host, services)).toEqual([])
  })

  it('is the field that the town wrote down, at the hosts that it reads inside', () => {
    const service = {
      list: 'own',
      inspect: [{ host: 'login.example.jp', reason: 'x' }],
      tenants: { allowed: ['a.example'], field: 'X-Example-Tenants' },
    }
    expect(loginHosts(service)).toEqual(['login.example.jp'])
    expect(tenantFieldsAt('login.example.jp', [service])).toEqual([
      ['x-example-tenants', 'a.example'],
    ])
    expect(tenantFieldsAt('www.example.jp', [service])).toEqual([])
  })
})
