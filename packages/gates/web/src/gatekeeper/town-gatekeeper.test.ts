import { createCompiledJudge } from '@sekisho/judge'
import { describe, expect, it } from 'vitest'
import { TODAY, cloudTown, gateOf, inForce } from '../destination/destination.test-support.ts'
import type { TownChange } from '../destination/destination.test-support.ts'
import type { EchKeys } from '../destination/https-record.ts'
import { webPolicy } from '../destination/policy.ts'
import type { Admitted, Asked, Refused } from '../tunnel/gatekeeper.ts'
import {
  helloMessage,
  inRecords,
  serverName,
  vector,
  versions,
} from '../hello/hello.test-support.ts'
import type { Extension } from '../hello/hello.test-support.ts'
import { SendBudget } from './send-budget.ts'
import { ServiceCuts } from './service-cuts.ts'
import { townGatekeeper } from './town-gatekeeper.ts'

const judge = createCompiledJudge()
/** In the ranges that Microsoft publishes for the name. */
const PUBLISHED = '40.96.0.10'

function keeperOf({
  answers = [PUBLISHED],
  echKeys = 'none',
  judge: asks = judge,
  readable = () => false,
  ...change
}: TownChange & {
  answers?: string[]
  echKeys?: EchKeys
  judge?: typeof judge
  readable?: (host: string) => boolean
} = {}) {
  const town = cloudTown(change)
  const policy = webPolicy(town, gateOf(town), inForce(town), TODAY)
  const resolved: string[] = []
  const cuts = new ServiceCuts()
  let numbers = 0
  const keeper = townGatekeeper({
    policy: () => policy,
    judge: asks,
    resolve: (host) => {
      resolved.push(host)
      return Promise.resolve(answers)
    },
    echKeys: () => Promise.resolve(echKeys),
    identify: () => Promise.resolve({ id: 's0001', department: 'soumu' }),
    record: () => Promise.resolve(),
    own: ['10.20.1.10'],
    cuts,
    budget: new SendBudget(() => TODAY),
    number: () => `W-${(numbers += 1)}`,
    readable,
  })
  return { keeper, resolved, cuts }
}

const asking = (target: string, more: Partial<Asked> = {}): Asked => ({
  client: { id: 's0001', department: 'soumu' },
  from: '10.20.5.1',
  target,
  host: undefined,
  ...more,
})

const ruleOf = (answer: Admitted | Refused): string =>
  answer.result === 'refuse' ? answer.reason : 'pass'

const helloFor = (name: string): Buffer =>
  inRecords(helloMessage([serverName(name), versions(0x03_04)]))

/** RFC 9849: outer, a suite, a config id, a key, a payload; as GREASE has it. */
const OUTER_ECH: Extension = [
  0xfe_0d,
  Buffer.concat([
    Buffer.of(0, 0, 1, 0, 1, 7),
    vector(2, Buffer.alloc(32, 5)),
    vector(2, Buffer.alloc(144, 6)),
  ]),
]

