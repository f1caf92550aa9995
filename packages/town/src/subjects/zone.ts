import type { IsoDate, Town, TownFacts } from '@sekisho/core'
import { isInForce, type KindOf, type Subject } from './subject.ts'

/** ZN-11, ZN-12: one question per zone. */
export function wirelessSubjects(town: Town, at: IsoDate, base: TownFacts): readonly Subject[] {
  return town.zones.map((zone, index) => ({
    path: `zones[${index}]`,
    label: zone.name,
    blame: { 'ZN-11': `zones[${index}].wireless`, 'ZN-12': `zones[${index}].wireless` },
    question: {
      question: 'check-wireless',
      facts: {
        ...base,
        zone: zone.kind,
        used: zone.wireless.used,
        authenticationServer: zone.wireless.authenticationServer,
        wpaEnterprise: isEnterprise(zone.wireless.encryption),
        requirementsDocument: isInForce(zone.wireless.requirementsDocument, at),
      },
    },
  }))
}

const isEnterprise = (encryption: string | undefined): boolean =>
  /^WPA[23][- ]?(?:Enterprise|エンタープライズ)/iu.test(encryption ?? '')

/** ZN-01, ZN-02, ZN-06: one question per pair of zones. */
export function boundarySubjects(town: Town, base: TownFacts, kindOf: KindOf): readonly Subject[] {
  const names = new Map(town.zones.map((zone) => [zone.id, zone.name]))
  return town.boundaries.map((boundary, index) => ({
    path: `boundaries[${index}]`,
    label: boundary.between.map((zone) => names.get(zone) ?? zone).join(' ⇔ '),
    blame: {
      'ZN-01': `boundaries[${index}].default`,
      'ZN-02': `boundaries[${index}].default`,
      'ZN-06': `boundaries[${index}].${boundary.default === 'deny' ? 'logDenied' : 'default'}`,
    },
    question: {
      question: 'check-boundary',
      facts: {
        ...base,
        between: boundary.between.map(kindOf),
        defaultDeny: boundary.default === 'deny',
        deniedLogged: boundary.logDenied,
      },
    },
  }))
}
