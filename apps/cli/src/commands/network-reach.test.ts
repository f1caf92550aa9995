import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { run } from '../run.test-support.ts'

const KASUMI = join(import.meta.dirname, '../../../../examples/kasumi/town.yaml')
const folder = mkdtempSync(join(tmpdir(), 'sekisho-reach-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const CALL = ['network', 'reach', '--town', KASUMI, '--at', '2026-11-25'] as const

describe('network reach', () => {
  it('tells what the terminals can reach, by which flow, through which gate and over what', async () => {
    const { code, out, err } = await run(...CALL, '--from', 'lg-tanmatsu')
    expect(code).toBe(0)
    expect(out).toContain('仮想ブラウザー　TCP 443　通信「仮想ブラウザーの画面」')
    expect(out).toContain('ファイルの関所「file-in」で「インターネット接続系」から受け取れます。')
    expect(out).toContain(
      '県の自治体情報セキュリティクラウド（通信「仮想ブラウザーの画面」で仮想ブラウザー、通信「仮想ブラウザーの閲覧」で県の自治体情報セキュリティクラウド）',
    )
    expect(err).toContain('読み直して求めました')
  })

  it('says on what grounds a person stands at which terminals', async () => {
    const { err } = await run(...CALL, '--from', 'person:s0001')
    expect(err).toContain('名前が「福祉課」で始まる端末')
  })

  it('gives every pair as JSON and as CSV', async () => {
    const json = JSON.parse((await run(...CALL, '--format', 'json')).out)
    expect(json).toMatchObject({ kind: 'Reachability', basis: 'text', at: '2026-11-25' })
    expect(json.lines).toContainEqual(
      expect.objectContaining({ from: 'system:renkei', to: 'peer:mid-server', flow: 'mid-server' }),
    )
    const csv = (await run(...CALL, '--format', 'csv')).out
    expect(csv.startsWith('\uFEFF"起点","届く先"')).toBe(true)
    expect(csv.trimEnd().split('\r\n')).toHaveLength(json.lines.length + 1)
  })

  it('takes a name from the declaration for a text and not for a formula or a line of the terminal', async () => {
    const town = join(folder, 'town.yaml')
    const hostile = '=HYPERLINK("http://x")'
    writeFileSync(
      town,
      readFileSync(KASUMI, 'utf8').replace('name: 電子入札\n', `name: '${hostile}'\n`),
    )
    const call = ['network', 'reach', '--town', town, '--at', '2026-11-25'] as const
    expect((await run(...call, '--format', 'csv')).out).toContain(`"'=HYPERLINK(""http://x"")"`)
  })

  it('writes a workbook that our own gate accepts', async () => {
    const out = join(folder, 'reach.xlsx')
    expect((await run(...CALL, '--format', 'excel', '--out', out)).code).toBe(0)
    expect((await run('verify-clean', out)).code).toBe(0)
    expect((await run(...CALL, '--format', 'excel')).code).toBe(2)
  })

  it('draws the town as a picture', async () => {
    const { code, out } = await run(...CALL, '--format', 'svg')
    expect(code).toBe(0)
    expect(out).toMatch(/^<\?xml [^>]*>\n<svg /u)
    expect(out).toContain('マイナンバー利用事務系')
  })

  it('says who is not declared, with the nearest that is', async () => {
    const { code, err } = await run(...CALL, '--from', 'renkeii')
    expect(code).toBe(2)
    expect(err).toContain('もしかして renkei')
  })

  it('says nothing of a text that cannot be read', async () => {
    const ruleset = join(folder, 'cut.json')
    writeFileSync(ruleset, '{"nftables": [{"what": {}}]}')
    const { code, out } = await run(...CALL, '--ruleset', ruleset)
    expect(code).toBe(1)
    expect(out).toContain('NET-UNREAD')
  })
})
