import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTown } from '@sekisho/town'
import { describe, expect, it } from 'vitest'
import { noon } from '../../declared/day.ts'
import { declare } from '../../declared/declare.ts'
import { proveLasting } from '../../prove/lasting.ts'
import type { Proof } from '../../prove/prove.ts'
import { skippedBecause, whyNoKernel } from './kernel.test-support.ts'
import { loadNftables } from './load.ts'
import { readNftables } from './read.ts'
import { writeNftables } from './write.ts'

const read = readTown(
  readFileSync(join(import.meta.dirname, '../../../../../examples/kasumi/town.yaml'), 'utf8'),
)
if (!read.ok) throw new Error(JSON.stringify(read.problems))
const declared = declare(read.town, { at: '2026-11-25' })
const text = writeNftables(declared)

/** Our text with another wall: what no chain lets through is dropped by this line alone. */
const walledBy = (line: string): string =>
  text
    .replace(
      'hook forward priority filter; policy drop',
      'hook forward priority filter; policy accept',
    )
    .replaceAll(/counter name (?:undeclared|denied_p\d+) drop/gu, line)

async function listingOf(of: string): Promise<unknown> {
  const loaded = await loadNftables(of)
  if (!loaded.ok) throw new Error(loaded.says)
  return loaded.listing
}

function proofOf(listing: unknown): Proof {
  const readAt = (at: number) => readNftables(listing, { at })
  return proveLasting(declared, readAt(noon(declared.at)), readAt).proof
}

const why = whyNoKernel()
describe.skipIf(why !== undefined)(
  `what nft lists and what the kernel does${skippedBecause(why)}`,
  () => {
    it('are one in our own text, and where the wall is a line for everything', async () => {
      const listing = await listingOf(text)
      expect(JSON.stringify(listing)).not.toContain('"unfaithful"')
      expect(proofOf(listing)).toEqual({ kind: 'equal' })
      expect(proofOf(await listingOf(walledBy('drop')))).toEqual({ kind: 'equal' })
    })

    it.each([
      // Listed as `th sport 0-65535 drop`: TCP and UDP would pass.
      ['a wall for ICMPv6 alone', 'meta l4proto ipv6-icmp th sport 0-65535 drop'],
      ['a wall for what conntrack calls TCP', 'ct protocol 6 th sport 0-65535 drop'],
      ['a wall for IPv6 alone', 'ct l3proto ipv6 meta l4proto 0-255 drop'],
      [
        'a wall before which other headers may stand',
        'ip6 nexthdr ipv6-icmp th sport 0-65535 drop',
      ],
    ])('%s is never taken for one for everything', async (_, line) => {
      expect(proofOf(await listingOf(walledBy(line))).kind).not.toBe('equal')
    })

    it('a comment cannot pretend to be what the kernel says', async () => {
      const line =
        'meta l4proto ipv6-icmp th sport 0-65535 drop comment "inet sekisho forward 9 [ cmp eq reg 1 0x06 ]"'
      expect(proofOf(await listingOf(walledBy(line))).kind).not.toBe('equal')
    })

    it('are one in what people write every day', async () => {
      const listing = await listingOf(`table inet filter {
  set admins {
    type ipv4_addr
    flags interval
    elements = { 10.0.0.0/8 }
  }
  chain forward {
    type filter hook forward priority 0; policy drop;
    ct state vmap { established : accept, related : accept, invalid : drop }
    iifname "eth0" oifname != "eth1" ip saddr @admins tcp dport { 22, 443, 8000-8080 } counter accept comment "ssh"
    iifname { "a", "b" } meta l4proto { tcp, udp } th dport 53 accept
    ip protocol icmp icmp type echo-request limit rate 5/second accept
    icmpv6 type { nd-neighbor-solicit, packet-too-big } accept
    ip6 saddr 2001:db8::/32 udp sport != 123 log prefix "x " level info
    tcp flags & (fin | syn) == syn ether saddr 02:00:00:00:00:01 accept
    ip daddr . tcp dport vmap { 10.0.0.1 . 80 : accept, 10.0.0.2 . 443 : drop }
    meta l4proto tcp reject with tcp reset
    ip daddr 192.0.2.0/24 ct direction original jump more
  }
  chain more {
    fib saddr . iif oif missing drop
    meta mark 0x1 return
    udp dport 4500 accept
  }
}
`)
      expect(JSON.stringify(listing)).not.toContain('"unfaithful"')
    })
  },
)
