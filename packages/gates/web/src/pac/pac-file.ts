/**
 * The file that tells browsers where the gate is (proxy auto-config). It names no destination: it lies open to everybody who can reach the gate, and what may be reached is
 * the gate's to say. It asks no name server either: a browser that looked up every name would tell them all to the outside.
 */
import { readRange } from '@sekisho/town'

export interface PacOptions {
  /** How terminals reach the gate. */
  readonly gate: { readonly host: string; readonly port: number; readonly tls: boolean }
  /** The town's own networks, CIDR; reached without the gate. */
  readonly networks: readonly string[]
  /** The town's own domains; they and what is under them are reached without the gate. */
  readonly domains: readonly string[]
}

/** Where the gate itself is opened in a browser, with a `/` at its end. */
export function gateAddress({ host, port, tls }: PacOptions['gate']): string {
  return `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}/`
}

/** The text, pure ASCII: browsers do not agree on the encoding of anything else. Networks of IPv6 are left to the gate, which refuses them. */
export function pacFile({ gate, networks, domains }: PacOptions): string {
  const { host, port, tls } = gate
  const place = host.includes(':') ? `[${host}]` : host
  const page = gateAddress(gate)
  const ranges = networks.flatMap((network) => {
    const range = readRange(network)
    return range?.family === 4 ? [[Number(range.first), Number(range.last)]] : []
  })
  return `${[
    `// Why a page was not opened is said at ${/^[!-~]+$/u.test(page) ? page : 'the gate'}`,
    'function FindProxyForURL(url, host) {',
    `  var gate = ${ascii(`${tls ? 'HTTPS' : 'PROXY'} ${place}:${port}`)};`,
    `  var itself = ${ascii(host.toLowerCase())};`,
    `  var domains = ${ascii(domains.map((domain) => domain.toLowerCase()))};`,
    `  var networks = ${ascii(ranges)};`,
    '  var name = host.toLowerCase();',
    '  if (name.indexOf(".") < 0 && name.indexOf(":") < 0) return "DIRECT";',
    '  if (name === itself) return "DIRECT";',
    '  for (var i = 0; i < domains.length; i += 1)',
    '    if (("." + name).slice(-domains[i].length - 1) === "." + domains[i]) return "DIRECT";',
    '  var quad = /^(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})$/.exec(name);',
    '  if (!quad) return gate;',
    '  var number = ((+quad[1] * 256 + +quad[2]) * 256 + +quad[3]) * 256 + +quad[4];',
    '  for (var j = 0; j < networks.length; j += 1)',
    '    if (number >= networks[j][0] && number <= networks[j][1]) return "DIRECT";',
    '  return gate;',
    '}',
  ].join('\n')}\n`
}

const ascii = (value: unknown): string =>
  JSON.stringify(value).replaceAll(
    /[^ -~]/gu,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
