/**
 * Numbers of a town that drive what running a model costs. No yen: what a thing costs is in a contract, not here.
 */
import type { Host, Town, ZoneKind } from '@sekisho/core'
import rates from '../data/rates.json' with { type: 'json' }

export interface Quantity {
  readonly value: number
  /** `declared` 宣言から数えた数, or the assumption it rests on, in Japanese. */
  readonly basis: string
  /** True when counted in the declaration; false when it rests on an assumption of ours. */
  readonly counted: boolean
}

export type QuantityName =
  | 'users'
  | 'lgwanTerminals'
  | 'mynumberTerminals'
  | 'officeTerminals'
  | 'officeHosts'
  | 'officeSystems'
  | 'contractServices'
  | 'filesPerDay'
  | 'mailsPerDay'
  | 'logGigabytesPerDay'
  | 'one'

const GIGABYTE = 1_000_000_000

/** Everything the drivers count. "Office" is what is neither in a My Number nor in a management zone. */
export function quantitiesOf(town: Town): Readonly<Record<QuantityName, Quantity>> {
  const kinds = new Map(town.zones.map((zone) => [zone.id, zone.kind]))
  const hostsIn = (...wanted: readonly ZoneKind[]): readonly Host[] =>
    town.systems.flatMap(({ zone, hosts }) => (wanted.includes(kinds.get(zone)!) ? hosts : []))
  const office = hostsIn('lgwan', 'internet')
  const logBytes = rates.logEventsPerStaffPerDay * rates.logBytesPerEvent * town.staff
  return {
    users: counted(town.staff),
    lgwanTerminals: counted(terminals(hostsIn('lgwan'))),
    mynumberTerminals: counted(terminals(hostsIn('mynumber'))),
    officeTerminals: counted(terminals(office)),
    officeHosts: counted(office.length),
    officeSystems: counted(
      town.systems.filter(({ zone }) => ['lgwan', 'internet'].includes(kinds.get(zone)!)).length,
    ),
    contractServices: counted(town.services.filter(({ kind }) => kind === 'contract').length),
    filesPerDay: assumed(rates.filesPerStaffPerDay * town.staff, rates.basis.filesPerDay),
    mailsPerDay: assumed(rates.mailsPerStaffPerDay * town.staff, rates.basis.mailsPerDay),
    logGigabytesPerDay: assumed(logBytes / GIGABYTE, rates.basis.logGigabytesPerDay),
    one: assumed(1, rates.basis.one),
  }
}

const terminals = (hosts: readonly Host[]): number =>
  hosts.filter(({ role }) => role === 'terminal').length

const counted = (value: number): Quantity => ({ value, basis: rates.basis.declared, counted: true })
const assumed = (value: number, basis: string): Quantity => ({ value, basis, counted: false })
