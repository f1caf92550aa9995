import type { Unread } from '../../filter/filter.ts'
import { nodeAt } from './syntax.ts'
import type { Node } from './syntax.ts'

/** Sections that are read elsewhere, or say nothing about which packets the machine forwards. */
const KNOWN = new Set([
  'address',
  'address-group',
  'application',
  'application-filter',
  'application-group',
  'application-status',
  'application-tag',
  'authentication-object',
  'authentication-profile',
  'authentication-sequence',
  'botnet',
  'certificate',
  'certificate-profile',
  'content-preview',
  'deviceconfig',
  'display-name',
  'email-scheduler',
  'external-list',
  'global-protect',
  'group-mapping',
  'import',
  'local-user-database',
  'log-settings',
  'mgt-config',
  'network',
  'ocsp-responder',
  'pdf-summary-report',
  'profile-group',
  'profiles',
  'redistribution-agent',
  'redistribution-collector',
  'region',
  'report-group',
  'reports',
  'rulebase',
  'schedule',
  'server-profile',
  'service',
  'service-group',
  'setting',
  'ssl-decrypt',
  'ssl-tls-service-profile',
  'tag',
  'threats',
  'ts-agent',
  'user-id-agent',
  'user-id-collector',
  'user-id-ssl-auth',
  'zone',
])

/** Rulebases beside that of security, and what of them says nothing about what passes. */
const RULEBASES = new Set(['security', 'default-security-rules', 'nat', 'decryption', 'qos', 'pbf'])

/** Settings with which the machine is no firewall that keeps track of connections; each with the only value that is read. */
const SETTINGS: readonly (readonly [path: string, value: string])[] = [
  ['deviceconfig setting session tcp-reject-non-syn', 'yes'],
  ['deviceconfig setting tcp asymmetric-path', 'drop'],
  ['deviceconfig setting session ipv6-firewalling', 'yes'],
]

/** Sections and settings that may let packets through, or rewrite them, in a manner that is not read here. */
export function strangeSections(root: Node): readonly Unread[] {
  const sections = [...root.kids.keys()].filter((name) => !KNOWN.has(name))
  const rulebases = [...(nodeAt(root, ['rulebase'])?.kids ?? [])].filter(
    ([name, node]) => !RULEBASES.has(name) && (nodeAt(node, ['rules'])?.kids.size ?? 1) > 0,
  )
  return [
    ...sections.map((name) => ({ place: '', text: `set ${name}` })),
    ...rulebases.map(([name]) => ({ place: '', text: `set rulebase ${name}` })),
    ...SETTINGS.flatMap(([path, value]) =>
      [...(nodeAt(root, path.split(' '))?.kids.keys() ?? [])]
        .filter((said) => said !== value)
        .map((said) => ({ place: 'deviceconfig setting', text: `${path} ${said}` })),
    ),
    ...wires(root),
  ]
}

/** Zones whose packets the machine hands on without being a router. */
function wires(root: Node): readonly Unread[] {
  return [...(nodeAt(root, ['zone'])?.kids ?? [])].flatMap(([name, zone]) =>
    [...(nodeAt(zone, ['network'])?.kids.keys() ?? [])]
      .filter((kind) => kind === 'virtual-wire' || kind === 'layer2')
      .map((kind) => ({ place: `zone ${name}`, text: kind })),
  )
}
