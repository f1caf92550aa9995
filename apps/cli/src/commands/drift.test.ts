import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { declare, writeNftables, writeWatch } from '@sekisho/network'
import { readTown, todayInJapan } from '@sekisho/town'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { noKernel, testKernel } from '../firewall/kernel.test-support.ts'
import type { TestKernel } from '../firewall/kernel.test-support.ts'

const KASUMI = readFileSync(
  join(import.meta.dirname, '../../../../examples/kasumi/town.yaml'),
  'utf8',
)
const DAY = 86_400_000
const day = (away: number): string => todayInJapan(new Date(Date.now() + away * DAY))
/** A flow that held until yesterday. */
const EXPIRED = KASUMI.replace(/(- id: gcloud-zei[^]*?expires: )\S+/u, `$1${day(-1)}`)

const reason = noKernel()

/** Process ids of those that a process started and that are still there. */
const childrenOf = (pid: number): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .filter((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid
      } catch {
        return false // It ended while we looked.
      }
    })
    .map(Number)

const cmdline = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, 'utf8')

function rulesOf(text: string, at: string): string {
  const read = readTown(text)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return writeNftables(declare(read.town, { at }))
}

describe.skipIf(reason !== undefined)('drift', { timeout: 120_000 }, () => {
  let kernel: TestKernel
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-drift-'))
  const [town, data] = [join(folder, 'town.yaml'), join(folder, 'firewall')]
  const once = (...more: string[]) =>
    kernel.sekisho('drift', '--once', '--town', town, '--data', data, ...more)

  beforeAll(async () => {
    kernel = await testKernel()
  })
  afterAll(() => {
    kernel.remove()
    rmSync(folder, { recursive: true, force: true })
  })
  beforeEach(() => {
    writeFileSync(town, KASUMI)
    kernel.nft('flush', 'ruleset')
    kernel.load(rulesOf(KASUMI, day(0)))
  })

  it('there is none while the kernel does what is declared, whatever it counted', async () => {
    const { code, err } = await once()
    expect([code, err]).toEqual([0, expect.stringContaining('宣言のとおりです')])
  })

  it.each([
    [
      'a rule added',
      ['insert', 'rule', 'inet', 'sekisho', 'forward', 'tcp', 'dport', '23', 'accept'],
      'NET-EXTRA',
    ],
    [
      'a rule added for interfaces of which between two names none can be read aloud',
      'insert rule inet sekisho forward iifname != {lgwan,lgwan0} tcp dport 23 accept'.split(' '),
      'NET-EXTRA',
    ],
    ['a chain emptied', ['flush', 'chain', 'inet', 'sekisho', 'forward'], 'NET-MISSING'],
    [
      'a door into the firewall itself',
      'insert rule inet sekisho input tcp dport 22 accept'.split(' '),
      'NET-BOX-OPEN',
    ],
    [
      'a way of the firewall itself into the My Number zone',
      'flush chain inet sekisho sends'.split(' '),
      'NET-BOX-SENDS',
    ],
    [
      'a last day put off, long before it comes',
      [
        `insert rule inet sekisho forward meta time >= ${Math.floor(Date.now() / 1_000) + 40 * 86_400} accept`,
      ],
      'NET-EXTRA',
    ],
    ['everything flushed', ['flush', 'ruleset'], 'NET-GONE'],
    ['our table gone', ['delete', 'table', 'inet', 'sekisho'], 'NET-GONE'],
  ])('%s is found, with a witness', async (_, command, rule) => {
    kernel.nft(...command)
    const { code, out } = await once('--json')
    expect(code).toBe(3)
    const { findings } = JSON.parse(out)
    expect(JSON.stringify(findings)).not.toContain('U+0000')
    expect(findings[0]).toMatchObject({ rule, cure: { who: 'it-officer' } })
  })

  it('whoever looks keeps what each flow was used for, and the log which file that was', async () => {
    await once()
    const where = ['--town', town, '--data', data] as const
    const { code, out } = await kernel.sekisho('network', 'use', ...where, '--days', '1')
    expect([code, out]).toEqual([0, expect.stringContaining('まだ分からない通信')])
    const used = await kernel.sekisho('network', 'use', ...where, '--json')
    const { flows } = JSON.parse(used.out)
    expect(flows.length).toBeGreaterThan(30)
    expect(flows.every(({ since }: { since?: string }) => since !== undefined)).toBe(true)
    const log = await kernel.sekisho('evidence', 'show', join(data, 'log'), '--json')
    const kept = log.out.split('\n').filter((line) => line.includes('"step":"use"'))
    expect(kept).toHaveLength(1)
    expect(JSON.parse(kept[0]!).detail.digest).toMatch(/^[0-9a-f]{64}$/u)
  })

  it('a wall that is listed wider than it stands is found', async () => {
    // Listed as `th sport 0-65535 drop`, and holding back nothing but ICMPv6.
    const narrow = 'meta l4proto ipv6-icmp th sport 0-65535 drop'
    const open = rulesOf(KASUMI, day(0))
      .replace(
        'hook forward priority filter; policy drop',
        'hook forward priority filter; policy accept',
      )
      .replaceAll(/counter name (?:undeclared|denied_p\d+) drop/gu, narrow)
    kernel.load(open)
    expect(kernel.rules()).not.toContain('ipv6-icmp th')
    const { code, out } = await once()
    expect([code, out]).toEqual([3, expect.stringContaining('NET-UNSURE')])
  })

  it('an element taken out of a set is found, with the name of the flow that is cut', async () => {
    const [, set, element] =
      /set (\S+) \{[^}]*?elements = \{ (.*?) counter/u.exec(
        kernel.rules().replaceAll(/\s+/gu, ' '),
      ) ?? []
    kernel.nft('delete', 'element', 'inet', 'sekisho', set ?? '', `{ ${element} }`)
    const { code, out } = await once()
    expect([code, out]).toEqual([3, expect.stringMatching(/NET-MISSING[^]*（通信「.+」）/u)])
  })

  it('a declaration that changed and was not applied is found', async () => {
    writeFileSync(town, KASUMI.replace('ports: [25]', 'ports: [2525]'))
    expect((await once()).code).toBe(3)
  })

  it('a declaration that cannot be read is not taken for one that fits', async () => {
    writeFileSync(town, '{')
    const { code, out } = await once()
    expect([code, out]).toEqual([1, expect.stringContaining('NET-DRIFT-NO-TOWN')])
  })

  it('a flow past its day was closed by the rules themselves, and is told', async () => {
    writeFileSync(town, EXPIRED)
    kernel.load(rulesOf(EXPIRED, day(-1)))
    expect(kernel.rules()).toContain('comment "gcloud-zei"')
    const { code, out } = await once()
    expect([code, out]).toEqual([0, expect.stringContaining('NET-EXPIRED')])
  })

  it('a flow past its day that still passes is found', async () => {
    writeFileSync(town, EXPIRED)
    kernel.load(rulesOf(EXPIRED, day(-1)).replaceAll(/meta time < \d+ /gu, ''))
    const { code, out } = await once()
    expect([code, out]).toEqual([3, expect.stringContaining('NET-EXTRA')])
  })

  it('whoever watches is told when it begins and when it is over, and the log keeps both', async () => {
    // With no more rights than its unit gives it.
    const [, bound = ''] =
      /^CapabilityBoundingSet=(.*)$/mu.exec(writeWatch('nftables.service')) ?? []
    expect(bound).toBe('CAP_NET_ADMIN')
    const call = ['drift', '--town', town, '--data', data, '--every', '1s']
    const watch = kernel.startBounded('-all,+net_admin', ...call)
    let said = ''
    const heard = (word: string): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => (said.includes(word) ? resolve() : void setTimeout(look, 20))
        look()
      })
    watch.stdout?.on('data', (bytes: Buffer) => (said += bytes.toString()))
    watch.stderr?.on('data', (bytes: Buffer) => (said += bytes.toString()))
    await heard('宣言のとおりです')
    said = ''
    kernel.nft('flush', 'ruleset')
    await heard('NET-GONE')
    said = ''
    kernel.load(rulesOf(KASUMI, day(0)))
    await heard('宣言のとおりです')
    watch.kill('SIGTERM')
    await new Promise((resolve) => watch.once('exit', resolve))
    const { out } = await kernel.sekisho('evidence', 'show', join(data, 'log'), '--json')
    const steps = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).detail.step)
    expect(steps.slice(-3)).toEqual(['drift-none', 'drift-drift', 'drift-none'])
  })

  it('whoever watches leaves nothing behind when it is killed', async () => {
    const watch = kernel.start('drift', '--town', town, '--data', data)
    let monitors: readonly number[] = []
    while (monitors.length === 0) {
      // oxlint-disable-next-line no-await-in-loop -- waiting for what was started
      await sleep(50)
      monitors = childrenOf(watch.pid!).filter((pid) => cmdline(pid).includes('monitor'))
    }
    watch.kill('SIGKILL')
    for (const pid of monitors) {
      // oxlint-disable-next-line no-await-in-loop -- the kernel ends them; this test ends when it did
      while (existsSync(`/proc/${pid}`)) await sleep(20)
    }
  })
})
