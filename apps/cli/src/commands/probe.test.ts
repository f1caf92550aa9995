import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { declare, writeNftables } from '@sekisho/network'
import { afterAll, describe, expect, it } from 'vitest'
import { SAWATARI, townOf, whyNoLab } from '../../../../test/probe.test-support.ts'
import { run } from '../run.test-support.ts'

const folder = mkdtempSync(join(tmpdir(), 'sekisho-probe-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const town = file('town.yaml', SAWATARI)
const right = writeNftables(declare(townOf(SAWATARI)))
const why = await whyNoLab()

describe.skipIf(why !== '')('probe --lab', () => {
  it('of the right text is exit code 0, tells how much was sent, and is filed as evidence that verifies', async () => {
    const record = join(folder, 'evidence')
    const { code, out, err } = await run('probe', '--lab', '--town', town, '--record', record)
    expect(code).toBe(0)
    expect(out).toContain('通過')
    expect(err).toMatch(/\d+件を実際に送り、\d+件が通り、\d+件が止まりました/u)
    const shown = await run('evidence', 'show', join(record, 'log'), '--json')
    expect(JSON.parse(shown.out)).toMatchObject({
      kind: 'probe',
      model: declare(townOf(SAWATARI)).digest,
      detail: { where: 'lab', reasons: [] },
    })
    expect((await run('evidence', 'verify', join(record, 'log'))).code).toBe(0)
    expect(statSync(join(record, 'signer')).mode & 0o077).toBe(0)
  })

  it('of a wider text is exit code 3, with the packet, the clause and what to do, and goes on in the same evidence', async () => {
    const wide = file('wide.nft', right.replaceAll('198.51.100.16/28', '198.51.100.0/27'))
    const record = join(folder, 'evidence')
    const call = ['probe', '--lab', '--town', town, '--ruleset', wide] as const
    const { code, out } = await run(...call, '--format', 'sarif', '--record', record)
    expect(code).toBe(3)
    const [result] = JSON.parse(out).runs[0].results
    expect(result.ruleId).toBe('PROBE-OPEN')
    expect(result.message.text).toContain('198.51.100.15')
    const { out: shown } = await run(
      'evidence',
      'show',
      join(record, 'log'),
      '--from',
      '1',
      '--json',
    )
    expect(JSON.parse(shown)).toMatchObject({ detail: { reasons: ['PROBE-OPEN'] } })
  })

  it.each([
    ['that nft does not take', 'broken.nft', 'table inet x {'],
    ['that would read other files', 'include.nft', 'include "/etc/passwd"\n'],
  ])('of a text %s is exit code 1, and nothing of other files is shown', async (_, name, text) => {
    const { code, out, err } = await run(
      'probe',
      '--lab',
      '--town',
      town,
      '--ruleset',
      file(name, text),
    )
    expect(code).toBe(1)
    expect(out + err).not.toMatch(/\bat .*\.ts:\d+|root:/u)
  })
})

describe('probe', () => {
  it.each([
    [[]],
    [['everything']],
    [['--lab', '--format', 'csv']],
    [['run', '--town', town]],
    [['agent', '--listen', 'localhost:7700']],
    [['agent', '--listen', '10.2.0.21']],
  ])('%j is wrong use', async (args) => {
    expect((await run('probe', ...args)).code).toBe(2)
  })

  it('makes a key that only its owner reads, and never writes over one', async () => {
    const key = join(folder, 'key')
    expect((await run('probe', 'key', '--out', key)).code).toBe(0)
    expect(statSync(key).mode & 0o077).toBe(0)
    const before = readFileSync(key, 'utf8')
    expect((await run('probe', 'key', '--out', key)).code).toBe(1)
    expect(readFileSync(key, 'utf8')).toBe(before)
  })

  it.each([
    ['an address that is no machine of the town', '10.2.0.99:7700'],
    ['a party outside', '172.20.4.1:7700'],
    ['a name', 'pc-1:7700'],
    ['the same machine twice', '10.2.0.21:7700\n10.2.0.21:7701'],
  ])('does not begin with %s in the list', async (_, list) => {
    const key = file('run.key', `${'00'.repeat(32)}\n`)
    const agents = file('agents', `# 一覧\n${list}\n`)
    const { code, err } = await run(
      'probe',
      'run',
      '--agents',
      agents,
      '--key',
      key,
      '--town',
      town,
    )
    expect(code).toBe(1)
    expect(err).toMatch(/の[23]行目/u)
  })

  it('starts no agent at an address that is not in the declaration', async () => {
    const key = file('agent.key', `${'00'.repeat(32)}\n`)
    const { code } = await run(
      'probe',
      'agent',
      '--listen',
      '127.0.0.1:0',
      '--key',
      key,
      '--town',
      town,
    )
    expect(code).toBe(1)
  })
})
