/** What lies below the rules: the settings of the kernel, the neighbours that are written down, and its clock. */
import {
  declare,
  openLab,
  placesOf,
  RULES_ALONE,
  SETTINGS,
  writeNeighbours,
  writeNftables,
  writeForwarding,
  writeSettings,
} from '@sekisho/network'
import type { Lab, Question, Sighting } from '@sekisho/network'
import { afterEach, describe, expect, it } from 'vitest'
import { PROBER, SAWATARI, stand, townOf, whyNoLab } from './probe.test-support.ts'

const why = await whyNoLab()
const town = townOf(SAWATARI)
const declared = declare(town)
const places = placesOf(town, declared)
const text = writeNftables(declared)
/** A firewall that stops nothing and does not even look at connections. */
const BLIND = `table inet sekisho {
	chain forward { type filter hook forward priority filter; policy accept; }
}
`
const ALL = SETTINGS.map(({ key, value }) => [key, value] as const)

const labs: Lab[] = []
afterEach(() => Promise.all(labs.splice(0).map((lab) => lab.close())))

async function labWith(settings: readonly (readonly [string, string])[]): Promise<Lab> {
  const lab = await openLab(declared, places, { prober: PROBER, settings })
  if ('reason' in lab) throw new Error(lab.says)
  labs.push(lab)
  return lab
}

const indexOf = (id: string): number => places.findIndex((place) => place.id === id)

function questionOf(
  from: string,
  to: string,
  protocol: 'tcp' | 'udp',
  port: number,
  family: 4 | 6 = 4,
): Question {
  const address = (id: string): bigint =>
    places[indexOf(id)]!.addresses.find((one) => one.family === family)!.address
  return {
    from: indexOf(from),
    to: indexOf(to),
    family,
    source: address(from),
    target: address(to),
    protocol,
    port,
    reason: 'declared',
  }
}

const one = async (lab: Lab, question: Question): Promise<Sighting> =>
  (await lab.ask([question]))[0]!

