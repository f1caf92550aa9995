import { judge, ownFindings, writeNftables } from '@sekisho/network'
import type { LabProbe, Outcome } from '@sekisho/network'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exampleTown, SAWATARI, stand, townOf, whyNoLab } from './probe.test-support.ts'
import type { Standing } from './probe.test-support.ts'
import { madeUpTown } from './probe-town.test-support.ts'

const why = await whyNoLab()

/** What is wrong, in words that show the packet. */
const told = ({ places }: LabProbe, outcomes: readonly Outcome[]): readonly string[] =>
  outcomes.flatMap((outcome) => {
    const reason = judge(outcome)
    const { from, to, protocol, port, reason: asked } = outcome.question
    return reason === undefined
      ? []
      : [
          `${reason} ${asked} ${places[from]!.id} ${places[to]!.id} ${protocol} ${port} ${outcome.sighting}`,
        ]
  })

describe.skipIf(why !== '')('real packets through the kernel that has the text', () => {
  it.each(['kasumi/town.yaml', 'kasumi-alpha-prime/target.yaml', 'kasumi-beta-prime/target.yaml'])(
    'of %s are passed and stopped as declared and as proved, pair by pair',
    async (file) => {
      const town = await stand(exampleTown(file), { alike: 1 })
      const probe = await town.ask(writeNftables(town.declared))
      expect(told(probe, probe.outcomes)).toEqual([])
      const passed = probe.outcomes.filter(({ sighting }) => sighting === 'answered')
      const flows = new Set(passed.map(({ declared }) => declared.permit!.flow.id))
      expect([...flows].toSorted()).toEqual(
        town.declared.permits.map(({ flow }) => flow.id).toSorted(),
      )
      expect(probe.uncounted).toEqual([])
      expect(probe.stopped).toBeGreaterThan(1_000)
      expect(probe.denied).toBeGreaterThanOrEqual(probe.stopped)
      await town.lab.close()
    },
  )

  // Another town each time; the seed in the title makes it again.
  it.each([Math.floor(Math.random() * 1_000_000)])(
    'of a town that nobody has seen are passed and stopped as declared and as proved (seed %i)',
    async (seed) => {
      const town = await stand(townOf(madeUpTown(seed)))
      const probe = await town.ask(writeNftables(town.declared))
      await town.lab.close()
      expect(told(probe, probe.outcomes)).toEqual([])
      expect(probe.uncounted).toEqual([])
      expect(probe.denied).toBeGreaterThanOrEqual(probe.stopped)
    },
  )
})

/** Three flows over one another: whoever counts only for the first finds one that nobody counted. */
const OVER_ONE_ANOTHER = `
  - { id: first, name: 先にある広い通信, from: 'host:vdi', to: 'zone:lgwan', protocol: tcp, ports: [9000], purpose: 試し, owner: joho, expires: 2099-03-30 }
  - { id: narrow, name: 狭い通信, from: 'host:vdi', to: 'host:mail-sv', protocol: tcp, ports: [587], purpose: 試し, owner: joho, expires: 2098-03-31 }
  - { id: wide, name: 広い通信, from: 'zone:internet', to: 'zone:lgwan', protocol: tcp, ports: ['500-600'], purpose: 試し, owner: joho, expires: 2099-03-30 }
`

describe.skipIf(why !== '')('flows that overlap', () => {
  it('are counted for one of them, and none is told to be uncounted', async () => {
    const town = await stand(townOf(SAWATARI + OVER_ONE_ANOTHER))
    const text = writeNftables(town.declared)
    const probe = await town.ask(text)
    // The kernel really counted nothing for one that was used.
    expect(probe.counters.flows.get('narrow')).toBe(0)
    expect(probe.outcomes.some(({ declared }) => declared.permit?.flow.id === 'narrow')).toBe(true)
    expect(probe.uncounted).toEqual([])
    // Let through before it is asked for: that is used, and counted by nobody.
    const past = ['tcp dport 8443-8444', 'tcp sport 8443-8444'].map((of) => `\t\t${of} accept\n`)
    const mutant = text.replace('\t\tjump spoofs\n', `\t\tjump spoofs\n${past.join('')}`)
    expect((await town.ask(mutant)).uncounted).toEqual(['vdi'])
    await town.lab.close()
  })
})

