import type { Department, Person } from '@sekisho/core'
import { describe, expect, it } from 'vitest'
import { mailboxesOf, openMailboxes, postmastersOf, readersOf } from './mailboxes.ts'

const DOMAIN = 'town.kasumi.example.jp'
const TODAY = '2027-04-01'

const person = (id: string, other: Partial<Person>): Person => ({
  id,
  name: id,
  department: 'fukushi',
  roles: ['clerk'],
  from: '2019-04-01',
  mail: `${id}@${DOMAIN}`,
  ...other,
})
const departments: readonly Department[] = [
  { id: 'fukushi', name: '福祉課', mail: `Fukushi@${DOMAIN}` },
  { id: 'joho', name: '情報政策室' },
]
const people = [
  person('katsuragi', {}),
  person('left', { until: '2027-03-31' }),
  person('last-day', { until: TODAY }),
  person('coming', { from: '2027-04-02' }),
  person('elsewhere', { mail: 'elsewhere@other.example.jp' }),
  person('gone-officer', { department: 'joho', roles: ['it-officer'], until: '2027-03-31' }),
  person('officer', { department: 'joho', roles: ['it-officer'] }),
  { id: 'driver', name: '運転手', department: 'fukushi', roles: [], from: '2019-04-01' },
] satisfies readonly Person[]
const town = { people, departments }

const boxes = openMailboxes(mailboxesOf(town, [DOMAIN]), [DOMAIN], postmastersOf(town, [DOMAIN]))
const found = (local: string, today = TODAY, domain = DOMAIN) =>
  boxes.find(`${local}@${domain}`, today)

describe('the mailboxes of a town', () => {
  it('are the addresses that people and sections declare, however a sender writes their case', () => {
    expect(found('KATSURAGI')).toMatchObject({ ok: true, mailbox: { person: 'katsuragi' } })
    expect(found('fukushi', TODAY, 'Town.Kasumi.EXAMPLE.jp')).toEqual({
      ok: true,
      mailbox: { address: `Fukushi@${DOMAIN}`, department: 'fukushi' },
    })
  })

  it('are not the ids of people: who declares no address has none', () => {
    expect(found('driver')).toEqual({ ok: false, problem: 'unknown' })
    expect(found('joho')).toEqual({ ok: false, problem: 'unknown' })
  })

  it('are open from the first day to the last, both included', () => {
    expect(found('left')).toEqual({ ok: false, problem: 'ended' })
    expect(found('left', '2027-03-31')).toMatchObject({ ok: true })
    expect(found('last-day')).toMatchObject({ ok: true })
    expect(found('coming')).toEqual({ ok: false, problem: 'not-yet' })
    expect(found('coming', '2027-04-02')).toMatchObject({ ok: true })
  })

  it('are of the domains of this gate only: an address elsewhere is no way to be a relay', () => {
    expect(found('elsewhere', TODAY, 'other.example.jp')).toEqual({
      ok: false,
      problem: 'foreign',
    })
    expect(found('elsewhere')).toEqual({ ok: false, problem: 'unknown' })
  })

  it('of a section are read by whoever is in it on the day', () => {
    const [section] = mailboxesOf(town, [DOMAIN])
    expect(readersOf(section!, people, TODAY)).toEqual([
      'katsuragi',
      'last-day',
      'elsewhere',
      'driver',
    ])
    expect(readersOf(section!, people, '2027-03-31')).toContain('left')
    expect(readersOf(section!, people, '2027-04-02')).toContain('coming')
  })
})

describe('postmaster', () => {
  it('is an IT officer who is there on the day', () => {
    expect(found('Postmaster')).toMatchObject({ ok: true, mailbox: { person: 'officer' } })
    expect(found('postmaster', '2027-03-31')).toMatchObject({
      ok: true,
      mailbox: { person: 'gone-officer' },
    })
  })

  it('is whoever declares the address, before any officer', () => {
    const declared = {
      people,
      departments: [{ id: 'joho', name: '情報政策室', mail: `PostMaster@${DOMAIN}` }],
    }
    const [first] = postmastersOf(declared, [DOMAIN])
    expect(first).toEqual({ address: `PostMaster@${DOMAIN}`, department: 'joho' })
  })
})
