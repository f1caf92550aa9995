import type { Declared } from '@sekisho/network'
import { permitBoxes } from '../../packages/network/src/declared/expect.ts'
import { rangeText } from '../../packages/network/src/declared/text.ts'
import { writeNftables } from '@sekisho/network'
import { addressOf } from '../../packages/network/src/space/field.ts'
import type { Field, Span } from '../../packages/network/src/space/field.ts'

const STATES = ['new', 'established', 'related', 'invalid', 'untracked']
const PROTOCOLS = new Map([
  [1n, 'icmp'],
  [6n, 'tcp'],
  [17n, 'udp'],
  [58n, 'icmpv6'],
])

/** The same declaration as a person without sets would write it: two or more rules for each flow, all in one chain. */
export function rulesOf(declared: Declared): string {
  const rules = declared.permits.flatMap(permitBoxes).map((box) => {
    const fields = new Map<Field, readonly Span[]>(box)
    return `\t\t${[...fields].flatMap(([field, spans]) => conditionText(field, spans, fields)).join(' ')} accept\n`
  })
  const faults = writeNftables({ ...declared, permits: declared.permits })
  return faults
    .replaceAll(/\t\tct state (?:new|established).*accept\n/gu, '')
    .replaceAll(/\tset \S+ \{[^]*?\n\t\}\n\n/gu, '')
    .replace(/(\t\tjump spoofs\n)/u, (line) => line + rules.join(''))
}

function conditionText(
  field: Field,
  spans: readonly Span[],
  all: ReadonlyMap<Field, readonly Span[]>,
): readonly string[] {
  const six = all.get('family')?.[0]?.from === 6n
  const word = PROTOCOLS.get(all.get('protocol')?.[0]?.from as bigint) ?? ''
  switch (field) {
    case 'in':
      return [`iifname "${String(spans[0]!.from)}"`]
    case 'out':
      return [`oifname "${String(spans[0]!.from)}"`]
    case 'state':
      return [`ct state ${spans.map(({ from }) => STATES[Number(from)]).join(',')}`]
    case 'direction':
      return [`ct direction ${spans[0]!.from === 0n ? 'original' : 'reply'}`]
    case 'source':
      return [`${six ? 'ip6' : 'ip'} saddr ${addresses(spans)}`]
    case 'target':
      return [`${six ? 'ip6' : 'ip'} daddr ${addresses(spans)}`]
    case 'sourceMac':
      return [`ether saddr ${mac(spans[0]!.from as bigint)}`]
    case 'sourcePort':
      return [
        word.startsWith('icmp')
          ? `${word} type ${String(spans[0]!.from)}`
          : `${word} sport ${ports(spans)}`,
      ]
    case 'targetPort':
      return [`${word} dport ${ports(spans)}`]
    case 'family':
    case 'protocol':
      return []
  }
}

const addresses = (spans: readonly Span[]): string =>
  `{ ${spans
    .map(({ from, until }) => {
      const first = addressOf(from as bigint)
      const last = addressOf((until as bigint) - 1n)
      return rangeText({ family: first.family, first: first.address, last: last.address })
    })
    .join(', ')} }`

const ports = (spans: readonly Span[]): string =>
  `{ ${spans.map(({ from, until }) => `${String(from)}-${Number(until) - 1}`).join(', ')} }`

const mac = (value: bigint): string => value.toString(16).padStart(12, '0').match(/../gu)!.join(':')
