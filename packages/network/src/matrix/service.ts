import { PROTOCOLS } from '../space/field.ts'

/** What a first packet asks for. */
export interface Service {
  /** `tcp/443`, `udp/53`, `icmp`. */
  readonly name: string
  /** Protocol and port; for ICMP the type and code of an echo request. */
  of(family: 4 | 6): { readonly protocol: number; readonly port: number; readonly code?: number }
}

/** ICMP and ICMPv6: the types of an echo request (RFC 792, RFC 4443). */
const ECHO = {
  4: { protocol: PROTOCOLS.icmp, type: 8 },
  6: { protocol: PROTOCOLS.icmpv6, type: 128 },
}

/** @returns `undefined` when it is none of `tcp/PORT`, `udp/PORT`, `icmp` */
export function serviceOf(text: string): Service | undefined {
  if (text === 'icmp') {
    return {
      name: text,
      of: (family) => ({ protocol: ECHO[family].protocol, port: ECHO[family].type, code: 0 }),
    }
  }
  const [, name, number] = /^(tcp|udp)\/(\d{1,5})$/u.exec(text) ?? []
  const port = Number(number)
  if (name === undefined || port > 65_535) return undefined
  const protocol = PROTOCOLS[name as 'tcp' | 'udp']
  return { name: `${name}/${port}`, of: () => ({ protocol, port }) }
}