describe('the gatekeeper of a town', () => {
  it('admits a declared name with the addresses its provider publishes', async () => {
    const { keeper } = keeperOf({ answers: [PUBLISHED, '203.1.1.1'] })
    const answer = await keeper.admit(asking('outlook.office.com:443'))
    expect(answer).toMatchObject({
      result: 'pass',
      service: 'exchange',
      host: 'outlook.office.com',
      port: 443,
      addresses: [PUBLISHED],
    })
  })

  it('does not even ask the resolver about a name that may not be reached', async () => {
    const { keeper, resolved } = keeperOf()
    for (const target of [
      'secret-words.evil.example:443',
      'outlook.office.com.evil.example:443',
      'outlook.office.com:8443',
      'outlook.office.com.:443',
      '40.96.0.10:443',
      'outlook.office.com',
      'outlook.office.com:443@evil.example:443',
    ])
      expect(ruleOf(await keeper.admit(asking(target)))).toMatch(/^X11-/)
    const stranger = { client: { id: 's0003', department: 'fukushi' } }
    expect(ruleOf(await keeper.admit(asking('outlook.office.com:443', stranger)))).toBe(
      'X11-PERSON',
    )
    expect(resolved).toEqual([])
  })

  it('does not follow a name to the inside, whatever else it answers', async () => {
    for (const answers of [['10.20.1.18'], [PUBLISHED, '127.0.0.1'], ['::ffff:10.20.1.18'], []]) {
      const { keeper } = keeperOf({ answers })
      expect(ruleOf(await keeper.admit(asking('outlook.office.com:443')))).toBe('X11-ADDRESS')
    }
  })

  it('admits nothing when the judge does not answer, at any of its questions', async () => {
    for (const good of [0, 1, 2]) {
      let asked = 0
      const failing: typeof judge = {
        ...judge,
        ask: (question) => {
          if (asked >= good) throw new Error('the judge is down')
          asked += 1
          return judge.ask(question)
        },
      }
      const { keeper } = keeperOf({ judge: failing })
      const request = asking('outlook.office.com:443')
      const admitted = keeper.admit(request)
      if (good < 2) await expect(admitted).rejects.toThrow('down')
      else {
        const answer = await admitted
        if (answer.result !== 'pass') throw new Error(answer.reason)
        const hello = helloFor('outlook.office.com')
        expect(() => keeper.firstBytes(request, answer, hello)).toThrow('down')
      }
    }
  })

  it('does not choose between the target and another Host', async () => {
    const { keeper, resolved } = keeperOf()
    const other = { host: 'teams.microsoft.com:443' }
    expect(ruleOf(await keeper.admit(asking('outlook.office.com:443', other)))).toBe('X11-INNER')
    expect(resolved).toEqual([])
    const same = { host: 'OUTLOOK.office.com:443' }
    expect(ruleOf(await keeper.admit(asking('outlook.office.com:443', same)))).toBe('pass')
  })

  it('lets a ClientHello for the same name on, in however many pieces, and none for another', async () => {
    const { keeper } = keeperOf()
    const first = async (hello: Buffer, piece: number) => {
      const asked = asking('outlook.office.com:443')
      const admitted = await keeper.admit(asked)
      if (admitted.result !== 'pass') throw new Error(admitted.reason)
      for (let end = piece; ; end += piece) {
        const seen = keeper.firstBytes(asked, admitted, hello.subarray(0, end))
        if (seen.result !== 'more' || end >= hello.length) return seen
      }
    }
    const right = helloFor('outlook.office.com')
    for (const piece of [1, 7, 100, 10_000])
      expect(await first(right, piece)).toEqual({ result: 'pass' })
    expect(await first(helloFor('evil.example'), 50)).toMatchObject({ reason: 'X11-SNI' })
    expect(await first(Buffer.from('GET / HTTP/1.1\r\n\r\n'), 50)).toMatchObject({
      reason: 'X11-HELLO',
    })
    expect(await first(right.subarray(0, -1), 50)).toEqual({ result: 'more' })
  })

  it('lets random ECH content on only where the name server said that there are no keys', async () => {
    const first = async (echKeys: EchKeys, hello: Buffer): Promise<string> => {
      const { keeper } = keeperOf({ echKeys })
      const asked = asking('outlook.office.com:443')
      const admitted = await keeper.admit(asked)
      if (admitted.result !== 'pass') throw new Error(admitted.reason)
      const seen = keeper.firstBytes(asked, admitted, hello)
      return seen.result === 'refuse' ? (seen.finding?.message ?? '') : seen.result
    }
    const named = [serverName('outlook.office.com'), versions(0x03_04)]
    const grease = inRecords(helloMessage([...named, OUTER_ECH]))
    expect(await first('none', grease)).toBe('pass')
    expect(await first('offered', grease)).toContain('公開しています')
    expect(await first('unknown', grease)).toContain('名前サーバーが答えません')
    for (const keys of ['none', 'offered', 'unknown'] as const)
      expect(await first(keys, inRecords(helloMessage(named)))).toBe('pass')
  })

  it('ends what is under way when a service is cut, and begins it again only when it is back', async () => {
    const { keeper, cuts } = keeperOf()
    const before = await keeper.admit(asking('outlook.office.com:443'))
    cuts.close('exchange')
    expect(before).toMatchObject({ cut: { aborted: true } })
    expect(ruleOf(await keeper.admit(asking('outlook.office.com:443')))).toBe('X11-CUT')
    cuts.reopen('exchange')
    const after = await keeper.admit(asking('outlook.office.com:443'))
    expect(after).toMatchObject({ result: 'pass', cut: { aborted: false } })
  })

  it('only watches where the town says so, and says what it would have refused', async () => {
    const { keeper } = keeperOf({ mode: 'report', answers: ['203.1.1.1'] })
    expect(await keeper.admit(asking('www.somewhere.example:443'))).toMatchObject({
      result: 'pass',
      wouldRefuse: 'X11-LISTED',
    })
  })
})

describe('a host that one of the services wants to be read inside', () => {
  const LOGIN = 'login.microsoftonline.com:443'
  const login = { answers: ['20.190.128.1'], readable: () => true }

  it('is read inside for everybody, whichever service lets them there', async () => {
    const { keeper } = keeperOf(login)
    const people = [
      { id: 's0001', department: 'soumu' },
      { id: 's0003', department: 'fukushi' },
    ]
    for (const client of people) {
      const admitted = await keeper.admit(asking(LOGIN, { client }))
      expect(admitted).toMatchObject({ result: 'pass', inside: { pattern: 'communication' } })
    }
    expect(await keeper.admit(asking('outlook.office.com:443'))).not.toHaveProperty('inside')
  })

  it('is asked about with each request, and by nobody who was not let in', async () => {
    const { keeper, cuts } = keeperOf(login)
    const asked = asking(LOGIN)
    const request = { method: 'GET', hosts: ['login.microsoftonline.com'] }
    const certificate = { trusted: true, names: ['login.microsoftonline.com'] }
    expect(() => keeper.inside(asked, request, certificate)).toThrow('not read')
    const admitted = await keeper.admit(asked)
    if (admitted.result !== 'pass') throw new Error(admitted.reason)
    const hello = helloFor('login.microsoftonline.com')
    expect(keeper.firstBytes(asked, admitted, hello)).toEqual({ result: 'pass', protocols: [] })
    expect(keeper.inside(asked, request, certificate)).toEqual({ result: 'pass' })
    const other = { ...request, hosts: ['outlook.office.com'] }
    expect(keeper.inside(asked, other, certificate)).toMatchObject({ reason: 'X11-INNER' })
    cuts.close('exchange')
    expect(keeper.inside(asked, request, certificate)).toMatchObject({ reason: 'X11-CUT' })
  })
})
