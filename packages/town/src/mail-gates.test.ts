import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { diffTowns } from './diff.ts'
import { editTown } from './edit.ts'
import { isDomain, isMailAddress } from './mail-address.ts'
import { readTown, readTownValue } from './read.ts'

const HOP = { server: 'lg-mail', port: 25, tls: 'required' }
const RUN = {
  id: 'mail-in',
  from: 'internet',
  to: 'lgwan',
  domains: ['town.example.lg.jp'],
  receive: { name: 'mx.town.example.lg.jp', relays: ['in-mail', 'cloud'] },
  deliver: HOP,
  outward: {
    receive: { from: ['lg-mail'] },
    deliver: { server: 'in-mail' },
    lgwanDomains: ['lgwan.example.lg.jp'],
  },
}
type Gate = Record<string, unknown>

/** A town of two zones with a mail server in each, and these people and gates. */
function townWith(
  gates: readonly Gate[] = [RUN],
  people: readonly Record<string, unknown>[] = [],
  departments: readonly Record<string, unknown>[] = [{ id: 'soumu', name: '総務課' }],
): unknown {
  const host = (id: string, address: readonly string[]) => ({
    id,
    name: `${id}の機器`,
    role: 'server',
    addresses: address,
  })
  return {
    town: { name: '見本町', staff: 10, model: 'α', edition: 'R8.3' },
    departments,
    zones: [
      { id: 'lgwan', name: 'LGWAN接続系', kind: 'lgwan', networks: ['10.20.0.0/16'] },
      {
        id: 'internet',
        name: 'インターネット接続系',
        kind: 'internet',
        networks: ['10.30.0.0/16'],
      },
    ],
    peers: [
      { id: 'cloud', name: '県', network: 'internet', addresses: ['198.51.100.0/28'] },
      { id: 'next', name: '次', network: 'internet', addresses: ['198.51.100.20'] },
    ],
    systems: [
      {
        id: 'l',
        name: '内',
        zone: 'lgwan',
        owner: 'soumu',
        hosts: [host('lg-mail', ['10.20.1.1'])],
      },
      {
        id: 'i',
        name: '外',
        zone: 'internet',
        owner: 'soumu',
        hosts: [host('in-mail', ['10.30.1.1']), host('nowhere', [])],
      },
    ],
    people: people.map((one) => ({ department: 'soumu', from: '2020-04-01', ...one })),
    gates: { mail: gates },
  }
}

function problemsOf(value: unknown): readonly string[] {
  const read = readTownValue(value)
  return read.ok ? [] : read.problems.map(({ reason, path }) => `${reason} ${path}`)
}

const changed = (path: readonly string[], value: unknown): Gate => {
  const gate = structuredClone(RUN) as Gate
  const last = path.at(-1)!
  const holder = path.slice(0, -1).reduce<Gate>((one, key) => one[key] as Gate, gate)
  if (value === undefined) delete holder[last]
  else holder[last] = value
  return gate
}

