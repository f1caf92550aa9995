import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { run } from '../run.test-support.ts'

const TOWN = join(import.meta.dirname, '../../../../corpus/network/towns/both-families.yaml')
const AT = ['--at', '2026-11-25'] as const
const folder = mkdtempSync(join(tmpdir(), 'sekisho-vendors-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const FILES = {
  fortigate: 'sekisho-fortigate.conf',
  'cisco-asa': 'sekisho-asa.cfg',
  'cisco-ios': 'sekisho-ios.cfg',
  'palo-alto': 'sekisho-paloalto.set',
} as const
const targets = Object.keys(FILES) as (keyof typeof FILES)[]

const rendered = async (target: keyof typeof FILES): Promise<string> => {
  const out = join(folder, target)
  const { code } = await run('render', '--town', TOWN, '--target', target, '--out', out, ...AT)
  expect(code).toBe(0)
  return join(out, FILES[target])
}

const changed = (file: string, change: (text: string) => string): string => {
  const text = readFileSync(file, 'utf8')
  const other = change(text)
  expect(other).not.toBe(text)
  writeFileSync(`${file}.changed`, other)
  return `${file}.changed`
}

describe('render for a machine of another maker', () => {
  it.each(targets)(
    '%s: writes the text, and beside it what is not open, why and what to do',
    async (target) => {
      const out = join(folder, `${target}-new`)
      const { code, err } = await run(
        'render',
        '--town',
        TOWN,
        '--target',
        target,
        '--out',
        out,
        ...AT,
      )
      expect(code).toBe(0)
      expect(readdirSync(out).toSorted()).toEqual(['NOT_SUPPORTED.txt', FILES[target]].toSorted())
      const told = readFileSync(join(out, 'NOT_SUPPORTED.txt'), 'utf8')
      for (const text of [told, err]) {
        expect(text).toContain('「中間サーバーとの情報連携」は MAC アドレスで限る特定通信ですが')
        expect(text).toContain(
          'この通信は、MAC アドレスで限れるファイアウォール（nftables など）で通してください。',
        )
        expect(text).toContain('装置の時計を日本時間にし')
      }
      expect(readFileSync(join(out, FILES[target]), 'utf8')).toContain(
        'NOT_SUPPORTED MAC flow=mid-server',
      )
    },
  )

  it('names every kind of firewall it writes for', async () => {
    const { code, err } = await run('render', '--town', TOWN, '--target', 'nonsense')
    expect(code).toBe(2)
    for (const target of targets) expect(err).toContain(target)
  })
})

describe('prove of a text of another maker', () => {
  it.each(targets)(
    '%s: what was rendered is equal, and each flow that is missing in it is named, as is what was not looked at',
    async (target) => {
      const { code, out, err } = await run(
        'prove',
        '--town',
        TOWN,
        '--ruleset',
        await rendered(target),
        ...AT,
      )
      expect(code).toBe(0)
      expect(out.match(/NET-NOT-SUPPORTED/gu)?.length).toBe(
        { fortigate: 1, 'cisco-asa': 2, 'cisco-ios': 3, 'palo-alto': 1 }[target],
      )
      const held = { fortigate: 6, 'cisco-asa': 5, 'cisco-ios': 4, 'palo-alto': 6 }[target]
      expect(err).toContain(`宣言した通信のうち、この装置の文で書ける ${held}本だけが通ります`)
      expect(err).toContain('この文からは確かめられません。')
    },
  )

  it.each(targets)(
    '%s: import finds nothing undeclared in what was rendered, and says what it cannot tell',
    async (target) => {
      const text = await rendered(target)
      const { out, err } = await run('network', 'import', text, '--town', TOWN, ...AT)
      expect(out).toContain('宣言にない許可 0件')
      expect(err).toContain('この文からは確かめられません。')
    },
  )

  it('FortiGate: a wider prefix is exit code 3, with a packet and the number of the policy', async () => {
    const bad = changed(await rendered('fortigate'), (text) =>
      text.replace('198.51.100.0 255.255.255.240', '198.51.100.0 255.255.255.224'),
    )
    const call = ['prove', '--town', TOWN, '--ruleset', bad, ...AT] as const
    const { code, out, err } = await run(...call)
    expect(code).toBe(3)
    expect(err).toContain('この文からは確かめられません。')
    expect(out).toContain('198.51.100.16')
    expect(out).toMatch(/「firewall policy \d+」の行/u)
    const json = JSON.parse((await run(...call, '--format', 'json')).out)
    expect(json.findings[0]).toMatchObject({ rule: 'NET-EXTRA', effect: 'refuse' })
  })

  it('FortiGate: a bound flow that is open without its MAC address is said to be just that', async () => {
    const bad = changed(await rendered('fortigate'), (text) =>
      text.replace(
        'config firewall policy\n',
        `config firewall address
 edit "ap"
 set subnet 10.10.1.25/32
 next
 edit "mid"
 set subnet 172.20.40.0/28
 next
end
config firewall policy
 edit 1
 set srcintf "port1"
 set dstintf "port5"
 set srcaddr "ap"
 set dstaddr "mid"
 set action accept
 set schedule "always"
 set service "HTTPS"
 next
`,
      ),
    )
    const { code, out } = await run('prove', '--town', TOWN, '--ruleset', bad, ...AT)
    expect(code).toBe(3)
    expect(out).toContain(
      'MAC アドレスで限られないまま通ります（通信「中間サーバーとの情報連携」）',
    )
  })

  it('Cisco ASA: a line that is not understood proves nothing and is exit code 1', async () => {
    const bad = changed(
      await rendered('cisco-asa'),
      (text) => `${text}nat (a,b) source dynamic any interface\n`,
    )
    const { code, out, err } = await run('prove', '--town', TOWN, '--ruleset', bad, ...AT)
    expect(code).toBe(1)
    expect(out).toContain('nat (a,b) source dynamic any interface')
    expect(err).toContain('何も確かめていません')
  })
})
