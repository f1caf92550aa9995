import * as fc from 'fast-check'
import { createCompiledJudge } from '@sekisho/judge'
import { describe, expect, it } from 'vitest'
import { corpusCases } from '../corpus.test-support.ts'
import type { HelloProblem } from '../hello/client-hello.ts'
import {
  cloudTown,
  gateOf,
  held,
  helloOf,
  inForce,
  KEYS,
  microsoft365,
  TODAY,
} from './destination.test-support.ts'
import type { TownChange } from './destination.test-support.ts'
import { judgeDestination } from './judge-destination.ts'
import type { Judgement, Seen } from './judge-destination.ts'
import { webPolicy } from './policy.ts'
import { signList } from '../lists/list-record.ts'

interface SeenCase {
  readonly title: string
  readonly town?: TownChange
  readonly now?: { readonly cut?: readonly string[]; readonly own?: readonly string[] }
  readonly seen: Partial<Omit<Seen, 'hello' | 'target'>> & {
    readonly target: string
    readonly hello?: {
      readonly serverName?: string
      readonly refused?: HelloProblem
      readonly version?: number
    }
  }
  readonly expect: {
    readonly result: string
    readonly rules: readonly string[]
    readonly strict?: readonly string[]
    readonly dial?: readonly string[]
  }
}

const judge = createCompiledJudge()
const cases = corpusCases('destinations/destinations.json') as readonly SeenCase[]
const rulesOf = ({ findings }: Judgement['answer']): readonly string[] => [
  ...new Set(findings.map(({ rule }) => rule)),
]

function judged({ town: change, now = {}, seen }: Omit<SeenCase, 'title' | 'expect'>): Judgement {
  const town = cloudTown(change)
  const policy = webPolicy(town, gateOf(town), inForce(town), TODAY)
  const { hello, ...rest } = seen
  const { cut, ...own } = now
  return judgeDestination(
    {
      stage: 'connect',
      transport: 'tcp',
      scheme: 'https',
      ...withoutNull(rest),
      target: seen.target,
      ...(hello && {
        hello:
          hello.refused === undefined
            ? helloOf(hello.serverName, hello)
            : ({ state: 'refused', why: hello.refused } as const),
      }),
    },
    policy,
    judge,
    { ...own, ...(cut && { cut: new Set(cut) }) },
  )
}

const withoutNull = <Value extends object>(value: Value): Value =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null)) as Value

describe('each connection of the corpus', () => {
  it.each(cases)('is answered as its file says: $title', (one) => {
    const { answer, strict, dial } = judged(one)
    expect({ result: answer.result, rules: rulesOf(answer) }).toEqual({
      result: one.expect.result,
      rules: one.expect.rules,
    })
    if (one.expect.strict) expect(rulesOf(strict)).toEqual(one.expect.strict)
    else expect(strict).toBe(answer)
    if (one.expect.dial) expect(dial).toEqual(one.expect.dial)
    // Whatever is refused leaves nothing to connect to.
    if (answer.result !== 'pass') expect(dial).toEqual([])
    for (const { cure } of answer.findings) expect(cure.sentence).toMatch(/。$/u)
  })
})

