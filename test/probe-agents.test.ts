/** Agents in the namespaces of a town, behind the firewall with its text, commanded by the operator's own program. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { declare, openLab, placesOf, SETTINGS, writeNftables } from '@sekisho/network'
import { afterAll, describe, expect, it } from 'vitest'
import { PROBER, SAWATARI, townOf, whyNoLab } from './probe.test-support.ts'

const why = await whyNoLab()
const CLI = join(import.meta.dirname, '../apps/cli/bin/sekisho.mjs')
const folder = mkdtempSync(join(tmpdir(), 'sekisho-agents-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

/** The town with one more machine, from which the operator may reach every agent. */
const TOWN = SAWATARI.replace(
  'boundaries: []',
  '  - { id: kanri, name: 管理用の領域, kind: management, networks: [10.9.0.0/24] }\nboundaries: []',
)
  .replace(
    'flows:',
    '  - { id: kanri, name: 管理, zone: kanri, owner: joho, hosts: [{ id: kanri-pc, name: 管理端末, role: terminal, addresses: [10.9.0.11] }] }\nflows:',
  )
  .concat(
    ['pc-1', 'pc-2', 'vdi', 'mail-sv']
      .map(
        (host, at) =>
          `  - { id: probe-${at}, name: 実地の確かめ, from: 'host:kanri-pc', to: 'host:${host}', protocol: tcp, ports: [7700], purpose: 確かめ, owner: joho, expires: 2099-03-31 }\n`,
      )
      .join(''),
  )
const AGENTS = { lgwan: ['10.2.0.21', '10.2.0.11'], internet: ['10.3.0.11'] } as const

describe.skipIf(why !== '')('agents behind a real firewall', () => {
  it('find the right text right where they can tell, say what they cannot, and find a hole', async () => {
    const town = townOf(TOWN)
    const declared = declare(town)
    const places = placesOf(town, declared, { alike: Infinity })
    const settings = SETTINGS.map(({ key, value }) => [key, value] as const)
    const lab = await openLab(declared, places, { prober: PROBER, settings })
    if ('reason' in lab) throw new Error(lab.says)
    const [townFile, key] = [file('town.yaml', TOWN), file('key', `${'5e'.repeat(32)}\n`)]
    const cli = (...args: readonly string[]) => [process.execPath, CLI, ...args]
    const probe = async (text: string, at: Readonly<Record<string, readonly string[]>>) => {
      await lab.load(text)
      const list = Object.values(at).flat()
      const agents = file('agents', list.map((one) => `${one}:7700\n`).join(''))
      const running = Object.entries(at).flatMap(([plug, addresses]) =>
        addresses.map((address) =>
          lab.run(
            plug,
            cli('probe', 'agent', '--listen', `${address}:7700`, '--key', key, '--town', townFile),
          ),
        ),
      )
      // Until all of them listen (proc(5): port 7700, state LISTEN).
      await Promise.all(
        Object.entries(at).map(([plug, { length }]) => {
          const listening = `$(grep -c ':1E14 0*:0000 0A' /proc/net/tcp)`
          const wait = `until [ "${listening}" -eq ${length} ]; do sleep 0.1; done`
          return lab.run(plug, ['/bin/sh', '-c', wait])
        }),
      )
      const said = await lab.run(
        'kanri',
        cli('probe', 'run', '--agents', agents, '--key', key, '--town', townFile, '--json'),
      )
      await Promise.all(running)
      return said
    }
    try {
      for (const plug of [...Object.keys(AGENTS), 'kanri']) {
        // In the lab every port leads to the one program; here each agent has its own.
        // oxlint-disable-next-line no-await-in-loop -- few
        await lab.run(plug, ['/bin/sh', '-c', 'nft flush chain inet witness answer'])
      }
      // The operator's program does not choose its own address, as the lab's does: its way out must be everybody's.
      const table = 1_000 + places.findIndex(({ id }) => id === 'host:kanri-pc')
      const way = `ip route add $(ip route show table ${table}) src 10.9.0.11`
      expect(await lab.run('kanri', ['/bin/sh', '-c', way])).toMatchObject({ code: 0, errors: '' })
      const right = writeNftables(declared)
      const good = JSON.parse((await probe(right, AGENTS)).out)
      const rules = (of: typeof good): readonly string[] =>
        of.findings.map(({ rule }: { rule: string }) => rule)
      expect(rules(good)).not.toContain('PROBE-OPEN')
      expect(rules(good)).not.toContain('PROBE-SHUT')
      // The only machine of its zone: nobody can show that it listens where nothing may come.
      expect(rules(good)).toContain('PROBE-UNPROVEN')
      // What comes through needs nobody beside it to be believed.
      const two = { lgwan: ['10.2.0.21'], internet: ['10.3.0.11'] }
      const hole = await probe(right.replaceAll('8443-8444', '8443-8445'), two)
      expect(hole.code).toBe(3)
      expect(rules(JSON.parse(hole.out))).toContain('PROBE-OPEN')
    } finally {
      await lab.close()
    }
  }, 180_000)
})
