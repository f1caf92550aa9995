/**
 * Where the makers of services let a proxy say which tenants may be signed in to: at exactly these hosts, by exactly these fields. One host more and a certificate of the town
 * would stand where the maker forbids it.
 */
import type { WebService } from '@sekisho/core'

/** A maker whose way is known. */
export type TenantMaker = 'microsoft' | 'google'

/** Source: Microsoft, "Restrict access to a tenant" (tenant restrictions v1). */
const MICROSOFT = ['login.microsoftonline.com', 'login.microsoft.com', 'login.windows.net'] as const
/** Personal accounts sign in here; the same source. */
const MICROSOFT_PERSONAL = 'login.live.com'
/** Source: Google Workspace, "Block access to consumer accounts": all requests to google.com. The sign-in itself is here. */
const GOOGLE = 'accounts.google.com'

/** Hosts that their makers leave out: devices that prove themselves by a certificate cannot be read inside. */
export const NEVER_INSPECTED: readonly string[] = [
  'device.login.microsoftonline.com',
  'enterpriseregistration.windows.net',
]

/** Fields by which a maker is told, in lower case. */
export const MAKER_FIELDS: readonly string[] = [
  'restrict-access-to-tenants',
  'restrict-access-context',
  'sec-restrict-tenant-access-policy',
  'x-googapps-allowed-domains',
]

/** A tenant that nobody has: an empty field could be read as no limit. RFC 9562 5.9, RFC 2606 2. */
const NO_TENANT = '00000000-0000-0000-0000-000000000000'
const NO_DOMAIN = 'none.invalid'

export function tenantMaker({
  list,
  tenants,
}: Pick<WebService, 'list' | 'tenants'>): TenantMaker | undefined {
  return tenants?.maker ?? (list === 'microsoft-365' ? 'microsoft' : undefined)
}

/**
 * Hosts where the gate must read inside for the limit of a service to hold.
 *
 * @returns empty when it cannot hold: nobody knows how its maker is told, or the town did not say who it is
 */
export function loginHosts(
  service: Pick<WebService, 'list' | 'tenants' | 'inspect'>,
): readonly string[] {
  const { tenants, inspect } = service
  if (!tenants) return []
  if (tenants.field !== undefined) return inspect.map(({ host }) => host)
  const maker = tenantMaker(service)
  if (maker === 'google') return [GOOGLE]
  return maker === 'microsoft' && tenants.directory !== undefined
    ? [...MICROSOFT, MICROSOFT_PERSONAL]
    : []
}

/**
 * What is written into each request to a host. Services that share a login host share a sign-in, so all their tenants are allowed there, for everybody.
 *
 * @returns name in lower case and value; empty for a host that no maker named
 */
export function tenantFieldsAt(
  host: string,
  services: readonly Pick<WebService, 'list' | 'tenants' | 'inspect'>[],
): readonly (readonly [name: string, value: string])[] {
  const limited = services.filter(({ tenants }) => tenants !== undefined)
  const of = (maker: TenantMaker) =>
    limited.filter((one) => one.tenants?.field === undefined && tenantMaker(one) === maker)
  const named = limited.filter(
    ({ tenants, inspect }) =>
      tenants?.field !== undefined && inspect.some((one) => one.host === host),
  )
  return [
    ...microsoftAt(host, of('microsoft')),
    ...googleAt(host, of('google')),
    ...[...Map.groupBy(named, ({ tenants }) => tenants!.field!.toLowerCase())].map(
      ([field, same]) => [field, valueOf(same, NO_DOMAIN)] as const,
    ),
  ]
}

type Limited = Pick<WebService, 'tenants'>

function microsoftAt(host: string, services: readonly Limited[]) {
  if (services.length === 0) return []
  if (host === MICROSOFT_PERSONAL)
    return [['sec-restrict-tenant-access-policy', 'restrict-msa'] as const]
  if (!MICROSOFT.some((one) => one === host)) return []
  const directory = services.find(({ tenants }) => tenants?.directory !== undefined)
  return [
    ['restrict-access-to-tenants', valueOf(services, NO_TENANT)] as const,
    ['restrict-access-context', directory?.tenants?.directory ?? NO_TENANT] as const,
  ]
}

function googleAt(host: string, services: readonly Limited[]) {
  const google = host === 'google.com' || host.endsWith('.google.com')
  return google && services.length > 0
    ? [['x-googapps-allowed-domains', valueOf(services, NO_DOMAIN)] as const]
    : []
}

function valueOf(services: readonly Limited[], nobody: string): string {
  const all = new Set(services.flatMap(({ tenants }) => tenants?.allowed ?? []))
  return all.size === 0 ? nobody : [...all].join(',')
}
