import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { verifyFolder } from '@sekisho/evidence/verify'
import { readPlan, writePlan } from '@sekisho/network'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { noKernel, testKernel } from '../firewall/kernel.test-support.ts'
import type { TestKernel } from '../firewall/kernel.test-support.ts'

const KASUMI = join(import.meta.dirname, '../../../../examples/kasumi/town.yaml')
/** Nobody answers in this time unless the test does: long for a test that answers, short for one that waits. */
const [LONG, SHORT] = ['600', '1']
const FOREIGN =
  'table ip other {\n\tchain f {\n\t\ttype filter hook forward priority filter; policy accept;\n\t}\n}\n'

/** Ends a process as a machine short of memory does, and waits until it is gone. */
async function killed(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL')
  while (existsSync(`/proc/${pid}`)) await sleep(20)
}

const reason = noKernel()
if (reason !== undefined) process.stderr.write(`apply and drift are not tried: ${reason}\n`)

it('the kernel is there to try it on, where everything must be tried', () => {
  if (process.env['CI'] === 'true') expect(reason).toBeUndefined()
})

describe.skipIf(reason !== undefined)('a change of the firewall', { timeout: 120_000 }, () => {
  let kernel: TestKernel
  let folder: string
  let data: string
  const file = (name: string): string => join(folder, name)

  beforeAll(async () => {
    kernel = await testKernel()
    kernel.load(FOREIGN)
    usual = (await kernel.sekisho('plan', '--town', KASUMI, '--json')).out
  })
  afterAll(() => kernel.remove())
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sekisho-apply-'))
    data = file('firewall')
    kernel.nft('flush', 'ruleset')
    kernel.load(FOREIGN)
  })
  afterEach(async () => {
    // A keeper that still waits is told to go back, so that none outlives its test.
    if (existsSync(join(data, 'pending.json'))) {
      await kernel.sekisho('apply', '--return', pending().id, '--data', data)
    }
    rmSync(folder, { recursive: true, force: true })
  })

  const pending = (): { id: string; keeper: number } =>
    JSON.parse(readFileSync(join(data, 'pending.json'), 'utf8'))
  /** The plan for a kernel that holds only the foreign table: made once, for it is the same each time. */
  let usual: string
  const planned = async (...more: string[]): Promise<string> => {
    const plan = file('change.plan')
    if (more.length === 0 && kernel.rules() === FOREIGN) writeFileSync(plan, usual)
    else {
      const call = ['plan', '--town', KASUMI, '--data', data, '--out', plan, ...more]
      expect((await kernel.sekisho(...call)).err).toContain('sekisho apply')
    }
    return plan
  }
  const apply = (plan: string, seconds = LONG) =>
    kernel.sekisho('apply', plan, '--data', data, '--confirm-within', seconds)
  const steps = async (): Promise<readonly string[]> => {
    const { out } = await kernel.sekisho('evidence', 'show', join(data, 'log'), '--json')
    return out
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line).detail.step)
  }
  const settled = async (): Promise<void> => {
    while (existsSync(join(data, 'pending.json'))) await sleep(50)
  }

  it('is made, proved, confirmed and recorded, and leaves what is not ours', async () => {
    const { code, out } = await apply(await planned())
    expect(out).toContain('宣言のとおりだと確かめました')
    expect(code).toBe(0)
    expect(kernel.rules()).toContain('table ip other')
    expect(existsSync(join(data, 'in-force.nft'))).toBe(false)
    const { id } = pending()
    expect((await kernel.sekisho('apply', '--confirm', id, '--data', data)).code).toBe(0)
    expect(readFileSync(join(data, 'in-force.nft'), 'utf8')).toContain('table inet sekisho')
    expect(await steps()).toEqual(['planned', 'applied', 'confirmed'])
    expect(verifyFolder(join(data, 'log')).ok).toBe(true)
    const again = await kernel.sekisho('plan', '--town', KASUMI, '--data', data)
    expect(again.out).toContain('変わることはありません')
    expect(again.out).toContain('加わる 0件、なくなる 0件')
  })

  it('goes back by itself to exactly what was there when nobody confirms', async () => {
    const before = kernel.rules()
    expect((await apply(await planned(), SHORT)).code).toBe(0)
    await settled()
    expect(kernel.rules()).toBe(before)
    expect(await steps()).toEqual(['planned', 'applied', 'returned'])
    expect(existsSync(join(data, 'in-force.nft'))).toBe(false)
  })

  it('a confirmation that comes too late changes nothing and says so', async () => {
    const before = kernel.rules()
    const plan = await planned()
    await apply(plan, SHORT)
    const number = JSON.parse(readFileSync(plan, 'utf8')).digest.slice(0, 12)
    await settled()
    const late = await kernel.sekisho('apply', '--confirm', number, '--data', data)
    expect(late.code).toBe(4)
    expect(late.out).toMatch(/NET-CONFIRM-(?:LATE|UNKNOWN)/u)
    expect(kernel.rules()).toBe(before)
  })

  it('goes back at once when the person says so', async () => {
    const before = kernel.rules()
    await apply(await planned())
    expect((await kernel.sekisho('apply', '--return', pending().id, '--data', data)).code).toBe(0)
    expect(kernel.rules()).toBe(before)
  })

  it('goes back also when the command and all that hangs on its terminal is killed', async () => {
    const before = kernel.rules()
    const plan = await planned()
    const command = kernel.start('apply', plan, '--data', data, '--confirm-within', '3')
    await kernel.until((rules) => rules.includes('table inet sekisho'))
    process.kill(-command.pid!, 'SIGKILL')
    await settled()
    expect(kernel.rules()).toBe(before)
    expect((await steps()).at(-1)).toBe('returned')
  })

  it('goes back by the next who looks when the keeper itself is killed', async () => {
    const before = kernel.rules()
    await apply(await planned())
    await killed(pending().keeper)
    await kernel.sekisho('drift', '--once', '--town', KASUMI, '--data', data)
    expect(kernel.rules()).toBe(before)
    expect(await steps()).toContain('returned')
  })

  it('is over when the machine was restarted: what was loaded at the start stays', async () => {
    await apply(await planned())
    await killed(pending().keeper)
    const was = JSON.parse(readFileSync(join(data, 'pending.json'), 'utf8'))
    writeFileSync(join(data, 'pending.json'), JSON.stringify({ ...was, boot: 'another start' }))
    kernel.nft('flush', 'ruleset')
    await kernel.sekisho('drift', '--once', '--town', KASUMI, '--data', data)
    expect(kernel.rules()).toBe('')
    expect(await steps()).toContain('restarted')
  })

  it('is not confirmed after its time when no keeper is left to say so, but goes back', async () => {
    const before = kernel.rules()
    await apply(await planned())
    await killed(pending().keeper)
    const path = join(data, 'pending.json')
    const was = JSON.parse(readFileSync(path, 'utf8'))
    writeFileSync(path, JSON.stringify({ ...was, since: '2026-01-01T00:00:00.000Z' }))
    const { out } = await kernel.sekisho('apply', '--confirm', was.id, '--data', data)
    expect(out).toContain('NET-CONFIRM-LATE')
    expect(kernel.rules()).toBe(before)
  })

  it('is not made where there is no way back: rules that only iptables can write', async () => {
    const match = ['-m', 'string', '--algo', 'bm', '--string', 'foo']
    kernel.command('iptables', '-A', 'FORWARD', '-p', 'tcp', ...match, '-j', 'DROP')
    const before = kernel.rules()
    const { code, out } = await apply(await planned('--replace-all'))
    expect([code, out]).toEqual([4, expect.stringContaining('NET-APPLY-NO-WAY-BACK')])
    expect(kernel.rules()).toBe(before)
  })

  it('is made by one at a time, whatever folder the other keeps', async () => {
    const plan = await planned()
    await apply(plan)
    const rules = kernel.rules()
    const second = await kernel.sekisho('apply', plan, '--data', file('elsewhere'))
    expect(second.code).toBe(4)
    expect(second.out).toContain('NET-APPLY-BUSY')
    expect(kernel.rules()).toBe(rules)
  })

  it('is not made when the rules are no longer those it was planned for', async () => {
    const plan = await planned()
    kernel.nft('add', 'rule', 'ip', 'other', 'f', 'tcp', 'dport', '23', 'drop')
    const before = kernel.rules()
    const { code, out } = await apply(plan)
    expect([code, out]).toEqual([4, expect.stringContaining('NET-PLAN-MOVED')])
    expect(kernel.rules()).toBe(before)
  })

  it('is not confirmed when somebody changed the rules meanwhile, and goes back', async () => {
    const before = kernel.rules()
    await apply(await planned())
    kernel.nft('insert', 'rule', 'inet', 'sekisho', 'forward', 'accept')
    const { out } = await kernel.sekisho('apply', '--confirm', pending().id, '--data', data)
    expect(out).toContain('NET-CONFIRM-DIFFERS')
    await kernel.sekisho('apply', '--return', pending().id, '--data', data)
    expect(kernel.rules()).toBe(before)
  })

  it('is not made where a foreign table would make it mean something else, and made where that goes too', async () => {
    kernel.nft('add', 'rule', 'ip', 'other', 'f', 'tcp', 'dport', '443', 'drop')
    const before = kernel.rules()
    const { code, out } = await apply(await planned())
    expect([code, out]).toEqual([4, expect.stringContaining('NET-PLAN-UNPROVED')])
    expect(kernel.rules()).toBe(before)
    expect((await apply(await planned('--replace-all'))).code).toBe(0)
    expect(kernel.rules()).not.toContain('table ip other')
    await kernel.sekisho('apply', '--return', pending().id, '--data', data)
    expect(kernel.rules()).toBe(before)
  })

  it('is proved again before it is made: what a plan says of its own proof is not believed', async () => {
    kernel.nft('add', 'rule', 'ip', 'other', 'f', 'tcp', 'dport', '443', 'drop')
    const before = kernel.rules()
    const plan = await planned()
    const read = readPlan(readFileSync(plan, 'utf8'))
    if (!read.ok) throw new Error(read.finding.message)
    writeFileSync(plan, writePlan({ ...read.plan, unproved: [] }))
    const { code, out } = await apply(plan)
    expect([code, out]).toEqual([4, expect.stringContaining('NET-PLAN-UNPROVED')])
    expect(kernel.rules()).toBe(before)
  })

  it.each([
    ['its folder is no folder', () => writeFileSync(data, '')],
    ['the key of its log is gone', () => mkdirSync(join(data, 'log'), { recursive: true })],
    [
      'a way back that somebody left cannot be read',
      () => {
        mkdirSync(data)
        writeFileSync(join(data, 'pending.json'), '{"id": "cut o')
      },
    ],
  ])('is not made when it cannot be recorded first: %s', async (_, spoil) => {
    const before = kernel.rules()
    const plan = await planned()
    spoil()
    const { code, out } = await apply(plan)
    rmSync(data, { recursive: true, force: true })
    expect([code, out]).toEqual([4, expect.stringContaining('NET-APPLY-NO-EVIDENCE')])
    expect(kernel.rules()).toBe(before)
  })
})