describe.skipIf(why !== '')('the settings of the kernel', () => {
  it('are all taken, and are there when the kernel is asked', async () => {
    const lab = await labWith(ALL)
    await lab.load(text)
    const files = SETTINGS.map(({ key }) => `/proc/sys/${key.replaceAll('.', '/')}`)
    const { out } = await lab.run(undefined, ['/bin/cat', ...files])
    expect(out.trim().split('\n')).toEqual(SETTINGS.map(({ value }) => value))
    const written = writeSettings()
      .split('\n')
      .filter((line) => /^[^#]/u.test(line))
    const [, unit = ''] = /^ExecStart=.* -w (.*)$/mu.exec(writeForwarding('nftables.service')) ?? []
    const later = unit.split(' ').map((setting) => setting.replace('=', ' = '))
    // Without rules the kernel would carry everything: until they are there it carries nothing.
    const still = ['net.ipv4.ip_forward = 0', 'net.ipv6.conf.all.forwarding = 0']
    const all = SETTINGS.map(({ key, value }) => `${key} = ${value}`)
    expect(written.toSorted()).toEqual(
      [...all.filter((line) => !later.includes(line)), ...still].toSorted(),
    )
    expect(later).toContain('net.ipv4.ip_forward = 1')
    expect(all).toEqual(expect.arrayContaining(later))
  })

  it('turn a spoofed sender away below the rules, also where these let everything through', async () => {
    const lie: Question = {
      ...questionOf('unlisted:x-internet', 'host:mail-sv', 'tcp', 25),
      source: questionOf('host:vdi', 'host:mail-sv', 'tcp', 25).source,
      reason: 'spoofed',
    }
    const without = await labWith(RULES_ALONE)
    await without.load(BLIND)
    expect(await one(without, lie)).toBe('arrived')
    const lab = await labWith(ALL)
    await lab.load(BLIND)
    expect(await one(lab, lie)).toBe('stopped')
    expect(await one(lab, questionOf('host:vdi', 'host:mail-sv', 'tcp', 25))).toBe('answered')
  })

  it('let nothing go on that began before the rules looked', async () => {
    const web = questionOf('host:vdi', 'peer:cloud', 'tcp', 443)
    const onOld = async (settings: readonly (readonly [string, string])[]): Promise<Sighting> => {
      const lab = await labWith(settings)
      await lab.load(BLIND)
      expect(await lab.hold([web])).toEqual([true])
      await lab.load(text)
      return (await lab.say())[0]!
    }
    const loose = ALL.map(([key, value]) =>
      key === 'net.netfilter.nf_conntrack_tcp_loose'
        ? ([key, '1'] as const)
        : ([key, value] as const),
    )
    expect(await onOld(loose)).toBe('answered')
    expect(await onOld(ALL)).toBe('stopped')
  })
})

describe.skipIf(why !== '')('the neighbours', () => {
  it('of machines that are bound by MAC address are written down, and only these', () => {
    const lines = writeNeighbours(town, declared)
      .split('\n')
      .filter((line) => /^[^#]/u.test(line))
    expect(lines).toEqual([
      'neigh replace 10.1.0.11 lladdr 02:00:5e:10:00:01 dev mynumber nud permanent',
    ])
  })

  it('keep what is for a bound machine from one that answers in its name', async () => {
    const lab = await labWith(RULES_ALONE)
    await lab.load(BLIND)
    const [host, liar] = [indexOf('host:juki-ap'), indexOf('unlisted:mynumber')]
    const ip = (where: string | undefined, ...words: readonly string[]) =>
      lab.run(where, ['/bin/sh', '-c', 'exec ip "$@"', 'ip', ...words])
    // The machine is off, and another has taken its IP address.
    await ip('mynumber', 'link', 'set', `m${host}`, 'down')
    await ip('mynumber', 'addr', 'add', '10.1.0.11/32', 'dev', `m${liar}`)
    await ip(
      'mynumber',
      'rule',
      'add',
      'from',
      '10.1.0.11',
      'lookup',
      String(1_000 + liar),
      'prio',
      '500',
    )
    await ip(undefined, 'neigh', 'del', '10.1.0.11', 'dev', 'mynumber')
    const asked = questionOf('peer:mid', 'host:juki-ap', 'tcp', 443)
    expect(await one(lab, asked)).toBe('answered')
    const applied = await lab.run(
      undefined,
      ['/bin/sh', '-c', 'exec ip -batch -'],
      writeNeighbours(town, declared),
    )
    expect(applied).toMatchObject({ code: 0, errors: '' })
    expect(await one(lab, asked)).toBe('stopped')
  })

  it('that are not written down are found in both families, through the door of the firewall itself', async () => {
    const lab = await labWith(ALL)
    await lab.load(text)
    await lab.run(undefined, [
      '/bin/sh',
      '-c',
      'ip neigh flush all nud permanent; ip -6 neigh flush all nud permanent',
    ])
    for (const family of [4, 6] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one family, then the other
      expect(await one(lab, questionOf('host:pc-1', 'host:vdi', 'tcp', 8_443, family))).toBe(
        'answered',
      )
    }
  })
})

describe.skipIf(why !== '')('a flow past its last day', () => {
  it('is stopped by the clock of the kernel, in a text that nobody touched since', async () => {
    const yesterday = new Date(Date.now() - 86_400_000 + 9 * 3_600_000).toISOString().slice(0, 10)
    const ended = townOf(
      SAWATARI.replace(/(id: web,.*)expires: 2099-03-31/u, `$1expires: ${yesterday}`),
    )
    const standing = await stand(ended, { at: yesterday })
    labs.push(standing.lab)
    const old = writeNftables(standing.declared)
    expect(old).toContain('comment "web"')
    const probe = await standing.ask(old)
    const of = (id: string) =>
      probe.outcomes.filter((outcome) => outcome.declared.permit?.flow.id === id)
    const ends = (id: string) => [
      ...new Set(of(id).map(({ sighting, model }) => `${sighting} ${model}`)),
    ]
    expect(ends('web')).toEqual(['stopped false'])
    expect(ends('relay')).toEqual(['answered true'])
  })
})