describe.skipIf(why !== '')('the firewall itself', () => {
  it('sends nothing into the My Number zone, and is seen where it can', async () => {
    const town = await stand(townOf(SAWATARI))
    const text = writeNftables(town.declared)
    const { own } = await town.ask(text)
    expect(own.map(({ question }) => `${question.protocol}${question.family}`)).toEqual([
      'tcp4',
      'udp4',
      'tcp6',
      'udp6',
    ])
    expect(own.map(({ sighting, controlled }) => [sighting, controlled])).toEqual(
      own.map(() => ['stopped', true]),
    )
    const open = await town.ask(text.replace(/\t\toifname \{.*goto sends\n/u, ''))
    expect(open.own.map(({ sighting }) => sighting)).toEqual(own.map(() => 'arrived'))
    expect(ownFindings(town.places, open.own).map(({ rule }) => rule)).toEqual(['PROBE-BOX-SENDS'])
    await town.lab.close()
  })
})

/** What a careless hand or a bad generator does to a text, and what the packets say of it. */
const MUTANTS: readonly {
  readonly name: string
  readonly change: (text: string) => string
  readonly seen: RegExp
}[] = [
  {
    name: 'a flow dropped',
    change: (of) => of.replace(/,\n.*comment "web"/u, ''),
    seen: /^PROBE-SHUT declared host:vdi peer:cloud tcp 443 stopped$/u,
  },
  {
    name: 'a prefix one bit wider',
    change: (of) => of.replaceAll('198.51.100.16/28', '198.51.100.0/27'),
    seen: /^PROBE-OPEN beside host:vdi edge:cloud /u,
  },
  {
    name: 'a prefix of IPv6 one bit wider',
    change: (of) => of.replaceAll('2001:db8:c::/64', '2001:db8:c::/63'),
    seen: /^PROBE-OPEN beside host:vdi edge:cloud /u,
  },
  {
    name: 'a prefix too narrow',
    change: (of) => of.replaceAll('198.51.100.16/28', '198.51.100.16/29'),
    seen: /^PROBE-SHUT beside host:vdi edge:cloud /u,
  },
  {
    name: 'a range one port longer',
    change: (of) => of.replaceAll('8443-8444', '8443-8445'),
    seen: /^PROBE-OPEN beside host:pc-1 host:vdi tcp 8445 answered$/u,
  },
  {
    name: 'TCP where UDP is declared',
    change: (of) => of.replaceAll('udp . 3478', 'tcp . 3478'),
    seen: /^PROBE-SHUT declared host:vdi peer:cloud udp 3478 stopped$/u,
  },
  {
    name: 'a direction turned round',
    change: (of) =>
      of
        .replace('"internet" . "lgwan" : goto p4', '"internet" . "lgwan" : goto px')
        .replace('"lgwan" . "internet" : goto p3', '"lgwan" . "internet" : goto p4')
        .replace('goto px', 'goto p3'),
    seen: /^PROBE-SHUT declared host:vdi host:mail-sv tcp 25 /u,
  },
  {
    name: 'the way back forgotten',
    change: (of) => of.replace(/.*ct direction reply .*@p3_1 accept\n/u, ''),
    seen: /^PROBE-SHUT declared host:pc-1 host:vdi tcp 8443 arrived$/u,
  },
  {
    name: 'whatever comes from the port of a service taken for its answer',
    change: (of) => of.replace('\t\tjump spoofs\n', '\t\tjump spoofs\n\t\ttcp sport 8443 accept\n'),
    seen: /^PROBE-OPEN way-back host:vdi host:pc-1 tcp 49151 /u,
  },
  {
    name: 'IPv6 forgotten and let through',
    change: (of) =>
      of.replace('\t\tjump spoofs\n', '\t\tmeta nfproto ipv6 accept\n\t\tjump spoofs\n'),
    seen: /^PROBE-OPEN known unlisted:mynumber unlisted:x-internet /u,
  },
  {
    name: 'the MAC address of a 特定通信 no longer asked for',
    change: (of) =>
      of
        .replace('typeof ether saddr . ip saddr', 'typeof ip saddr')
        .replace('02:00:5e:10:00:01 . ', '')
        .replace('ether saddr . ip saddr . ip daddr', 'ip saddr . ip daddr'),
    seen: /^PROBE-OPEN wrong-mac unlisted:mynumber peer:mid tcp 443 (?:answered|arrived)$/u,
  },
  {
    name: 'an address believed at every plug',
    change: (of) =>
      of.replace(
        '\t\tjump spoofs\n',
        '\t\tip saddr 10.3.0.11 tcp dport 25 accept\n\t\tjump spoofs\n',
      ),
    seen: /^PROBE-OPEN spoofed unlisted:x-internet host:mail-sv tcp 25 arrived$/u,
  },
  {
    name: 'everything of an open connection let through',
    change: (of) =>
      of.replace('\t\tjump spoofs\n', '\t\tct state established accept\n\t\tjump spoofs\n'),
    seen: /^PROBE-OPEN kept /u,
  },
  {
    name: 'the further packets of an open connection let through one way',
    change: (of) =>
      of.replace(
        '\t\tjump spoofs\n',
        '\t\tct state established ct direction original accept\n\t\tjump spoofs\n',
      ),
    seen: /^PROBE-OPEN kept .* arrived$/u,
  },
  {
    name: 'the policy open, and the last line gone',
    change: (of) =>
      of
        .replace('forward priority filter; policy drop', 'forward priority filter; policy accept')
        .replace('\t\tcounter name undeclared drop\n', ''),
    seen: /^PROBE-OPEN known host:pc-1 unlisted:x-internet /u,
  },
]

describe.skipIf(why !== '')('a text that is not the declaration', () => {
  let town: Standing
  let text: string
  beforeAll(async () => {
    town = await stand(townOf(SAWATARI))
    text = writeNftables(town.declared)
  })
  afterAll(() => town.lab.close())

  it('is told from the right one, of which nothing is to be said', async () => {
    const probe = await town.ask(text)
    expect(told(probe, probe.outcomes)).toEqual([])
    expect(probe.outcomes.every(({ controlled }) => controlled)).toBe(true)
  })

  it.each(MUTANTS)('shows by a packet: $name', async ({ change, seen }) => {
    const mutant = change(text)
    expect(mutant).not.toBe(text)
    const probe = await town.ask(mutant)
    const lines = told(probe, probe.outcomes)
    expect(lines).toEqual(expect.arrayContaining([expect.stringMatching(seen)]))
    expect(lines.filter((line) => line.startsWith('PROBE-UNPROVEN'))).toEqual([])
  })
})
