/**
 * The questions a town asks about itself: one for every flow, boundary, host, route, wireless zone and asset, and one
 * for the body. Every fact is derived; one the file only claims is believed no further than the file bears it out.
 */
import type {
  Asset,
  DocumentReference,
  Edition,
  Flow,
  Host,
  IsoDate,
  PlacementFacts,
  Question,
  System,
  Town,
  TownFacts,
  ZoneKind,
} from '@sekisho/core'
import { yearBefore } from './date.ts'
import { endsOf, type Ends, type Place } from './ends.ts'
import { flowsJoiningInternet } from './joins.ts'

/** One question, and the thing in the file it is about. */
export interface Subject {
  readonly question: Question
  /** e.g. `flows[3]`. */
  readonly path: string
  /** What an official calls it. */
  readonly label: string
  /** Where to look first when a rule fires (`*`: any rule): a key of the thing, or another thing that causes it. */
  readonly blame: Readonly<Record<string, string>>
}

/** Everything to ask about a town, in the order of the file's keys. */
export function subjectsOf(town: Town, at: IsoDate, edition: Edition): readonly Subject[] {
  const base: TownFacts = { model: town.model, edition }
  const kinds = new Map(town.zones.map((zone) => [zone.id, zone.kind]))
  const kindOf = (zone: string): ZoneKind => kinds.get(zone) ?? 'outside'
  return [
    ...wirelessSubjects(town, at, base),
    ...boundarySubjects(town, base, kindOf),
    ...hostSubjects(town, at, base, kindOf),
    ...placementSubjects(town, at, base, kindOf),
    ...flowSubjects(town, at, base),
    ...routeSubjects(town, base, kindOf),
    organisationSubject(town, at, base),
  ]
}

type KindOf = (zone: string) => ZoneKind

