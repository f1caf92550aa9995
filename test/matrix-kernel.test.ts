import { behindPlugs, matrixOf, readIptables, readNftables, serviceOf } from '@sekisho/network'
import type { Filter, Matrix, Opens, Place, Question } from '@sekisho/network'
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SAWATARI, stand, townOf, whyNoLab } from './probe.test-support.ts'
import type { Standing } from './probe.test-support.ts'

const why = await whyNoLab()
const NOW = Math.floor(Date.now() / 1_000)
const SERVICES = ['tcp/443', 'tcp/22', 'udp/53'] as const

/** As somebody else wrote it, over the years: chains in chains, exceptions, ranges, what was meant for one family. */
const SAVED = {
  4: `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:office - [0:0]
:web - [0:0]
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -s 10.2.0.22/32 -p tcp -m tcp --dport 22 -j REJECT --reject-with icmp-port-unreachable
-A FORWARD -i lgwan -j office
-A FORWARD ! -i mynumber -d 198.51.100.16/28 -p tcp -m multiport --dports 80,443 -j ACCEPT
-A FORWARD -p udp -m udp --dport 53 -m iprange --src-range 10.3.0.0-10.3.0.127 -j ACCEPT
-A office ! -d 10.3.0.0/24 -j RETURN
-A office -p tcp -g web
-A office -p udp -m udp --dport 53 -j ACCEPT
-A web -p tcp -m tcp --dport 22:443 -j ACCEPT
COMMIT
`,
  6: `*filter
:INPUT DROP [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -s fd00:2::/64 -d fd00:3::/64 -p tcp -m tcp --dport 443 -j ACCEPT
-A FORWARD -o mynumber -j DROP
-A FORWARD -i lgwan -p tcp -m conntrack --ctstate NEW -j DROP
COMMIT
`,
} as const

const TABLES = `
table inet edge {
  set admins {
    type ipv4_addr
    flags interval
    elements = { 10.2.0.16-10.2.0.21 }
  }
  map by_service {
    type inet_proto . inet_service : verdict
    elements = { tcp . 443 : accept, udp . 53 : goto names, tcp . 22 : goto shells }
  }
  chain names { ip daddr 10.3.0.0/24 accept
    iifname "internet" accept
  }
  chain shells { ip saddr @admins accept
  }
  chain forward {
    type filter hook forward priority 0; policy drop;
    ct state established,related accept
    oifname "mynumber" drop
    meta nfproto ipv6 tcp dport 443 iifname != "x-internet" accept
    meta nfproto ipv4 meta l4proto . th dport vmap @by_service
  }
}
table ip later {
  chain forward {
    type filter hook forward priority 10; policy accept;
    ip saddr 10.3.0.11 ip daddr != 198.51.100.0/24 drop
  }
}
`

const inside = (
  spans: readonly { readonly from: string | bigint; readonly until?: string | bigint }[],
  key: string | bigint,
): boolean => spans.some(({ from, until }) => from <= key && (until === undefined || key < until))

/** What a matrix says of two places, by their plugs and addresses. */
function said(matrix: Matrix, places: readonly Place[], question: Question): Opens {
  const key = (address: bigint): bigint => (matrix.family === 4 ? address : (1n << 32n) + address)
  const at = (place: number, address: bigint): number =>
    matrix.classes.findIndex(({ places: here }) =>
      here.some(
        ({ plugs, addresses }) =>
          inside(plugs, places[place]!.plug) && inside(addresses, key(address)),
      ),
    )
  const [from, to] = [at(question.from, question.source), at(question.to, question.target)]
  // Places that may do nothing, and have nothing done to them, stand in no class.
  return matrix.opens[from]?.[to] ?? 'never'
}

/** Every two places behind different plugs, in each family, for one service. */
function pairs(places: readonly Place[], service: string): readonly Question[] {
  const [protocol, port] = service.split('/') as ['tcp' | 'udp', string]
  return places.flatMap((a, from) =>
    places.flatMap((b, to) =>
      a.plug === b.plug
        ? []
        : a.addresses.flatMap((source) =>
            b.addresses
              .filter(({ family }) => family === source.family)
              .map((target): Question => ({
                from,
                to,
                family: source.family,
                source: source.address,
                target: target.address,
                protocol,
                port: Number(port),
                reason: 'known',
              })),
          ),
    ),
  )
}

