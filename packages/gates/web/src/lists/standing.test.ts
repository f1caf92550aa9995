import { createLogKey, readSigner, readVerifier } from '@sekisho/evidence'
import { describe, expect, it } from 'vitest'
import {
  cloudTown,
  held,
  KEYS,
  microsoft365,
  terms,
  TODAY,
} from '../destination/destination.test-support.ts'
import { openListRecord, signList } from './list-record.ts'
import { standingOf } from './standing.ts'

const list = microsoft365()
const on = (at: string) => ({ at: new Date(at) })
const noon = '2026-11-24T03:00:00Z'
const sign = (kind: 'import' | 'approval', who: keyof typeof KEYS, at = noon): string =>
  signList(kind, list, { key: KEYS[who].signer, ...on(at) })
const stateOf = (...all: Parameters<typeof standingOf>[0]): string => standingOf(all, terms()).state

describe('who may', () => {
  it('the IT officer imports, the CISO approves', () => {
    expect(
      stateOf({ list, imported: sign('import', 'officer'), approved: sign('approval', 'ciso') }),
    ).toBe('usable')
  })
  it.each([
    ['nobody approved', undefined],
    ['the importer approved', sign('approval', 'officer')],
    ['a clerk approved', sign('approval', 'clerk')],
    ['an import stands in for the approval', sign('import', 'ciso')],
    [
      'another list was approved',
      signList('approval', { ...list, leftOut: [] }, { key: KEYS.ciso.signer, ...on(noon) }),
    ],
    ['the approval is no note', 'approved'],
  ])('%s: it waits', (_title, approved) => {
    expect(
      stateOf({
        list,
        imported: sign('import', 'officer'),
        ...(approved !== undefined && { approved }),
      }),
    ).toBe('unapproved')
  })
  it.each([
    ['a clerk', sign('import', 'clerk')],
    ['the CISO, who is no IT officer,', sign('import', 'ciso')],
    ['an approval, not an import,', sign('approval', 'officer')],
    [
      "a stranger with the officer's name",
      signList('import', list, { key: createLogKey('s0001').signer, ...on(noon) }),
    ],
  ])('what %s imported is unsigned', (_title, imported) => {
    expect(stateOf({ list, imported, approved: sign('approval', 'ciso') })).toBe('unsigned')
  })
  it('an officer who had left by then is none', () => {
    const town = cloudTown()
    const people = town.people.map((one) => ({ ...one, until: '2026-11-23' }))
    expect(standingOf([held(list)], { ...terms(town), people }).state).toBe('unsigned')
  })
  it('a key speaks for its own person only', () => {
    const note = sign('import', 'officer').replace('by s0001', 'by s0002')
    expect(openListRecord(note, terms().signers)).toBeUndefined()
    expect(openListRecord(sign('import', 'officer'), [])).toBeUndefined()
    // A note that the clerk's key really signed, and that says it is the officer's.
    const text = sign('import', 'officer').split('\n\n')[0]!
    const forged = readSigner(KEYS.clerk.signer).sign(`${text}\n`)
    expect(readVerifier(KEYS.clerk.verifier).open(forged)).toContain('by s0001')
    expect(openListRecord(forged, terms().signers)).toBeUndefined()
  })
})

describe('how long', () => {
  const at = (day: string): string => standingOf([held(list)], terms(cloudTown(), day)).state
  it('to the last day the town allows, and not one more', () => {
    expect(at('2027-01-01')).toBe('usable')
    expect(at('2027-01-02')).toBe('old')
  })
  it('importing the same list again makes it young', () => {
    const again = held(list, '2026-12-20T03:00:00Z')
    expect(standingOf([held(list), again], terms(cloudTown(), '2027-01-10')).state).toBe('usable')
  })
  it('a day to come is not believed', () => {
    expect(stateOf(held(list, '2027-06-01T00:00:00Z'))).toBe('old')
  })
})

describe('which', () => {
  const next = microsoft365('2026113000', 'changes-2026113000.json')
  it('the newest that is approved', () => {
    const standing = standingOf([held(list), held(next)], terms())
    expect(standing.state === 'usable' && standing.list.version).toBe('2026113000')
  })
  it('one that waits does not take the place of the one in force', () => {
    const { imported } = held(next)
    const standing = standingOf([{ list: next, imported }, held(list)], terms())
    expect(standing.state === 'usable' && standing.list.version).toBe('2026103000')
  })
  it('one that was altered is not used, and the one before it is', () => {
    const altered = { ...held(next), list: { ...next, coming: [] } }
    expect(stateOf(altered)).toBe('altered')
    expect(stateOf(altered, held(list))).toBe('usable')
  })
  it('none is missing', () => {
    expect(standingOf([], { ...terms(), at: TODAY }).state).toBe('missing')
  })
})
