import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { run } from '../run.test-support.ts'

const ROOT = join(import.meta.dirname, '../../../..')
const KASUMI = join(ROOT, 'examples/kasumi/town.yaml')
const OLD = [4, 6].map((family) => join(ROOT, `corpus/network/present/kasumi-old.rules.v${family}`))
const folder = mkdtempSync(join(tmpdir(), 'sekisho-network-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const importing = (...argv: readonly string[]) =>
  run('network', 'import', ...argv, '--at', '2026-11-25')

describe('network import', () => {
  it('tells what a present firewall permits, each with its line', async () => {
    const { code, out } = await importing(...OLD)
    expect(code).toBe(0)
    expect(out).toContain('宛先 203.0.113.80　宛先のポート 443・8443')
    expect(out).toContain('iptables filter to-net #1（13行目）')
  })

  it('with a town tells both differences, with packet, line, clause, and lines to copy', async () => {
    const { code, out, err } = await importing(...OLD, '--town', KASUMI)
    expect(code).toBe(3)
    expect(out).toContain('■ 宣言にない許可（')
    expect(out).toContain('■ 許可されていない宣言（28件）')
    expect(out).toContain('-A FORWARD -i lgwan -o mynumber')
    expect(out).toMatch(/根拠　ZN-02 /u)
    expect(out).toContain('        flows:\n')
    expect(err).toBe('')
  })

  it('gives the same as JSON, complete and without a control', async () => {
    const { code, out } = await importing(...OLD, '--town', KASUMI, '--json')
    expect(code).toBe(3)
    const body = JSON.parse(out)
    expect(body).toMatchObject({ sekisho: '1', kind: 'NetworkImport', complete: true })
    const line = body.extra.find((one: { text: string }) => one.text.includes('SaaS 2024'))
    expect(line).toMatchObject({ rule: 'NET-EXTRA', line: 13, packet: { target: '203.0.113.80' } })
    expect(line.entry).toContain('zone:lgwan')
    expect(body.missing).toHaveLength(28)
  })

  it('finds nothing in our own text, in each dialect that is read', async () => {
    const out = join(folder, 'own')
    for (const target of ['nftables', 'iptables']) {
      await run('render', '--town', KASUMI, '--target', target, '--out', out, '--at', '2026-11-25')
    }
    const saved = [join(out, 'sekisho.rules.v4'), join(out, 'sekisho.rules.v6')]
    expect((await importing(...saved, '--town', KASUMI)).code).toBe(0)
    expect((await importing(join(out, 'sekisho.nft'), '--town', KASUMI)).code).toBe(0)
  })

  it('names interfaces that the declaration does not have', async () => {
    const text = readFileSync(OLD[0]!, 'utf8').replaceAll('x-internet', 'eth0')
    const { err } = await importing(file('eth.v4', text), OLD[1]!, '--town', KASUMI)
    expect(err).toContain('「eth0」')
    expect(err).toContain('firewall')
  })

  it('a text that it cannot read whole is exit code 1, and what it read is told', async () => {
    const text =
      '*filter\n:FORWARD DROP [0:0]\n-A FORWARD -m owner --uid-owner 0 -j ACCEPT\nCOMMIT\n'
    const { code, out } = await importing(file('part.v4', text), OLD[1]!)
    expect(code).toBe(1)
    expect(out).toContain('■ 読み取れないところ（1件）')
    expect(out).toContain('--uid-owner')
  })

  it('writes nothing of a foreign text to the screen as a control', async () => {
    const text = `*filter\n:FORWARD DROP [0:0]\n-A FORWARD -i a\u001b[2J -m comment --comment "\u202e\u009b2J" -j ACCEPT\nCOMMIT\n`
    for (const format of ['text', 'json']) {
      const { out, err } = await importing(
        file('evil.v4', text),
        OLD[1]!,
        '--town',
        KASUMI,
        '--format',
        format,
      )
      expect((out + err).replaceAll('\n', '')).not.toMatch(/\p{Cc}|\p{Bidi_Control}/u)
      expect(out).toContain(format === 'json' ? '\\u202e' : 'U+202E')
    }
  })

  it.each([
    ['no verb', ['network']],
    ['no file', ['network', 'import']],
    ['a format that is none', ['network', 'import', KASUMI, '--format', 'xml']],
  ])('%s is wrong use', async (_, argv) => {
    expect((await run(...argv)).code).toBe(2)
  })

  it.each([
    ['a text of something else', 'hello\n'],
    ['nothing', ''],
    ['JSON of something else', '{"a": 1}'],
  ])('%s is exit code 1', async (_, text) => {
    const { code, out, err } = await importing(file('other.txt', text))
    expect(code).toBe(1)
    expect(out + err).not.toMatch(/\bat .*\.ts:\d+/u)
  })
})

describe('network import --log', () => {
  const log = [
    '1795575600.123    245 10.30.2.15 TCP_TUNNEL/200 39150 CONNECT app.example.com:443 - HIER_DIRECT/203.0.113.99 -',
    '1795575700.123    245 10.30.2.16 TCP_TUNNEL/200 39150 CONNECT app.example.com:443 - HIER_DIRECT/203.0.113.99 -',
    'Nov 25 12:00:00 fw kernel: sekisho deny p9 IN=lgwan OUT=x-internet SRC=10.20.1.5 DST=203.0.113.7 LEN=60 PROTO=TCP SPT=40000 DPT=443 ',
    'cut off',
  ].join('\n')

  it('tells which destinations are used and not declared, how often and since when', async () => {
    const { code, out } = await importing('--log', file('access.log', log), '--town', KASUMI)
    expect(code).toBe(3)
    expect(out).toContain('■ 使われていて、宣言にない宛先（2件）')
    expect(out).toContain('app.example.com（203.0.113.99）　TCP 443番　2回')
    expect(out).toContain('初めて 2026-11-25 12:00　最後 2026-11-25 12:01')
    expect(out).toContain('4行を読みました。通信の記録でない行は1行です。')
    const json = JSON.parse(
      (await importing('--log', file('access.log', log), '--town', KASUMI, '--json')).out,
    )
    expect(json.destinations[0]).toMatchObject({ standing: 'undeclared', count: 2, sources: 2 })
  })

  it('without a town lists destinations, and compares nothing', async () => {
    const { code, out } = await importing('--log', file('access.log', log))
    expect(code).toBe(0)
    expect(out).toContain('■ 使われている宛先（2件）')
  })

  it('a file that holds no such line is told, and is not taken for nothing undeclared', async () => {
    const { code, err } = await importing(
      '--log',
      file('prose.log', 'one\ntwo\n'),
      '--town',
      KASUMI,
    )
    expect(code).toBe(1)
    expect(err).toContain('access.log')
  })

  it('a line without an end fills no memory', async () => {
    const { code, out } = await importing(
      '--log',
      file('long.log', `${'x'.repeat(3_000_000)}\n${log}`),
    )
    expect(code).toBe(0)
    expect(out).toContain('5行を読みました。通信の記録でない行は2行です。')
  })
})

describe('network import --matrix', () => {
  const nat = file(
    'nat.v4',
    `*nat
:POSTROUTING ACCEPT [0:0]
-A POSTROUTING -o wan -j MASQUERADE
COMMIT
*filter
:FORWARD DROP [0:0]
-A FORWARD -i lan -s 10.20.0.0/16 -o wan -p tcp -m tcp --dport 443 -j ACCEPT
-A FORWARD -i lan -o wan -p tcp -m tcp --dport 80 -m limit --limit 5/sec -j ACCEPT
COMMIT
`,
  )
  const shut = file('shut.v6', '*filter\n:FORWARD DROP [0:0]\nCOMMIT\n')

  it('tells between which places a service is opened, and what to make of lines that translate', async () => {
    const { code, out, err } = await importing(nat, shut, '--matrix', 'tcp/443')
    expect(out).toContain('■ tcp/443 を、どこからどこへ開けるか（IPv4）')
    expect(out).toContain('口 lan　10.20.0.0/16\n')
    expect(out).not.toContain('言えない組')
    expect(err).toContain('■ アドレスを書き換える行（1件）')
    expect(err).toContain('NET-TRANSLATED')
    // Lines that translate are not proved.
    expect(code).toBe(1)
    expect((await importing(nat, shut, '--matrix', 'tcp/80')).out).toContain('言えない組')
  })

  it('gives the same as JSON and as a table', async () => {
    const json = JSON.parse((await importing(nat, shut, '--matrix', 'tcp/443', '--json')).out)
    expect(json).toMatchObject({ kind: 'ServiceMatrix', complete: false })
    expect(json.matrices.map(({ family }: { family: number }) => family)).toEqual([4, 6])
    const [four, six] = json.matrices
    const open = Object.values(four.opens).flatMap((row) => Object.values(row as object))
    expect(open.filter((one) => one === 'always')).toHaveLength(1)
    expect(six.opens).toEqual({ a: { a: 'never' } })
    const { out } = await importing(nat, shut, '--matrix', 'tcp/443', '--format', 'csv')
    expect(out).toContain('口 lan","10.20.0.0/16"')
    expect(out.match(/"開ける"/gu)).toHaveLength(1)
  })

  it('with a town looks only at the addresses that are behind each plug', async () => {
    const { out } = await importing(...OLD, '--matrix', 'tcp/443', '--town', KASUMI, '--json')
    const [four] = JSON.parse(out).matrices
    const plugs = four.classes.flatMap(
      ({ places }: { places: { plugs: { values: string[] } }[] }) =>
        places.flatMap((place) => place.plugs.values),
    )
    expect(plugs).toContain('lgwan')
    expect(plugs).toContain('x-internet')
    expect(JSON.stringify(four)).not.toContain('"except":true,"values":["internet"')
  })

  it.each(['tcp', 'tcp/70000', '443', 'sctp/1', 'tcp/443; ls'])(
    '%s is no service, and that is said',
    async (service) => {
      const { code, err } = await importing(nat, '--matrix', service)
      expect(code).toBe(2)
      expect(err).toContain('tcp/443')
    },
  )

  it('a table is of a matrix alone', async () => {
    expect((await importing(nat, '--format', 'csv')).code).toBe(2)
  })
})
