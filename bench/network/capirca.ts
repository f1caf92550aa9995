import type { Declared } from '@sekisho/network'
import { rangeText } from '../../packages/network/src/declared/text.ts'
import type { AddressRange } from '../../packages/network/src/declared/ranges.ts'

/** The permits of a town as files of capirca, for its generator of iptables: the way there alone, without interfaces and MAC addresses, which it cannot say. */
export function capircaOf({ permits }: Declared): {
  readonly networks: string
  readonly services: string
  readonly policy: string
} {
  const networks = new Map<string, string>()
  const services = new Map<string, string>()
  const network = (ranges: readonly AddressRange[]): string => {
    const text = ranges.map(rangeText).join('\n  ')
    return named(networks, text, 'NET')
  }
  const service = (ports: readonly (readonly [number, number])[], protocol: string): string =>
    named(
      services,
      ports.map(([a, b]) => `${a === b ? a : `${a}-${b}`}/${protocol}`).join(' '),
      'SVC',
    )
  const terms = permits
    .filter(({ protocol }) => protocol !== 'icmp')
    .map(({ flow, protocol, ports, from, to }) => {
      const [source, target] = [from, to].map(({ parts }) =>
        network(parts.flatMap(({ ranges }) => ranges)),
      )
      return `term ${flow.id} {
  source-address:: ${source}
  destination-address:: ${target}
  protocol:: ${protocol}
  destination-port:: ${service(ports, protocol)}
  action:: accept
}
`
    })
  return {
    networks: [...networks].map(([text, name]) => `${name} =\n  ${text}\n`).join(''),
    services: [...services].map(([text, name]) => `${name} = ${text}\n`).join(''),
    policy: `header {\n  target:: iptables FORWARD DROP\n}\n${terms.join('')}`,
  }
}

function named(known: Map<string, string>, text: string, prefix: string): string {
  const name = known.get(text) ?? `${prefix}${known.size + 1}`
  known.set(text, name)
  return name
}
