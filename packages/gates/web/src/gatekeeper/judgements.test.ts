import { createCompiledJudge } from '@sekisho/judge'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TODAY, cloudTown, gateOf, inForce } from '../destination/destination.test-support.ts'
import { judgeDestination } from '../destination/judge-destination.ts'
import type { Seen } from '../destination/judge-destination.ts'
import { webPolicy } from '../destination/policy.ts'
import { Judgements } from './judgements.ts'
import { remembering } from './remembering.ts'
import { ServiceCuts } from './service-cuts.ts'

const judge = remembering(createCompiledJudge())
const town = cloudTown()
const policy = webPolicy(town, gateOf(town), inForce(town), TODAY)
const own = ['10.20.1.10']

const seen: Seen = {
  stage: 'connect',
  transport: 'tcp',
  scheme: 'https',
  target: 'outlook.office.com:443',
  person: { id: 's0001', department: 'soumu' },
  addresses: ['40.96.0.10'],
}

/** Judgements, and how often one was really made. */
function counted() {
  let [used, asked] = [policy, 0]
  const cuts = new ServiceCuts()
  const asks = {
    ask: (question: Parameters<typeof judge.ask>[0]) => ((asked += 1), judge.ask(question)),
  }
  const judgements = new Judgements({ policy: () => used, judge: asks, cuts, own })
  return {
    judgements,
    cuts,
    asked: () => asked,
    use: (other: typeof policy) => void (used = other),
  }
}

describe('judgements that are kept', () => {
  it('are made once for what looks the same', () => {
    const { judgements, asked } = counted()
    expect(judgements.of(seen).answer.result).toBe('pass')
    expect(judgements.of({ ...seen })).toBe(judgements.of(seen))
    expect(asked()).toBe(1)
  })

  it('end at once with a cut, and with its end', () => {
    const { judgements, cuts } = counted()
    expect(judgements.of(seen).answer.result).toBe('pass')
    cuts.close('exchange')
    expect(judgements.of(seen).answer.result).toBe('refuse')
    cuts.reopen('exchange')
    expect(judgements.of(seen).answer.result).toBe('pass')
  })

  it('end at once when the town or its lists are others', () => {
    const { judgements, use } = counted()
    expect(judgements.of(seen).answer.result).toBe('pass')
    use(webPolicy(town, gateOf(town), new Map(), TODAY))
    expect(judgements.of(seen).answer.result).toBe('refuse')
  })

  it('are no others than would be made, in whatever order connections come', () => {
    const { judgements } = counted()
    const texts = <T extends string>(...some: T[]) => fc.constantFrom(...some)
    const one = fc.record({
      stage: texts('connect', 'hello'),
      transport: texts('tcp', 'udp'),
      scheme: texts('https', 'http'),
      target: texts('outlook.office.com:443', 'outlook.office.com:25', 'evil.example:443', 'x\n'),
      person: fc.constantFrom(undefined, seen.person, { id: 's0001\nsoumu', department: '' }),
      addresses: fc.constantFrom(undefined, [], ['40.96.0.10'], ['10.0.0.1'], ['40.96.0.10,']),
      hello: fc.constantFrom(
        undefined,
        ...['outlook.office.com', 'evil.example'].map((serverName) => ({
          state: 'hello' as const,
          hello: { serverName, protocols: ['h2'], version: 0x03_04, ech: 'none' as const },
        })),
      ),
    })
    fc.assert(
      fc.property(fc.array(one, { maxLength: 20 }), (some) => {
        for (const each of some)
          expect(judgements.of(each)).toEqual(
            judgeDestination(each, policy, judge, { own, cut: new Set() }),
          )
      }),
      { numRuns: 60 },
    )
  })

  it('take no more room for a terminal that thinks of long hellos', () => {
    const { judgements, asked } = counted()
    const strange = { ...seen, target: `${'a.'.repeat(1_500)}example:443` }
    judgements.of(strange)
    judgements.of(strange)
    expect(asked()).toBe(2)
  })
})
