import type {
  Asset,
  ConfidentialityLevel,
  IsoDate,
  Peer,
  PersonalDataKind,
  Town,
} from '@sekisho/core'
import { isSafePeer } from '../readings.ts'
import { levelOf } from '../subjects/placement.ts'
import { peerSpot, type Spot } from './crossings.ts'

/**
 * What travels. `class`: what is known of assets, with the kind of personal data, outward. `outside`: what comes from
 * the Internet and nobody has made harmless, inward.
 */
export type Label =
  | {
      readonly kind: 'class'
      readonly level: ConfidentialityLevel
      readonly personal: PersonalDataKind
    }
  | { readonly kind: 'outside' }

/** e.g. `3B/resident`. */
export const labelId = (label: Label): string =>
  label.kind === 'class' ? `${label.level}/${label.personal}` : label.kind

/** Where a label begins. */
export interface Source {
  readonly spot: Spot
  /** What is kept there, sorted by id; empty for what comes from outside. */
  readonly assets: readonly Asset[]
}

/** A label with every place it begins in. */
export interface Labelled {
  readonly label: Label
  readonly sources: readonly Source[]
}

/** Every label of a town. Sources are sorted by the id of their first asset, or by their own. */
export function labelsOf(town: Town, at: IsoDate): readonly Labelled[] {
  const assets = town.assets.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const classes = Map.groupBy(assets, (asset) => `${levelOf(asset)} ${asset.personal}`)
  return [...[...classes.values()].map((of) => labelled(of, town)), outside(town, at)]
}

function labelled(assets: readonly Asset[], town: Town): Labelled {
  const services = new Set(town.services.map((service) => service.id))
  const spots = Map.groupBy(assets, ({ place }): Spot =>
    services.has(place) ? `service:${place}` : `system:${place}`,
  )
  const { personal } = assets[0]!
  return {
    label: { kind: 'class', level: levelOf(assets[0]!), personal },
    sources: [...spots].map(([spot, kept]) => ({ spot, assets: kept })),
  }
}

function outside(town: Town, at: IsoDate): Labelled {
  const zones = town.zones.filter((zone) => zone.kind === 'internet').map((zone) => zone.id)
  const peers = town.peers.filter((peer) => bringsInternet(town, peer, at)).map(peerSpot)
  const spots = new Set([...zones.map((zone): Spot => `zone:${zone}`), ...peers])
  const sources = [...spots].toSorted().map((spot) => ({ spot, assets: [] }))
  return { label: { kind: 'outside' }, sources }
}

// The ends of the closed list are Internet-facing too, but run by the state so that they are 十分に安全 (MIC26 s11).
const bringsInternet = (town: Town, peer: Peer, at: IsoDate): boolean =>
  (peer.network === 'internet' || peer.internetCapable) && !isSafePeer(town, peer, at)
