/**
 * What the rest of a declaration says against a control it states. Only what is really written counts: that something
 * is not written is no contradiction.
 */
import type { Asset, CloudService, Flow, IsoDate, Peer, Town } from '@sekisho/core'
import { yearBefore } from '../date.ts'
import { areNarrow } from '../address.ts'
import { endsOf, type Ends } from '../ends.ts'
import { arePortsLimited } from '../ports.ts'
import { isInForce, type KindOf } from './subject.ts'

/** Control → the name of the thing that says otherwise. */
export function contradictionsOf(
  town: Town,
  at: IsoDate,
  kindOf: KindOf,
): ReadonlyMap<string, string> {
  const found: readonly (readonly [control: string, name: string | undefined])[] = [
    ['AP-01', openBreakout(town)],
    ['AP-02', unregisteredService(town, at) ?? breakoutToNoService(town)],
    ['AP-05', mailAsItIs(town, kindOf)],
    ['AP-06', fileAsItIs(town, kindOf)],
    ['AP-13', ledgerInCloud(town, at)],
    ['BT-02', screenWithMore(town, kindOf)],
    ['BT-03', fileAsItIs(town, kindOf) ?? mailAsItIs(town, kindOf)],
    ['BT-09', residentsOnInternet(town, kindOf)],
    ['SC-03', residentsAbroad(town)],
  ]
  return new Map(found.filter((one): one is [string, string] => one[1] !== undefined))
}

/**
 * The controls for which the declaration holds something that could speak against them: only of these does a missing contradiction mean that something was
 * looked at.
 */
export function heardControls(town: Town): ReadonlySet<string> {
  const kinds = new Map(town.zones.map((zone) => [zone.id, zone.kind]))
  const kindOf: KindOf = (zone) => kinds.get(zone) ?? 'outside'
  const places = new Map(town.assets.map((asset) => [asset.place, asset]))
  const enters = (route: Route): boolean => entersLgwan(route, kindOf)
  const heard: readonly (readonly [control: string, heard: boolean])[] = [
    ['AP-01', town.flows.some((flow) => flow.via.includes('local-breakout'))],
    [
      'AP-02',
      town.services.some(({ id, kind }) => kind === 'contract' && places.has(id)) ||
        breakoutEnds(town).length > 0,
    ],
    ['AP-05', town.gates.mail.some(enters)],
    ['AP-06', town.gates.file.some(enters)],
    ['AP-13', town.services.some(({ id }) => places.has(id)) || town.assets.some(isLedger)],
    ['BT-02', town.gates.screen.some((gate) => betweenLgwanAndInternet(gate, kindOf))],
    ['BT-03', town.gates.file.some(enters) || town.gates.mail.some(enters)],
    ['BT-09', town.assets.some(isAboutResidents)],
    ['SC-03', town.services.some(({ id }) => places.has(id))],
  ]
  return new Set(heard.flatMap(([control, any]) => (any ? [control] : [])))
}

/** A local breakout to addresses without a real limit, or to any port. */
function openBreakout(town: Town): string | undefined {
  const ends = endsOf(town)
  const breakouts = town.flows.filter((flow) => flow.via.includes('local-breakout'))
  return breakouts.find((flow) => !isLimited(flow, ends))?.name
}

function isLimited(flow: Flow, ends: Ends): boolean {
  const peers = [flow.from, flow.to].flatMap((end) => {
    const place = ends.place(end)
    return place?.peer === undefined ? [] : [place]
  })
  return (
    arePortsLimited(flow) && peers.every(({ ranges }) => ranges.length > 0 && areNarrow(ranges))
  )
}

/**
 * A service at the end of a local breakout, or a contract service that holds more than public information, that is not registered or was not looked up
 * within a year.
 */
function unregisteredService(town: Town, at: IsoDate): string | undefined {
  const reached = servicesByBreakout(town)
  return town.services.find(
    (service) =>
      (reached.has(service.id) ||
        (service.kind === 'contract' && heldBy(town, service).some((asset) => !isPublic(asset)))) &&
      !isRegistered(service, at),
  )?.name
}

/** Services whose line is the end of a local breakout. */
function servicesByBreakout(town: Town): ReadonlySet<string> {
  const services = breakoutEnds(town).map(({ peer }) => peer.service)
  return new Set(services.filter((service) => service !== undefined))
}