describe.skipIf(why !== '')('the service matrix of a foreign text and real packets', () => {
  let town: Standing
  beforeAll(async () => {
    town = await stand(townOf(SAWATARI), { alike: 3 })
  })
  afterAll(() => town.lab.close())

  /** Of each pair of places what the matrix says and what really came, and how often the matrix said what. */
  async function compared(filter: Filter): Promise<Readonly<Record<Opens, number>>> {
    expect(filter.unread).toEqual([])
    const counts = { always: 0, never: 0, maybe: 0 }
    for (const service of SERVICES) {
      const questions = pairs(town.places, service)
      // oxlint-disable-next-line no-await-in-loop -- one firewall
      const seen = await town.lab.ask(questions)
      for (const family of [4, 6] as const) {
        const behind = { behind: behindOf() }
        const matrix = matrixOf(filter, serviceOf(service)!, family, behind)!
        for (const [index, question] of questions.entries()) {
          if (question.family !== family) continue
          const opens = said(matrix, town.places, question)
          counts[opens] += 1
          const came = seen[index] === 'answered' || seen[index] === 'arrived'
          const told = [
            service,
            family,
            town.places[question.from]!.id,
            town.places[question.to]!.id,
          ]
          expect([...told, seen[index] === 'unsent']).toEqual([...told, false])
          if (opens !== 'maybe') expect([...told, came]).toEqual([...told, opens === 'always'])
        }
      }
    }
    return counts
  }

  /** All that is plugged in, also what the declaration does not know of: the lab has a liar behind every plug. */
  function behindOf() {
    const known = behindPlugs(town.declared)
    return new Map(
      [...known].map(([plug, spans]) => [
        plug,
        [
          ...spans,
          ...town.places
            .filter((place) => place.plug === plug)
            .flatMap(({ addresses }) => addresses)
            .map(({ family, address }) => {
              const from = family === 4 ? address : (1n << 32n) + address
              return { from, until: from + 1n }
            }),
        ],
      ]),
    )
  }

  it('agree pair by pair, of nftables', async () => {
    const loaded = await town.lab.load(TABLES)
    if (!loaded.ok) throw new Error(loaded.says)
    const counts = await compared(readNftables(loaded.listing, { at: NOW }))
    expect(counts.always).toBeGreaterThan(50)
    expect(counts.never).toBeGreaterThan(200)
    expect(counts.maybe).toBe(0)
  })

  it.skipIf(!existsSync('/usr/sbin/iptables-restore'))(
    'agree pair by pair, of iptables-save and ip6tables-save',
    async () => {
      await town.lab.load('')
      for (const [family, program] of [
        [4, '/usr/sbin/iptables-restore'],
        [6, '/usr/sbin/ip6tables-restore'],
      ] as const) {
        // oxlint-disable-next-line no-await-in-loop -- one firewall
        const { code, errors } = await town.lab.run(undefined, [program], SAVED[family])
        expect([code, errors]).toEqual([0, ''])
      }
      const texts = ([4, 6] as const).map((family) => ({ text: SAVED[family], family }))
      const counts = await compared(readIptables(texts, { at: NOW }))
      expect(counts.always).toBeGreaterThan(50)
      expect(counts.never).toBeGreaterThan(200)
      expect(counts.maybe).toBe(0)
    },
  )

  it('a packet that comes where the matrix says never is seen', async () => {
    const loaded = await town.lab.load(TABLES)
    if (!loaded.ok) throw new Error(loaded.says)
    const read = readNftables(loaded.listing, { at: NOW })
    const opened = await town.lab.load(TABLES.replace('10.2.0.16-10.2.0.21', '10.2.0.16-10.2.0.22'))
    expect(opened.ok).toBe(true)
    await expect(compared(read)).rejects.toThrow(/host:pc-2/u)
  })
})
