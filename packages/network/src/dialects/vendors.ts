import type { Declared } from '../declared/permit.ts'
import type { Filter } from '../filter/filter.ts'
import { lacksOf as asaLacks } from './cisco-asa/supports.ts'
import { readCiscoAsa } from './cisco-asa/read.ts'
import { writeCiscoAsa } from './cisco-asa/write.ts'
import { lacksOf as iosLacks } from './cisco-ios/supports.ts'
import { readCiscoIos } from './cisco-ios/read.ts'
import { writeCiscoIos } from './cisco-ios/write.ts'
import { withhold } from './dialect.ts'
import type { Vendor, Withheld, Written } from './dialect.ts'
import { lacksOf as fortigateLacks } from './fortigate/supports.ts'
import { readFortigate } from './fortigate/read.ts'
import { writeFortigate } from './fortigate/write.ts'
import { lacksOf as paloAltoLacks } from './palo-alto/supports.ts'
import { readPaloAlto } from './palo-alto/read.ts'
import { writePaloAlto } from './palo-alto/write.ts'

const WRITERS = {
  fortigate: writeFortigate,
  'cisco-asa': writeCiscoAsa,
  'cisco-ios': writeCiscoIos,
  'palo-alto': writePaloAlto,
} as const satisfies Record<Vendor, (declared: Declared) => Written>

const LACKS = {
  fortigate: fortigateLacks,
  'cisco-asa': asaLacks,
  'cisco-ios': iosLacks,
  'palo-alto': paloAltoLacks,
} as const satisfies Record<Vendor, Parameters<typeof withhold>[1]>

/** The text for a machine of this maker, and what had to be left out of it. */
export const writeVendor = (vendor: Vendor, declared: Declared): Written =>
  WRITERS[vendor](declared)

/** A declaration as far as the machine can say it: what a text of its dialect is compared with. */
export const withheldFor = (vendor: Vendor, declared: Declared): Withheld =>
  withhold(declared, LACKS[vendor])

/** Reads a text of a maker. */
export function readVendor(vendor: Vendor, text: string, options: { readonly at: number }): Filter {
  switch (vendor) {
    case 'fortigate':
      return readFortigate(text, options)
    case 'cisco-asa':
      return readCiscoAsa(text, options)
    case 'cisco-ios':
      return readCiscoIos(text, options)
    case 'palo-alto':
      return readPaloAlto(text, options)
  }
}

/** Lines that only a text of this maker has. */
const SIGNS: readonly (readonly [Vendor, RegExp])[] = [
  ['fortigate', /^[ \t]*config (?:firewall|system|vdom|global|log)\b|^#config-version=/mu],
  ['palo-alto', /^[ \t]*set (?:shared |vsys \S+ )?(?:rulebase|address|service|zone) (?!\{)\S/mu],
  [
    'cisco-asa',
    /^[ \t]*(?:access-list \S+ (?:extended|line)\b|access-group \S+ (?:in|out|global)\b|ASA Version\b)/mu,
  ],
  [
    'cisco-ios',
    /^[ \t]*(?:ip access-list (?:extended|standard)\b|ipv6 access-list\b|ip access-group\b|ipv6 traffic-filter\b|access-list \d+ (?:permit|deny|remark)\b)/mu,
  ],
]
/** What nft and netfilter's other programs write, whatever a comment or a set in it is called. */
const NETFILTER =
  /^(?:#!.*\bnft\b|(?:add )?table (?:ip6?|inet|arp|bridge|netdev) \S|flush ruleset|\*(?:filter|nat|mangle|raw)\s*$)/mu

/** Of which maker a text is; `undefined` when it is of none of them. */
export function vendorOf(text: string): Vendor | undefined {
  if (text.trimStart().startsWith('{') || NETFILTER.test(text)) return undefined
  return SIGNS.find(([, sign]) => sign.test(text))?.[0]
}