/** An nft that, in this kernel alone and as told in a file, takes nothing, or is followed at once by somebody who adds a rule. */
const FAULTY = `
[ "$1 $2" = "-f -" ] && [ "$(readlink /proc/self/ns/net)" = "$(cat /run/where)" ] || exec "$NFT" "$@"
case "$(cat /run/fault)" in
  full) echo 'No buffer space available' >&2; exit 1 ;;
  meddled) "$NFT" "$@" && "$NFT" add rule inet sekisho forward accept && rm /run/fault && exit 0 ;;
esac`

describe.skipIf(reason !== undefined)('where the kernel fails it', { timeout: 120_000 }, () => {
  let kernel: TestKernel
  let before: string
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-apply-'))
  const [plan, data] = [join(folder, 'change.plan'), join(folder, 'firewall')]
  const apply = () => kernel.sekisho('apply', plan, '--data', data, '--confirm-within', LONG)
  const fault = (name: string): void =>
    kernel.command('sh', '-c', `readlink /proc/self/ns/net > /run/where; echo ${name} > /run/fault`)
  const lastStep = async (): Promise<string> => {
    const { out } = await kernel.sekisho('evidence', 'show', join(data, 'log'), '--json')
    return JSON.parse(out.trim().split('\n').at(-1) ?? '').detail.step
  }

  beforeAll(async () => {
    kernel = await testKernel(FAULTY)
    fault('none')
    kernel.load(FOREIGN)
    before = kernel.rules()
    await kernel.sekisho('plan', '--town', KASUMI, '--data', data, '--out', plan)
  })
  afterAll(() => {
    kernel.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  it('a change that is not taken changed nothing, and says so with what nft says', async () => {
    fault('full')
    const { code, out } = await apply()
    fault('none')
    expect([code, out]).toEqual([
      4,
      expect.stringMatching(/NET-APPLY-NOT-TAKEN[^]*No buffer space/u),
    ])
    expect(kernel.rules()).toBe(before)
    expect(await lastStep()).toBe('not-taken')
    expect(existsSync(join(data, 'pending.json'))).toBe(false)
  })

  it('a change that does not stay as it was made goes back at once, unasked', async () => {
    fault('meddled')
    const { code, out } = await apply()
    fault('none')
    expect([code, out]).toEqual([4, expect.stringContaining('NET-APPLY-UNPROVED')])
    expect(kernel.rules()).toBe(before)
    expect(await lastStep()).toBe('returned')
  })

  it('no change is made on top of one that does not go back, and that one returns as soon as it can', async () => {
    expect((await apply()).code).toBe(0)
    const made = kernel.rules()
    await killed(JSON.parse(readFileSync(join(data, 'pending.json'), 'utf8')).keeper)
    fault('full')
    const { code, out } = await apply()
    expect([code, out]).toEqual([4, expect.stringContaining('NET-APPLY-STUCK')])
    expect(kernel.rules()).toBe(made)
    expect(await lastStep()).toBe('stuck')
    fault('none')
    await kernel.sekisho('drift', '--once', '--town', KASUMI, '--data', data)
    expect(kernel.rules()).toBe(before)
  })
})
