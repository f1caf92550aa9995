import type { Asset, IsoDate, PlacementFacts, Town, TownFacts, ZoneKind } from '@sekisho/core'
import { isInForce, type KindOf, type Subject } from './subject.ts'

/** §3.4: one question per asset. */
export function placementSubjects(
  town: Town,
  at: IsoDate,
  base: TownFacts,
  kindOf: KindOf,
): readonly Subject[] {
  const places = new Map<string, PlaceFacts>([
    ...town.systems.map((one) => [one.id, ownPlace(kindOf(one.zone))] as const),
    ...town.services.map((one) => [one.id, cloudPlace(one, at)] as const),
  ])
  const assetLevelAccessControl = hasAssetLevelAccessControl(town, at)
  return town.assets.map((asset, index) => ({
    path: `assets[${index}]`,
    label: asset.name,
    blame: { '*': `assets[${index}].place` },
    question: {
      question: 'place',
      facts: {
        ...base,
        level: levelOf(asset),
        personal: asset.personal,
        assetLevelAccessControl,
        ...(places.get(asset.place) ?? ownPlace('internet')),
      },
    },
  }))
}

/** 情報資産単位でのアクセス制御 (BT-05) is in force. */
export const hasAssetLevelAccessControl = (town: Town, at: IsoDate): boolean =>
  town.controls.some((one) => one.control === 'BT-05' && isInForce(one, at))

/** The facts of a place, whatever is kept there. */
export type PlaceFacts = Pick<
  PlacementFacts,
  'place' | 'ismapRegistered' | 'cloudDutiesRecorded' | 'withinJapaneseLaw' | 'termsChecked'
>

// Reading refuses assets in a management zone and classes of the national scheme; should one get here all the same,
// it is taken for the strictest there is.
export const levelOf = (asset: Asset): PlacementFacts['level'] =>
  asset.class.scheme === '自治体機密性' ? asset.class.level : '3A'

/** A zone of the town as a place to keep an asset. */
export function ownPlace(kind: ZoneKind): PlaceFacts {
  return {
    place: kind === 'mynumber' || kind === 'lgwan' ? kind : 'internet',
    ismapRegistered: false,
    cloudDutiesRecorded: false,
    withinJapaneseLaw: false,
    termsChecked: false,
  }
}

const CLOUD_PLACES = {
  'gov-cloud': 'gov-cloud',
  contract: 'contract-cloud',
  terms: 'terms-cloud',
} as const

/** A cloud service as a place to keep an asset. */
export function cloudPlace(service: Town['services'][number], at: IsoDate): PlaceFacts {
  return {
    place: CLOUD_PLACES[service.kind],
    ismapRegistered: service.ismap?.registered === true && service.ismap.checked <= at,
    cloudDutiesRecorded: isInForce(service.dutiesDocument, at),
    withinJapaneseLaw: service.withinJapaneseLaw,
    termsChecked: isInForce(service.termsDocument, at),
  }
}
