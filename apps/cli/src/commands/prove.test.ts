import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { run } from '../run.test-support.ts'

const KASUMI = join(import.meta.dirname, '../../../../examples/kasumi/town.yaml')
const folder = mkdtempSync(join(tmpdir(), 'sekisho-prove-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

const written = async (): Promise<string> => {
  const out = join(folder, 'rules')
  const { code } = await run('render', '--town', KASUMI, '--out', out, '--at', '2026-11-25')
  expect(code).toBe(0)
  return readFileSync(join(out, 'sekisho.nft'), 'utf8')
}

describe('render', () => {
  it('writes the same text each time, with the digest of the town, and tells what it does not open', async () => {
    const first = await run('render', '--town', KASUMI, '--at', '2026-11-25')
    const again = await run('render', '--town', KASUMI, '--at', '2026-11-25')
    expect(first.code).toBe(0)
    expect(first.out).toBe(again.out)
    expect(first.out).toMatch(/まちの定義 [0-9a-f]{64}/u)
    expect(first.err).toContain('健康管理システムの遠隔保守')
    expect(first.out).not.toContain('172.21.6.0')
  })

  it('a flow is in the text on its last day and not on the next', async () => {
    const on = await run('render', '--town', KASUMI, '--at', '2028-03-31')
    const after = await run('render', '--town', KASUMI, '--at', '2028-04-01')
    expect(on.out).toContain('comment "gcloud-zei"')
    expect(after.out).not.toContain('comment "gcloud-zei"')
    expect(after.err).toContain('期限（2028-03-31）')
  })

  it('writes beside the rules what they take for granted: settings of the kernel, and machines bound by MAC address', async () => {
    await written()
    const settings = readFileSync(join(folder, 'rules', '90-sekisho.conf'), 'utf8')
    expect(settings).toMatch(/^# .*\nnet\.ipv4\.ip_forward = 0$/mu)
    const unit = readFileSync(join(folder, 'rules', 'sekisho-forwarding.service'), 'utf8')
    expect(unit).toMatch(/^BindsTo=nftables\.service$/mu)
    const neighbours = readFileSync(join(folder, 'rules', 'sekisho.neigh'), 'utf8')
    expect(neighbours).toContain(
      'neigh replace 10.10.1.12 lladdr 02:00:5e:10:00:02 dev mynumber nud permanent',
    )
  })

  it('a dialect that nobody writes is answered as wrong use', async () => {
    const { code, err } = await run('render', '--town', KASUMI, '--target', 'nonsense')
    expect(code).toBe(2)
    expect(err).toContain('nftables')
  })
})

describe('iptables', () => {
  const render = async (): Promise<readonly [v4: string, v6: string]> => {
    const out = join(folder, 'saved')
    const call = ['render', '--target', 'iptables', '--town', KASUMI, '--out', out] as const
    expect((await run(...call, '--at', '2026-11-25')).code).toBe(0)
    return [join(out, 'sekisho.rules.v4'), join(out, 'sekisho.rules.v6')]
  }
  const prove = (...files: readonly string[]) =>
    run('prove', '--town', KASUMI, '--at', '2026-11-25', '--ruleset', ...files)

  it('the texts of both families let through what is declared, no more and no fewer', async () => {
    const { code, err } = await prove(...(await render()))
    expect(err).toContain('宣言した通信 42本だけが通ります')
    expect(code).toBe(0)
  })

  it('the ending of a name says the family, whatever else the name speaks of', async () => {
    const [v4, v6] = await render()
    const named = file('fw-ipv6-1.v4', readFileSync(v4, 'utf8'))
    const { code, err } = await prove(named, v6)
    expect(err).toContain('宣言した通信 42本だけが通ります')
    expect(code).toBe(0)
  })

  it('a flow whose last day the dialect cannot say is told, once', async () => {
    const town = readFileSync(KASUMI, 'utf8').replace(
      /(id: log-lgwan[\s\S]*?expires: )\S+/u,
      '$12040-03-31',
    )
    const late = file('late.yaml', town)
    const { err } = await run(
      'render',
      '--target',
      'iptables',
      '--town',
      late,
      '--at',
      '2026-11-25',
    )
    expect(err.match(/「log-lgwan」/gu)).toHaveLength(1)
    const other = await run('render', '--target', 'nftables', '--town', late, '--at', '2026-11-25')
    expect(other.err).not.toContain('「log-lgwan」')
  })

  it('a forgotten family is told, and is a difference', async () => {
    const [v4] = await render()
    const { code, err, out } = await prove(v4)
    expect(code).toBe(3)
    expect(err).toContain('ip6tables-save')
    expect(out).toContain('NET-EXTRA')
  })

  it('a line that opens more is found with a packet and the chain', async () => {
    const [v4, v6] = await render()
    const open = readFileSync(v4, 'utf8').replace('-d 198.51.100.0/28', '-d 198.51.100.0/27')
    const { code, out } = await prove(file('open.v4', open), v6)
    expect(code).toBe(3)
    expect(out).toContain('198.51.100.16')
    expect(out).toMatch(/iptables filter p\d+ #\d+/u)
  })

  it('a text named without --ruleset is not passed over in silence', async () => {
    const [v4] = await render()
    expect((await run('prove', v4, '--town', KASUMI)).code).toBe(2)
  })
})

describe('prove', () => {
  it('the text of the example town lets through what is declared, no more and no fewer', async () => {
    const { code, err } = await run('prove', '--town', KASUMI, '--at', '2026-11-25')
    expect(code).toBe(0)
    expect(err).toContain('宣言した通信 42本だけが通ります')
  })

  it('a wider prefix is exit code 3, with a packet, the clause and the line in every format', async () => {
    const text = (await written()).replace(
      '198.51.100.0/28 . tcp . 25',
      '198.51.100.0/27 . tcp . 25',
    )
    const bad = file('wide.nft', text)
    const call = ['prove', '--town', KASUMI, '--ruleset', bad, '--at', '2026-11-25'] as const
    const told = await run(...call)
    expect(told.code).toBe(3)
    expect(told.out).toContain('198.51.100.16')
    expect(told.out).toContain('ZN-06')
    const json = JSON.parse((await run(...call, '--format', 'json')).out)
    expect(json.findings[0]).toMatchObject({ rule: 'NET-EXTRA', effect: 'refuse' })
    const sarif = JSON.parse((await run(...call, '--format', 'sarif')).out)
    expect(sarif.runs[0].results[0].ruleId).toBe('NET-EXTRA')
  })

  it('a hole to the firewall itself is exit code 3, though all that is forwarded is as declared', async () => {
    const text = (await written()).replace('iifname "lo" accept', 'tcp dport 22 accept')
    const call = [
      'prove',
      '--town',
      KASUMI,
      '--ruleset',
      file('box.nft', text),
      '--at',
      '2026-11-25',
    ] as const
    const told = await run(...call)
    expect(told.code).toBe(3)
    expect(told.out).toContain('ファイアウォール自身への')
    expect(told.out).toContain('TCP 22番')
    const { findings } = JSON.parse((await run(...call, '--format', 'json')).out)
    expect(findings[0]).toMatchObject({ rule: 'NET-BOX-OPEN', effect: 'refuse' })
  })

  it('what is said about a ruleset points into no place of town.yaml', async () => {
    const bad = file('same.nft', await written())
    const call = ['prove', '--town', KASUMI, '--at', '2026-11-25', '--format', 'json'] as const
    const about = JSON.parse((await run(...call, '--ruleset', bad)).out)
    expect(about.findings.length).toBeGreaterThan(0)
    for (const one of about.findings) expect(one.path).toBeUndefined()
    const own = JSON.parse((await run(...call)).out)
    expect(own.findings[0].path).toMatch(/^flows\[\d+\]$/u)
  })

  it('a text that cannot be read whole proves nothing and is exit code 1', async () => {
    const listing = {
      nftables: [
        {
          chain: {
            family: 'ip',
            table: 't',
            name: 'n',
            type: 'nat',
            hook: 'postrouting',
            prio: 100,
          },
        },
        { rule: { family: 'ip', table: 't', chain: 'n', expr: [{ masquerade: null }] } },
      ],
    }
    const ruleset = file('nat.json', JSON.stringify(listing))
    const { code, out } = await run('prove', '--town', KASUMI, '--ruleset', ruleset)
    expect(code).toBe(1)
    expect(out).toContain('masquerade')
  })

  it.each([
    ['a text that nft does not take', 'broken.nft', 'table inet x {'],
    ['JSON that is cut off', 'cut.json', '{"nftables": ['],
    ['a text that would read other files', 'include.nft', 'include "/etc/passwd"\n'],
    ['the same inside a table', 'inner.nft', 'table inet x { include "/etc/passwd"\n}\n'],
  ])('%s is exit code 1, never equal', async (_, name, text) => {
    const { code, out, err } = await run('prove', '--town', KASUMI, '--ruleset', file(name, text))
    expect(code).toBe(1)
    expect(out + err).not.toMatch(/\bat .*\.ts:\d+|root:/u)
  })
})