describe('the lists fail closed', () => {
  const connect = {
    stage: 'connect',
    transport: 'tcp',
    scheme: 'https',
    target: 'outlook.office.com:443',
    person: { id: 's0001', department: 'soumu' },
  } as const
  const town = cloudTown({ mode: 'report' })
  const list = microsoft365()
  const ask = (lists: Parameters<typeof inForce>[1], without = new Map()): Judgement => {
    const standings = new Map([...inForce(town, lists), ...without])
    return judgeDestination(connect, webPolicy(town, gateOf(town), standings, TODAY), judge)
  }
  const missing = { state: 'missing' } as const

  it('an approved list of yesterday lets the service through', () => {
    expect(ask([held(list)]).answer.result).toBe('pass')
  })
  it.each([
    ['older than the town allows', held(list, '2026-10-01T00:00:00Z'), 'X11-SNAPSHOT'],
    ['from a day to come', held(list, '2027-11-26T00:00:00Z'), 'X11-SNAPSHOT'],
  ])('a list %s lets nothing through, and says why', (_title, one, rule) => {
    const { answer, facts } = ask([one])
    expect(facts.listState).toBe('old')
    expect(answer.result).toBe('refuse')
    expect(rulesOf(answer)).toEqual([rule])
  })
  it.each([
    ['nobody approved', { list, imported: held(list).imported }, 'unapproved'],
    [
      'that was changed after it was signed',
      { ...held(list), list: { ...list, version: '2026103001' } },
      'altered',
    ],
    [
      'that a clerk imported',
      {
        ...held(list),
        imported: signList('import', list, {
          key: KEYS.clerk.signer,
          at: new Date(`${TODAY}T00:00:00Z`),
        }),
      },
      'unsigned',
    ],
    [
      'without a signature',
      { ...held(list), imported: 'sekisho cloud list import v1\n' },
      'unsigned',
    ],
  ])('a list %s lets nothing through when it is the only one', (_title, one, state) => {
    const { answer, facts } = ask([one], new Map([['updates', missing]]))
    expect(facts.listState).toBe(state)
    expect(answer.result).toBe('refuse')
  })
  it('a gate whose lists are all missing says that they are missing', () => {
    const { answer } = ask([], new Map([['updates', missing]]))
    expect(rulesOf(answer)).toEqual(['X11-SNAPSHOT'])
  })
  it('a gate without a service denies everything', () => {
    const bare = { ...gateOf(cloudTown()), services: [] }
    const policy = webPolicy(cloudTown(), bare, inForce(town), TODAY)
    expect(judgeDestination(connect, policy, judge).answer.result).toBe('refuse')
  })
})

describe('whatever is seen', () => {
  it('there is an answer, and nothing passes beyond the first stage unless every layer has the one name', () => {
    const town = cloudTown()
    const policy = webPolicy(town, gateOf(town), inForce(town), TODAY)
    const name = fc.constantFrom(
      'outlook.office.com',
      'login.microsoftonline.com',
      'OUTLOOK.OFFICE.COM',
      'outlook.office.com.',
      'files.example.net',
      '10.0.0.1',
      '',
      'a\0b',
    )
    fc.assert(
      fc.property(
        fc.record({
          stage: fc.constantFrom('connect', 'hello', 'request'),
          transport: fc.constantFrom('tcp', 'udp'),
          scheme: fc.constantFrom('https', 'http'),
          target: fc
            .tuple(name, fc.constantFrom(':443', '', ':80', ':x'))
            .map((parts) => parts.join('')),
          person: fc.option(fc.constant({ id: 's0001', department: 'soumu' }), { nil: undefined }),
          addresses: fc.option(
            fc.array(fc.constantFrom('40.96.0.1', '20.190.128.1', '10.0.0.1', '::1', 'x')),
            { nil: undefined },
          ),
          hello: fc.option(
            name.map((one) => helloOf(one)),
            { nil: undefined },
          ),
          inspecting: fc.boolean(),
          certificate: fc.option(fc.record({ trusted: fc.boolean(), names: fc.array(name) }), {
            nil: undefined,
          }),
          request: fc.option(
            fc.record({
              method: fc.constantFrom('GET', 'POST', 'X'),
              hosts: fc.array(name, { maxLength: 2 }),
            }),
            { nil: undefined },
          ),
        }),
        (seen) => {
          const { answer, dial, facts } = judgeDestination(seen, policy, judge)
          expect(answer.basis).not.toBe('error')
          if (answer.result !== 'pass' || seen.stage === 'connect') return
          expect([facts.serverName, facts.scheme]).toEqual(['same', 'https'])
          expect(dial.length).toBeGreaterThan(0)
          expect(dial).not.toContain('10.0.0.1')
          if (seen.stage === 'request')
            expect([facts.innerHost, facts.certificate]).toEqual(['same', 'good'])
        },
      ),
      { numRuns: 3_000 },
    )
  })
})