function wirelessSubjects(town: Town, at: IsoDate, base: TownFacts): readonly Subject[] {
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

// A paper dated after the day of the check does not exist yet.
const isInForce = (paper: DocumentReference | undefined, at: IsoDate): boolean =>
  paper !== undefined && paper.date <= at

function boundarySubjects(town: Town, base: TownFacts, kindOf: KindOf): readonly Subject[] {
  const names = new Map(town.zones.map((zone) => [zone.id, zone.name]))
  return town.boundaries.map((boundary, index) => ({
    path: `boundaries[${index}]`,
    label: boundary.between.map((zone) => names.get(zone) ?? zone).join(' ⇔ '),
    blame: {
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

function hostSubjects(
  town: Town,
  at: IsoDate,
  base: TownFacts,
  kindOf: KindOf,
): readonly Subject[] {
  return town.systems.flatMap((system, index) =>
    system.hosts.map((host, nth) =>
      hostSubject(system, host, `systems[${index}].hosts[${nth}]`, at, {
        ...base,
        zone: kindOf(system.zone),
      }),
    ),
  )
}

function hostSubject(
  system: System,
  host: Host,
  path: string,
  at: IsoDate,
  base: TownFacts & { readonly zone: ZoneKind },
): Subject {
  const { write, exceptions } = host.removableMedia
  const lapsed = exceptions.findIndex((exception) => !isComplete(exception, at))
  return {
    path,
    label: `${system.name} ${host.name}`,
    blame: {
      'ZN-04': `${path}.authentication`,
      'ZN-05':
        write || lapsed < 0
          ? `${path}.removableMedia`
          : `${path}.removableMedia.exceptions[${lapsed}]`,
    },
    question: {
      question: 'check-host',
      facts: {
        ...base,
        role: host.role,
        authenticationKinds: new Set(host.authentication).size,
        removableMediaWrite: write,
        incompleteMediaExceptions: exceptions.filter((one) => !isComplete(one, at)).length,
      },
    },
  }
}

type MediaException = Host['removableMedia']['exceptions'][number]

const isComplete = (exception: MediaException, at: IsoDate): boolean =>
  exception.device.trim() !== '' && exception.approvedBy.trim() !== '' && at <= exception.until

function placementSubjects(
  town: Town,
  at: IsoDate,
  base: TownFacts,
  kindOf: KindOf,
): readonly Subject[] {
  const places = new Map<string, CloudFacts>([
    ...town.systems.map((one) => [one.id, ownPlace(kindOf(one.zone))] as const),
    ...town.services.map((one) => [one.id, cloudPlace(one, at)] as const),
  ])
  const assetLevelAccessControl = town.controls.some(
    (one) => one.control === 'BT-05' && isInForce(one, at),
  )
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

type CloudFacts = Pick<
  PlacementFacts,
  'place' | 'ismapRegistered' | 'cloudDutiesRecorded' | 'withinJapaneseLaw' | 'termsChecked'
>

// Reading refuses assets in a management zone and classes of the national scheme; should one get here all the same,
// it is taken for the strictest there is.
const levelOf = (asset: Asset): PlacementFacts['level'] =>
  asset.class.scheme === '自治体機密性' ? asset.class.level : '3A'

function ownPlace(kind: ZoneKind): CloudFacts {
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

function cloudPlace(service: Town['services'][number], at: IsoDate): CloudFacts {
  return {
    place: CLOUD_PLACES[service.kind],
    ismapRegistered: service.ismap?.registered === true && service.ismap.checked <= at,
    cloudDutiesRecorded: isInForce(service.dutiesDocument, at),
    withinJapaneseLaw: service.withinJapaneseLaw,
    termsChecked: isInForce(service.termsDocument, at),
  }
}

function flowSubjects(town: Town, at: IsoDate, base: TownFacts): readonly Subject[] {
  const ends = endsOf(town)
  const joining = flowsJoiningInternet(town)
  return town.flows.map((flow, index) => {
    const path = `flows[${index}]`
    const [from, to] = [ends.place(flow.from), ends.place(flow.to)]
    const outside = from?.peer ?? to?.peer
    return {
      path,
      label: flow.name,
      blame: flowBlame(flow, path, at),
      question: {
        question: 'check-flow',
        facts: {
          ...base,
          fromZone: from?.zoneKind ?? 'outside',
          toZone: to?.zoneKind ?? 'outside',
          outside: outside?.network ?? 'none',
          peerInternetCapable: outside?.internetCapable ?? false,
          peerOnClosedList: outside?.closedList !== undefined,
          ...limitFacts(town, flow, ends),
          hasPurpose: isWritten(flow.purpose),
          hasOwner: isWritten(flow.owner),
          hasExpiry: flow.expires !== undefined,
          expired: flow.expires !== undefined && flow.expires < at,
          viaSecurityCloud: flow.via.includes('security-cloud') || outside?.securityCloud === true,
          localBreakout: flow.via.includes('local-breakout'),
          joinsMynumberAndInternet: joining.has(flow.id),
        },
      },
    }
  })
}

const isWritten = (text: string | undefined): boolean => text !== undefined && text.trim() !== ''

function flowBlame(flow: Flow, path: string, at: IsoDate): Readonly<Record<string, string>> {
  const expired = flow.expires !== undefined && flow.expires < at
  return {
    'ZN-02': flow.fixed ? `${path}.fixed` : path,
    'ZN-03': `${path}.${flow.from.startsWith('peer:') ? 'from' : 'to'}`,
    'ZN-06': expired ? `${path}.expires` : path,
    'ZN-13': flow.via.length > 0 ? `${path}.via` : path,
  }
}

// 特定通信 is limited by MAC, IP and port (MIC26 s11). A claim of a MAC limit counts only when every machine of ours
// at the end of the flow has its MAC written down; an end that is a whole zone limits nothing.
function limitFacts(town: Town, flow: Flow, ends: Ends) {
  const sides = [ends.place(flow.from), ends.place(flow.to)]
  const ours = sides.filter((side) => side !== undefined && side.peer === undefined)
  return {
    registered: flow.fixed !== undefined,
    macLimited: flow.fixed?.macLimited === true && ours.every((side) => hasMacs(town, side)),
    ipLimited: sides.every((side) => side !== undefined && hasAddresses(town, side)),
    portLimited: flow.protocol !== 'icmp' && flow.ports.length > 0,
  }
}

function hostsAt(town: Town, place: Place | undefined): readonly Host[] {
  const system = town.systems.find((one) => one.id === place?.system)
  return (system?.hosts ?? []).filter((one) => place?.host === undefined || one.id === place.host)
}

function hasMacs(town: Town, place: Place | undefined): boolean {
  const hosts = hostsAt(town, place)
  return hosts.length > 0 && hosts.every((host) => host.mac !== undefined)
}

function hasAddresses(town: Town, place: Place): boolean {
  if (place.peer) return place.ranges.length > 0 && place.ranges.every(isNarrow)
  const hosts = hostsAt(town, place)
  return hosts.length > 0 && hosts.every((host) => host.addresses.length > 0)
}

// "Everywhere" is not a limit.
const isNarrow = (range: Place['ranges'][number]): boolean =>
  range.last - range.first < (range.family === 4 ? 1n << 24n : 1n << 96n)

function routeSubjects(town: Town, base: TownFacts, kindOf: KindOf): readonly Subject[] {
  const names = new Map(town.zones.map((zone) => [zone.id, zone.name]))
  const about = (gate: { id: string; from: string; to: string }, kind: string, nth: number) => ({
    path: `gates.${kind}[${nth}]`,
    label: `${gate.id}（${names.get(gate.from) ?? gate.from} → ${names.get(gate.to) ?? gate.to}）`,
  })
  const ends = (gate: { from: string; to: string }) => ({
    ...base,
    fromZone: kindOf(gate.from),
    toZone: kindOf(gate.to),
  })
  return [
    ...town.gates.file.map((gate, nth): Subject => ({
      ...about(gate, 'file', nth),
      blame: {
        'ZN-08': `gates.file[${nth}].${gate.method === 'none' ? 'method' : 'record'}`,
        'ZN-09': `gates.file[${nth}].method`,
      },
      question: {
        question: 'check-file-route',
        facts: {
          ...ends(gate),
          throughSanitiser: gate.method !== 'none',
          resultRecorded: gate.record,
          method: gate.method,
          unknownMalwareBlocked: gate.unknownMalwareBlocked,
        },
      },
    })),
    ...town.gates.mail.map((gate, nth): Subject => ({
      ...about(gate, 'mail', nth),
      blame: {
        'ZN-07': `gates.mail[${nth}].${gate.attachments === 'keep' ? 'attachments' : 'body'}`,
      },
      question: {
        question: 'check-mail-route',
        facts: {
          ...ends(gate),
          attachmentsRemoved: gate.attachments === 'remove',
          textOnly: gate.body === 'text',
        },
      },
    })),
    ...town.gates.screen.map((gate, nth): Subject => {
      const open = (['clipboard', 'file', 'drive', 'printer'] as const).find((key) => gate[key])
      return {
        ...about(gate, 'screen', nth),
        blame: { 'ZN-10': `gates.screen[${nth}].${open ?? 'clipboard'}` },
        question: {
          question: 'check-screen-route',
          facts: {
            ...ends(gate),
            clipboard: gate.clipboard,
            file: gate.file,
            drive: gate.drive,
            printer: gate.printer,
          },
        },
      }
    }),
  ]
}

function organisationSubject(town: Town, at: IsoDate, base: TownFacts): Subject {
  const { ciso, csirt, committee, monitoring, logs } = town.organisation
  const withinYear = (day: IsoDate | undefined): boolean =>
    day !== undefined && yearBefore(at) <= day && day <= at
  const open = town.exceptions.filter((one) => one.until === undefined || one.until < at)
  return {
    path: 'organisation',
    label: town.name,
    blame: organisationBlame(town, at, open),
    question: {
      question: 'check-organisation',
      facts: {
        ...base,
        cisoDocumented: isInForce(ciso, at),
        csirtDocumented: isInForce(csirt, at),
        committeeDocumented: isInForce(committee, at),
        committeeMetWithinYear: withinYear(committee?.lastMet),
        networkMonitored: isInForce(monitoring, at),
        complianceChecked: monitoring?.complianceChecked ?? false,
        openEndedExceptions: open.length,
        logsAcquired: isInForce(logs, at),
        logRetentionDays: logs?.retentionDays ?? 0,
        logTamperProtected: logs?.tamperProtected ?? false,
        logReviewed: withinYear(logs?.lastReviewed),
      },
    },
  }
}

function organisationBlame(
  town: Town,
  at: IsoDate,
  open: Town['exceptions'],
): Readonly<Record<string, string>> {
  const paper = (['ciso', 'csirt'] as const).find((key) => !isInForce(town.organisation[key], at))
  const watched = isInForce(town.organisation.monitoring, at)
  const first = open[0] === undefined ? -1 : town.exceptions.indexOf(open[0])
  return {
    'OP-01': `organisation.${paper ?? 'committee.lastMet'}`,
    'OP-02': watched && first >= 0 ? `exceptions[${first}]` : 'organisation.monitoring',
    'OP-03': 'organisation.logs',
  }
}