describe('a mail gate that is run', () => {
  it('gets the strict value for whatever it does not say', () => {
    const read = readTownValue(townWith())
    if (!read.ok) throw new Error(JSON.stringify(read.problems))
    expect(read.town.gates.mail[0]).toMatchObject({
      attachments: 'remove',
      body: 'text',
      originalDays: 30,
      receive: { maxBytes: 52_428_800 },
      deliver: { port: 25, tls: 'required' },
      outward: {
        deliver: { server: 'in-mail', port: 25, tls: 'required' },
        delayMinutes: 5,
        approval: 'external',
        copyToSupervisor: true,
      },
    })
  })

  it.each([
    [['deliver'], undefined, 'TOWN-MISSING gates.mail[0].deliver'],
    [['domains'], undefined, 'TOWN-MISSING gates.mail[0].domains'],
    [['receive'], undefined, 'TOWN-MISSING gates.mail[0].receive'],
  ] as const)('is not half a gate: %j', (path, value, problem) => {
    expect(problemsOf(townWith([changed(path, value)]))).toContain(problem)
  })

  it('a relay stands on the side that mail comes from', () => {
    const relays = (...ids: string[]) => problemsOf(townWith([changed(['receive', 'relays'], ids)]))
    expect(relays('in-mail', 'cloud')).toEqual([])
    expect(relays('lg-mail')).toEqual(['TOWN-MAIL-SERVER gates.mail[0].receive.relays[0]'])
    expect(relays('in-mial')).toEqual(['TOWN-REFERENCE gates.mail[0].receive.relays[0]'])
  })

  it.each([
    [['deliver', 'server'], 'in-mail', 'TOWN-MAIL-SERVER'],
    [['deliver', 'server'], 'next', 'TOWN-REFERENCE'],
    [['outward', 'receive', 'from'], ['in-mail'], 'TOWN-MAIL-SERVER'],
    [['outward', 'deliver', 'server'], 'lg-mail', 'TOWN-MAIL-SERVER'],
    [['outward', 'deliver', 'server'], 'cloud', 'TOWN-MAIL-ADDRESS'],
    [['outward', 'deliver', 'server'], 'nowhere', 'TOWN-MAIL-ADDRESS'],
    [['outward', 'delayMinutes'], 61, 'TOWN-RANGE'],
    [['receive', 'name'], 'mx', 'TOWN-DOMAIN'],
    [['outward', 'lgwanDomains'], ['town.example.lg.jp'], 'TOWN-DOMAIN-BOTH'],
  ] as const)('%j cannot be %j', (path, value, reason) => {
    const found = problemsOf(townWith([changed(path, value)]))
    expect(found.map((one) => one.split(' ')[0])).toEqual([reason])
  })

  it('may hand mail on to a party outside that is one address', () => {
    expect(problemsOf(townWith([changed(['outward', 'deliver', 'server'], 'next')]))).toEqual([])
  })

  it('takes no domain that another takes', () => {
    const second = { ...RUN, id: 'second' }
    expect(problemsOf(townWith([RUN, second]))).toEqual([
      'TOWN-DOMAIN-TWICE gates.mail[1].domains[0]',
    ])
  })
})

describe('a mail address', () => {
  const person = (id: string, mail: string) => ({ id, name: id, mail })

  it('an address has one owner, whatever the case of its letters', () => {
    const departments = [{ id: 'soumu', name: '総務課', mail: 'Soumu@town.example.lg.jp' }]
    const people = [person('a', 'soumu@TOWN.example.lg.jp')]
    expect(problemsOf(townWith([RUN], people, departments))).toEqual([
      'TOWN-MAIL-TWICE people[0].mail',
    ])
  })

  it('belongs to a gate that takes it', () => {
    expect(problemsOf(townWith([RUN], [person('a', 'a@town.exampel.lg.jp')]))).toEqual([
      'TOWN-MAIL-DOMAIN people[0].mail',
    ])
  })

  it.each([
    'a@town.example.lg.jp',
    'Yumi.Katsuragi@town.example.lg.jp',
    'soumu+web@town.example.lg.jp',
  ])('%s is one', (text) => expect(isMailAddress(text)).toBe(true))

  it.each([
    'a',
    '@town.example.lg.jp',
    'a@localhost',
    'a b@town.example.lg.jp',
    'a..b@town.example.lg.jp',
    '.a@town.example.lg.jp',
    'a.@town.example.lg.jp',
    '=cmd@town.example.lg.jp',
    'a\r\nRCPT TO:<b>@town.example.lg.jp',
    '"a"@town.example.lg.jp',
    '総務@town.example.lg.jp',
    `${'a'.repeat(65)}@town.example.lg.jp`,
    'a@town.example.lg.jp.',
    'a@-town.example.jp',
  ])('%j is none', (text) => expect(isMailAddress(text)).toBe(false))

  it('is in a domain of two labels or more, lower case', () => {
    expect(isDomain('town.example.lg.jp')).toBe(true)
    expect(isDomain('xn--eckwd4c7c.example.jp')).toBe(true)
    for (const text of ['jp', 'Town.jp', 'a_b.jp', '192.0.2.1/24', ''])
      expect(isDomain(text)).toBe(false)
  })
})

it('a gate that asks nobody any more is told as such when two towns are compared', () => {
  const text = readFileSync(new URL('../../../examples/kasumi/town.yaml', import.meta.url), 'utf8')
  const read = readTown(text)
  const edited = editTown(text, [{ path: 'gates.mail[0].outward.approval', value: 'never' }])
  if (!read.ok || !edited.ok) throw new Error('kasumi cannot be read')
  const after = readTown(edited.text)
  if (!after.ok) throw new Error('kasumi cannot be read')
  expect(diffTowns(read.town, after.town).map(({ sentence }) => sentence)).toEqual([
    'メールの関所「mail-in」の外へのメールの承認が「外部あてはいつも」から「なし」に変わります。',
  ])
})
