import { readTownValue } from '@sekisho/town'
import { describe, expect, it } from 'vitest'
import { noon } from '../declared/day.ts'
import { declare } from '../declared/declare.ts'
import { skippedBecause, whyNoKernel } from '../dialects/nftables/kernel.test-support.ts'
import { loadNftables } from '../dialects/nftables/load.ts'
import { readNftables } from '../dialects/nftables/read.ts'
import { writeNftables } from '../dialects/nftables/write.ts'
import { prove } from './prove.ts'
import type { Proof } from './prove.ts'

const read = readTownValue({
  town: { name: '何も通さない町', staff: 10, model: 'α', edition: 'R8.3' },
  departments: [],
  zones: [{ id: 'lgwan', name: 'LGWAN接続系', kind: 'lgwan', networks: ['10.20.0.0/16'] }],
})
if (!read.ok) throw new Error(JSON.stringify(read.problems))
/** A town that opens nothing: any text that lets one packet through is wrong. */
const closed = declare(read.town, { at: '2026-11-25' })

async function proofOf(text: string): Promise<Proof> {
  const loaded = await loadNftables(text)
  if (!loaded.ok) throw new Error(loaded.says)
  return prove(closed, readNftables(loaded.listing, { at: noon(closed.at) }))
}

const OPEN = `table inet open {
  chain f {
    type filter hook forward priority 0; policy accept;
  }
}
`

const why = whyNoKernel()
describe.skipIf(why !== undefined)(`a wall that does not stand${skippedBecause(why)}`, () => {
  it('the positive control: the text of this town is equal', async () => {
    expect(await proofOf(writeNftables(closed))).toEqual({ kind: 'equal' })
  })

  it.each([
    [
      'a table that sleeps',
      `table inet wall {
  flags dormant;
  chain f {
    type filter hook forward priority 0; policy drop;
  }
}
`,
    ],
    [
      'a hook at an interface that no packet of ours comes by',
      `table netdev wall {
  chain i {
    type filter hook ingress device "lo" priority 0; policy drop;
  }
}
${OPEN}`,
    ],
    [
      'a chain for translation, which is asked about first packets alone',
      `table inet wall {
  chain n {
    type nat hook prerouting priority -100; policy drop;
  }
}
${OPEN}`,
    ],
    [
      'a chain that asks for the way out where there is none yet',
      `table inet wall {
  chain p {
    type filter hook prerouting priority 0; policy accept;
    jump s
  }
  chain s {
    oifname != "nowhere" drop
    oifname "nowhere" drop
  }
}
${OPEN}`,
    ],
    [
      'the same, reached by a named map',
      `table inet wall {
  map m {
    type inet_proto : verdict
    elements = { tcp : jump s }
  }
  chain p {
    type filter hook prerouting priority 0; policy accept;
    meta l4proto != tcp drop
    meta l4proto vmap @m
  }
  chain s {
    oifname != "nowhere" drop
    oifname "nowhere" drop
  }
}
${OPEN}`,
    ],
    [
      'a chain before connections are tracked that asks for their state',
      `table inet wall {
  chain p {
    type filter hook prerouting priority -300; policy accept;
    ct state { new, established, related, invalid, untracked } drop
  }
}
${OPEN}`,
    ],
    [
      'a set whose elements hold for some packets a second',
      `table inet wall {
  set every {
    type inet_proto
    flags interval
    limit rate 1/second
    elements = { 0-255 }
  }
  chain f {
    type filter hook forward priority 0; policy accept;
    meta l4proto @every drop
  }
}
`,
    ],
    [
      'a set whose elements hold until so much has come by',
      `table inet wall {
  set every {
    type inet_proto
    flags interval
    quota until 1 mbytes
    elements = { 0-255 }
  }
  chain f {
    type filter hook forward priority 0; policy accept;
    meta l4proto @every drop
  }
}
`,
    ],
  ])('%s is never equal to a town that opens nothing', async (_, text) => {
    expect((await proofOf(text)).kind).not.toBe('equal')
  })

  it('a set that a rule fills by itself is nothing to count on, though it does not say so', () => {
    const place = { family: 'inet', table: 't' }
    const sender = { payload: { protocol: 'ip', field: 'saddr' } }
    const rule = (...expr: object[]) => ({ rule: { ...place, chain: 'f', expr } })
    const listing = (filled: boolean) => ({
      nftables: [
        { set: { ...place, name: 'known', type: 'ipv4_addr' } },
        {
          chain: { ...place, name: 'f', type: 'filter', hook: 'forward', prio: 0, policy: 'drop' },
        },
        ...(filled ? [rule({ set: { op: 'add', elem: sender, set: '@known' } })] : []),
        rule({ match: { op: '==', left: sender, right: '@known' } }, { accept: null }),
      ],
    })
    const proof = prove(closed, readNftables(listing(true), { at: noon(closed.at) }))
    expect(proof.kind === 'different' && proof.differences[0]?.reason).toBe('NET-UNSURE')
    expect(prove(closed, readNftables(listing(false), { at: noon(closed.at) })).kind).toBe('equal')
  })

  it('an accept before ours opens nothing, for the kernel asks every hook', async () => {
    const before = `table inet first {
  chain f {
    type filter hook forward priority -200; policy accept;
    accept
  }
}
`
    expect(await proofOf(before + writeNftables(closed))).toEqual({ kind: 'equal' })
  })
})
