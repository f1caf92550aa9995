import { createCompiledJudge } from '@sekisho/judge'
import { readTown } from '@sekisho/town'
import { describe, expect, it } from 'vitest'
import {
  TODAY,
  cloudTown,
  cloudTownText,
  gateOf,
  held,
  inForce,
  terms,
} from '../destination/destination.test-support.ts'
import { judgeDestination } from '../destination/judge-destination.ts'
import { webPolicy } from '../destination/policy.ts'
import { readOwnList } from '../lists/own-list.ts'
import { standingOf } from '../lists/standing.ts'
import { declarationFor } from './declaration.ts'
import type { Missing } from './declaration.ts'
import { WouldRefuse } from './would-refuse.ts'

const judge = createCompiledJudge()
const town = cloudTown({ mode: 'report' })
const LISTED: Missing = {
  reason: 'X11-LISTED',
  target: 'www.somewhere.example:443',
  service: '',
  departments: ['fukushi'],
  addresses: ['203.1.1.1'],
}

/** The town of the corpus with each part pasted where its sentence says. */
function pasted(missing: Missing) {
  const parts = declarationFor(missing, town, gateOf(town), TODAY)
  const at = (key: string): string => parts.find(({ where }) => where.includes(key))?.text ?? ''
  let text = cloudTownText({ mode: 'enforce' })
  for (const key of ['services', 'peers', 'flows'])
    text = text.replace(`\n${key}:\n`, `\n${key}:\n  ${at(`定義の ${key}`)}\n`)
  text = text.replace('      services:\n', `      services:\n        ${at('gates.web')}\n`)
  const read = readTown(text)
  const list = readOwnList(at('.yaml'))
  if (!read.ok || !list.ok) throw new Error(JSON.stringify([read, list]))
  return { town: read.town, list: list.list }
}

describe('the declaration that would make a destination pass', () => {
  it('does, pasted as it says, for those who wanted it and for nobody else', () => {
    const after = pasted(LISTED)
    const standings = new Map(inForce(after.town))
    standings.set(after.list.list, standingOf([held(after.list)], terms(after.town)))
    const policy = webPolicy(after.town, gateOf(after.town), standings, TODAY)
    const result = (target: string, department: string): string =>
      judgeDestination(
        {
          stage: 'connect',
          transport: 'tcp',
          scheme: 'https',
          target,
          person: { id: 'x', department },
          addresses: ['203.1.1.1'],
        },
        policy,
        judge,
      ).answer.result
    expect(result(LISTED.target, 'fukushi')).toBe('pass')
    expect(result(LISTED.target, 'soumu')).toBe('refuse')
    expect(result('other.somewhere.example:443', 'fukushi')).toBe('refuse')
    expect(result('www.somewhere.example:8443', 'fukushi')).toBe('refuse')
  })

  it('adds a department to a service that is declared, and takes none away', () => {
    const missing = { ...LISTED, reason: 'X11-PERSON', service: 'exchange' }
    expect(declarationFor(missing, town, gateOf(town), TODAY)).toEqual([
      { where: expect.stringContaining('exchange'), text: 'departments: ["soumu","fukushi"]' },
    ])
  })

  it('is none for what no declaration should open', () => {
    for (const target of [
      '10.20.1.18:443',
      'com:443',
      'evil.cloudapp.net.:443',
      'cloudflare-ech.com:443',
      'a b:443',
      '',
    ])
      expect(declarationFor({ ...LISTED, target }, town, gateOf(town), TODAY)).toEqual([])
    for (const reason of ['X11-TWIN', 'X11-SNI', 'X11-CUT', 'X11-ADDRESS'])
      expect(declarationFor({ ...LISTED, reason }, town, gateOf(town), TODAY)).toEqual([])
  })

  it('takes no id that the town has', () => {
    const once = pasted(LISTED)
    const again = declarationFor(LISTED, once.town, gateOf(once.town), TODAY)
    expect(again[0]?.text).toContain('list: somewhere-example-2')
  })
})

describe('what would have been refused', () => {
  const opened = (more: object) => ({
    kind: 'opened',
    at: '2026-11-20T01:00:00.000Z',
    number: 'W-1-1',
    reason: 'X11-LISTED',
    target: 'a.example:443',
    service: '',
    client: 's0001',
    department: 'soumu',
    ...more,
  })

  it('is added up by destination, with who, since when and where it led', () => {
    const would = new WouldRefuse('2026-11-10T00:00:00.000Z')
    would.add({ kind: 'orders', at: '2026-11-01T00:00:00.000Z', mode: 'report' })
    would.add(opened({ at: '2026-11-09T00:00:00.000Z' }))
    would.add(opened({}))
    would.add({
      kind: 'ended',
      at: '2026-11-20T02:00:00.000Z',
      number: 'W-1-1',
      address: '203.1.1.1',
    })
    would.add(
      opened({
        number: 'W-1-2',
        target: 'A.example:443',
        client: 's0003',
        department: 'fukushi',
        at: '2026-11-21T16:00:00.000Z',
      }),
    )
    would.add(opened({ number: 'W-1-3', reason: '', target: 'listed.example:443' }))
    expect(would.rows()).toEqual([
      {
        reason: 'X11-LISTED',
        target: 'a.example:443',
        service: '',
        count: 2,
        people: ['s0001', 's0003'],
        departments: ['fukushi', 'soumu'],
        addresses: ['203.1.1.1'],
        since: '2026-11-20T01:00:00.000Z',
        last: '2026-11-21T16:00:00.000Z',
      },
    ])
    // The 20th, and the 22nd in Japan.
    expect(would.days).toBe(2)
    expect(would.mode).toBe('report')
  })

  it('counts no day on which the gate did stop', () => {
    const would = new WouldRefuse('')
    would.add({ kind: 'orders', at: '2026-11-01T00:00:00.000Z', mode: 'enforce' })
    would.add(opened({ reason: '' }))
    expect(would.days).toBe(0)
  })

  it('does not grow with what terminals make up', () => {
    const would = new WouldRefuse('')
    for (let one = 0; one < 2_500; one += 1) would.add(opened({ target: `${one}.example:443` }))
    expect(would.rows()).toHaveLength(2_000)
    expect(would.unlisted).toBe(500)
  })
})