/**
 * A local breakout to a party on the Internet that is the line of no declared service: whoever looks at ISMAP's list cannot know what to look for, and a
 * destination that is left without a name would otherwise be the one way around AP-02.
 */
function breakoutToNoService(town: Town): string | undefined {
  return breakoutEnds(town).find(
    ({ peer }) => peer.network === 'internet' && !peer.securityCloud && peer.service === undefined,
  )?.flow.name
}

/** The parties outside that local breakouts end at. */
function breakoutEnds(town: Town): readonly { readonly flow: Flow; readonly peer: Peer }[] {
  const ends = endsOf(town)
  return town.flows
    .filter((flow) => flow.via.includes('local-breakout'))
    .flatMap((flow) =>
      [flow.from, flow.to].flatMap((end) => {
        const peer = ends.place(end)?.peer
        return peer === undefined ? [] : [{ flow, peer }]
      }),
    )
}

const isRegistered = ({ ismap }: CloudService, at: IsoDate): boolean =>
  ismap?.registered === true && yearBefore(at) <= ismap.checked && ismap.checked <= at

const mailAsItIs = (town: Town, kindOf: KindOf): string | undefined =>
  town.gates.mail.find(
    (gate) => entersLgwan(gate, kindOf) && (gate.attachments === 'keep' || gate.body === 'html'),
  )?.id

const fileAsItIs = (town: Town, kindOf: KindOf): string | undefined =>
  town.gates.file.find((gate) => entersLgwan(gate, kindOf) && gate.method === 'none')?.id

const screenWithMore = (town: Town, kindOf: KindOf): string | undefined =>
  town.gates.screen.find(
    (gate) =>
      betweenLgwanAndInternet(gate, kindOf) &&
      (gate.clipboard || gate.file || gate.drive || gate.printer),
  )?.id

interface Route {
  readonly from: string
  readonly to: string
}

const entersLgwan = ({ from, to }: Route, kindOf: KindOf): boolean =>
  kindOf(from) === 'internet' && kindOf(to) === 'lgwan'

const betweenLgwanAndInternet = ({ from, to }: Route, kindOf: KindOf): boolean =>
  entersLgwan({ from, to }, kindOf) || entersLgwan({ from: to, to: from }, kindOf)

/** A ledger of residents in a service by terms, or in a contract service without duties or outside Japanese law. */
function ledgerInCloud(town: Town, at: IsoDate): string | undefined {
  const unfit = town.services.filter(
    (service) =>
      service.kind === 'terms' ||
      (service.kind === 'contract' &&
        !(service.withinJapaneseLaw && isInForce(service.dutiesDocument, at))),
  )
  return nameOf(unfit.flatMap((service) => heldBy(town, service)).find(isLedger))
}

const isLedger = (asset: Asset): boolean =>
  asset.class.scheme === '自治体機密性' && asset.class.level === '3B' && isAboutResidents(asset)

/** What is not published of residents, in a system of an Internet zone. */
function residentsOnInternet(town: Town, kindOf: KindOf): string | undefined {
  const outward = new Set(
    town.systems.filter(({ zone }) => kindOf(zone) === 'internet').map(({ id }) => id),
  )
  return nameOf(
    town.assets.find(
      (asset) => outward.has(asset.place) && isAboutResidents(asset) && !isPublic(asset),
    ),
  )
}

/** What is not published of residents, in a service that is not run within Japanese law. */
function residentsAbroad(town: Town): string | undefined {
  return town.services.find(
    (service) =>
      !service.withinJapaneseLaw &&
      heldBy(town, service).some((asset) => isAboutResidents(asset) && !isPublic(asset)),
  )?.name
}

const HELD = new WeakMap<Town['assets'], ReadonlyMap<string, readonly Asset[]>>()

function heldBy({ assets }: Town, { id }: CloudService): readonly Asset[] {
  const held = HELD.get(assets) ?? Map.groupBy(assets, ({ place }) => place)
  HELD.set(assets, held)
  return held.get(id) ?? []
}

const isAboutResidents = ({ personal }: Asset): boolean =>
  personal === 'resident' || personal === 'special-care' || personal === 'specific'

const isPublic = (asset: Asset): boolean =>
  asset.class.scheme === '自治体機密性' && asset.class.level === '1'

const nameOf = (asset: Asset | undefined): string | undefined => asset?.name
