/**
 * Believable bodies: 47 prefectures and 1,741 municipalities (domain catalogue §12), none of them real. Sizes are skewed as in life: half have fewer than about
 * 250 staff. Shares of models, editions and defects are assumptions of ours. The same seed gives the same bodies.
 */
import type { Edition, Model } from '@sekisho/core'
import { loadGuideline } from '@sekisho/guideline'
import { randomFrom, type Random } from './random.ts'

/** Municipalities of each prefecture, from north to south (general knowledge, not checked; their sum is the catalogue's 1,741). */
const MUNICIPALITIES = [
  179, 40, 33, 35, 25, 35, 59, 44, 25, 35, 63, 54, 62, 33, 30, 15, 19, 17, 27, 77, 42, 35, 54, 29,
  19, 26, 43, 41, 39, 30, 19, 19, 27, 23, 19, 24, 17, 20, 34, 60, 20, 21, 45, 18, 26, 43, 41,
]
export const PREFECTURES = MUNICIPALITIES.length
/** The day the bench assesses on. */
export const DAY = '2026-11-22'

export interface Body {
  readonly id: string
  /** `01` to `47`: the folder it is put into. Made-up bodies have no code of a real one. */
  readonly prefecture: string
  readonly kind: 'prefecture' | 'municipality'
  readonly model: Model
  readonly edition: Edition
  readonly staff: number
  readonly systems: number
}

/** What to generate, before it is generated. */
export function bodies(seed: number): readonly Body[] {
  const random = randomFrom(seed)
  const municipal = MUNICIPALITIES.flatMap((count, index) =>
    Array.from({ length: count }, () => index),
  )
  const places = [...MUNICIPALITIES.keys(), ...municipal]
  return places.map((place, index): Body => {
    const kind = index < PREFECTURES ? 'prefecture' : 'municipality'
    const staff = kind === 'prefecture' ? random.whole(2_500, 9_000) : municipalStaff(random)
    return {
      id: `body-${String(index + 1).padStart(4, '0')}`,
      prefecture: String(place + 1).padStart(2, '0'),
      kind,
      // "The great majority are α"; the shares of the others are ours.
      model: random.weighted({ α: 72, 'α′': 12, β: 9, 'β′': 7 }),
      edition: random.weighted({ 'R8.3': 70, 'R7.3': 20, 'R6.10': 10 }),
      staff,
      systems: systemsFor(staff),
    }
  })
}

/** Log-normal around 250, from 40 to 20,000. */
function municipalStaff(random: Random): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
  return Math.round(Math.min(20_000, Math.max(40, 250 * Math.exp(1.1 * normal))))
}

/** 20 systems in the smallest body, about 40 in one of 184 staff, 400 in the largest. */
export const systemsFor = (staff: number): number =>
  Math.round(Math.min(400, Math.max(20, 20 * (staff / 50) ** 0.565)))

type Declaration = Readonly<Record<string, unknown>>
type ZoneId = 'mynumber' | 'lgwan' | 'internet' | 'management'

interface Draft {
  readonly body: Body
  readonly random: Random
  readonly address: (zone: ZoneId) => string
  readonly systems: readonly DraftSystem[]
}
interface DraftSystem {
  readonly id: string
  readonly zone: ZoneId
  readonly terminals: boolean
  readonly hosts: readonly { readonly id: string }[]
  readonly declaration: Declaration
}

/** The declaration of one body, in the keys of town.yaml. */
export function declarationOf(body: Body, seed: number): Declaration {
  const random = randomFrom(seed ^ hash(body.id))
  const address = addresses()
  const systems = systemsOf(body, random, address)
  const draft: Draft = { body, random, address, systems }
  const services = servicesOf(draft)
  return {
    town: {
      name: `団体${body.id.slice(5)}`,
      staff: body.staff,
      model: body.model,
      edition: body.edition,
    },
    departments: DEPARTMENTS.map((name, index) => ({ id: `d${index}`, name })),
    zones: zonesOf(draft),
    boundaries: boundariesOf(draft),
    peers: peersOf(draft),
    systems: systems.map(({ declaration }) => declaration),
    services,
    assets: assetsOf(draft, services),
    flows: flowsOf(draft),
    gates: gatesOf(draft),
    people: peopleOf(draft),
    organisation: organisationOf(draft),
    controls: controlsOf(draft),
    exceptions: exceptionsOf(draft),
  }
}

function hash(text: string): number {
  let value = 0x811c9dc5
  for (const character of text) value = Math.imul(value ^ character.codePointAt(0)!, 0x01000193)
  return value >>> 0
}

const DEPARTMENTS = [
  '総務課',
  '情報政策課',
  '税務課',
  '住民課',
  '福祉課',
  '建設課',
  '教育委員会',
  '会計課',
]
const NETWORKS = { mynumber: 10, lgwan: 20, internet: 30, management: 90 } as const
const NAMES = {
  mynumber: ['住民記録', '戸籍', '税務', '介護保険', '国民健康保険', '福祉総合', '健康管理'],
  lgwan: ['財務会計', '文書管理', '人事給与', '統合型GIS', '契約管理', '庶務事務', '例規'],
  internet: ['ホームページ', 'メール', '施設予約', '会議録', '広報'],
  management: ['監視', 'バックアップ', '資産管理'],
} as const

function addresses(): (zone: ZoneId) => string {
  const used = { mynumber: 256, lgwan: 256, internet: 256, management: 256 }
  return (zone) => {
    const next = (used[zone] += 1)
    return `10.${NETWORKS[zone]}.${Math.floor(next / 256)}.${next % 256}`
  }
}

/** A defect of a kind that 2 to 8 in a hundred have. */
const RARE = 0.03

function systemsOf(
  body: Body,
  random: Random,
  address: (zone: ZoneId) => string,
): readonly DraftSystem[] {
  const outward = body.model === 'β′'
  const shares = {
    mynumber: 25,
    lgwan: outward ? 35 : 50,
    internet: outward ? 35 : 20,
    management: 5,
  }
  return Array.from({ length: body.systems }, (_, index) => {
    const fixed = (['mynumber', 'lgwan', 'internet'] as const)[index]
    const zone = fixed ?? random.weighted(shares)
    return systemOf(`s${index}`, zone, fixed !== undefined, body, random, address)
  })
}

/** The first system of a zone holds its terminals, one line for five seats. */
function systemOf(
  id: string,
  zone: ZoneId,
  terminals: boolean,
  { staff }: Body,
  random: Random,
  address: (zone: ZoneId) => string,
): DraftSystem {
  const count = terminals ? Math.min(2_000, Math.ceil(staff / 5)) : random.whole(1, 4)
  const hosts = Array.from({ length: count }, (_, index) => {
    const key = `${id}-h${index}`
    const kinds = zone === 'mynumber' && !random.chance(RARE / count) ? 2 : 1
    return {
      id: key,
      name: `${terminals ? '端末' : 'サーバー'}${index + 1}`,
      role: terminals ? 'terminal' : 'server',
      addresses: [address(zone)],
      ...(zone === 'mynumber' && { mac: macOf(key) }),
      authentication: ['knowledge', 'possession'].slice(0, kinds),
      removableMedia: { write: random.chance(RARE / count) },
    }
  })
  const name = `${random.pick(NAMES[zone])}${id}`
  const declaration = { id, name, zone, owner: `d${random.whole(0, 7)}`, hosts }
  return { id, zone, terminals, hosts, declaration }
}

function macOf(key: string): string {
  const digits = (hash(key) * 4_096 + (hash(`${key}*`) % 4_096)).toString(16).padStart(12, '0')
  const pairs = digits.slice(-10).match(/../gu)!
  return ['02', ...pairs].join(':')
}

function zonesOf({ body, random }: Draft): unknown {
  const wireless = (id: ZoneId) => ({
    used: id !== 'management' && random.chance(id === 'mynumber' ? 0.1 : 0.5),
    authenticationServer: !random.chance(RARE),
    encryption: 'WPA3-Enterprise',
    ...(body.edition !== 'R6.10' &&
      random.chance(0.8) && {
        requirementsDocument: { title: '無線LANの要件', date: '2025-06-02' },
      }),
  })
  return (['mynumber', 'lgwan', 'internet', 'management'] as const).map((id) => ({
    id,
    name: `${id}の領域`,
    kind: id,
    networks: [`10.${NETWORKS[id]}.0.0/16`],
    wireless: wireless(id),
  }))
}

function boundariesOf({ random }: Draft): unknown {
  const pairs = [
    ['mynumber', 'lgwan'],
    ['mynumber', 'internet'],
    ['lgwan', 'internet'],
  ]
  return pairs.map((between) => ({ between, default: 'deny', logDenied: !random.chance(RARE) }))
}

const aspCount = ({ body }: Draft): number => Math.max(5, Math.round(body.systems / 6))

function peersOf(draft: Draft): unknown {
  const outside = { network: 'lgwan', internetCapable: false }
  return [
    {
      id: 'cloud',
      name: 'セキュリティクラウド',
      network: 'internet',
      securityCloud: true,
      addresses: ['198.51.100.0/28'],
    },
    {
      id: 'meeting',
      name: '会議の事業者',
      network: 'internet',
      service: 'c1',
      addresses: ['203.0.113.0/28'],
    },
    {
      id: 'eltax',
      name: 'eLTAX',
      network: 'lgwan',
      internetCapable: true,
      closedList: 'eltax',
      addresses: ['172.20.50.0/28'],
    },
    {
      id: 'myna',
      name: 'マイナポータル',
      network: 'lgwan',
      internetCapable: true,
      closedList: 'myna-portal',
      addresses: ['172.20.51.0/28'],
    },
    {
      id: 'juki-net',
      name: '住基ネット',
      network: 'dedicated',
      internetCapable: false,
      addresses: ['172.21.1.0/28'],
    },
    ...Array.from({ length: aspCount(draft) }, (_, index) => ({
      id: `asp${index}`,
      name: `LGWAN-ASP ${index}`,
      ...outside,
      addresses: [`172.${22 + Math.floor(index / 256)}.${index % 256}.0/28`],
    })),
  ]
}

function flowsOf(draft: Draft): unknown {
  return draft.systems.flatMap((system, index) => flowsOfSystem(system, index, draft))
}

function flowsOfSystem(system: DraftSystem, index: number, draft: Draft): readonly unknown[] {
  const { random, body } = draft
  const asp = `peer:asp${index % aspCount(draft)}`
  const server = `host:${system.hosts[0]!.id}`
  switch (system.zone) {
    case 'mynumber':
      return [
        flow(
          draft,
          system,
          'f',
          server,
          random.pick([asp, 'peer:juki-net', 'peer:eltax', 'peer:myna']),
          true,
        ),
        ...(random.chance(RARE / 4) ? [flow(draft, system, 'x', server, 'system:s1', true)] : []),
      ]
    case 'lgwan':
      return [
        flow(draft, system, 'f', system.terminals ? 'system:s1' : server, asp, false),
        ...(system.terminals
          ? []
          : [flow(draft, system, 'u', 'system:s1', `system:${system.id}`, false)]),
        ...(system.terminals && body.model === 'α′' ? [breakout(draft, system)] : []),
      ]
    case 'internet':
      return [flow(draft, system, 'f', `system:${system.id}`, 'peer:cloud', false)]
    case 'management':
      return [flow(draft, system, 'f', server, 'zone:lgwan', false)]
  }
}

function flow(
  { random }: Draft,
  { id, declaration }: DraftSystem,
  suffix: string,
  from: string,
  to: string,
  fixed: boolean,
): Declaration {
  return {
    id: `${id}-${suffix}`,
    name: `${String(declaration['name'])}の通信${suffix}`,
    from,
    to,
    protocol: 'tcp',
    ports: [443],
    purpose: '業務の連携',
    owner: 'd1',
    ...(!random.chance(RARE) && {
      expires: random.pick(['2027-03-31', '2028-03-31', '2029-03-31', '2026-03-31']),
    }),
    ...(fixed &&
      !random.chance(RARE) && {
        fixed: { number: id, approvedBy: '情報政策課長', date: '2026-04-01', macLimited: true },
      }),
    ...(to === 'peer:cloud' && { via: ['security-cloud'] }),
  }
}

const breakout = (draft: Draft, system: DraftSystem): Declaration => ({
  ...flow(draft, system, 'b', 'system:s1', 'peer:meeting', false),
  via: ['local-breakout'],
})

function servicesOf({
  body,
  random,
}: Draft): readonly { readonly id: string; readonly kind: string }[] {
  return Array.from({ length: Math.max(2, Math.round(body.systems / 20)) }, (_, index) => ({
    id: `c${index}`,
    name: `クラウド${index}`,
    kind: index === 0 ? 'gov-cloud' : random.weighted({ contract: 70, terms: 30 }),
    ismap: { registered: random.chance(0.7), checked: random.pick(['2026-05-11', '2025-04-20']) },
    dataCentre: '国内',
    withinJapaneseLaw: !random.chance(RARE),
    ...(random.chance(0.8) && { dutiesDocument: { title: '利用の確認書', date: '2026-05-11' } }),
    ...(random.chance(0.8) && { termsDocument: { title: '約款の確認書', date: '2026-02-01' } }),
  }))
}

function assetsOf(
  { systems, random }: Draft,
  services: readonly { readonly id: string; readonly kind: string }[],
): unknown {
  const places = [
    ...systems
      .filter(({ zone }) => zone !== 'management')
      .map(({ id, zone }) => [id, zone] as const),
    ...services.map(({ id, kind }) => [id, kind] as const),
  ]
  return places.flatMap(([place, where], index) =>
    Array.from({ length: random.whole(1, 2) }, (_, nth) => ({
      id: `a${index}-${nth}`,
      name: `情報資産${index}-${nth}`,
      class: `自治体機密性${where === 'mynumber' ? '3B' : where === 'lgwan' ? random.pick(['3C', '2']) : where === 'terms' ? '1' : random.pick(['1', '2'])}`,
      integrity: random.pick(['自治体完全性2', '自治体完全性1']),
      availability: random.pick(['自治体可用性2', '自治体可用性1']),
      personal:
        where === 'mynumber'
          ? random.pick(['specific', 'resident', 'special-care'])
          : where === 'lgwan'
            ? 'staff'
            : 'none',
      place,
      owner: `d${random.whole(0, 7)}`,
    })),
  )
}

function gatesOf({ body, random }: Draft): unknown {
  const route = { from: 'internet', to: 'lgwan' }
  return {
    file: [
      {
        id: 'file-in',
        ...route,
        method: random.weighted({ sanitise: 80, 'image-pdf': 8, text: 4, 'eye-check': 8 }),
        record: !random.chance(RARE),
      },
    ],
    mail:
      body.model === 'β′'
        ? []
        : [
            {
              id: 'mail-in',
              ...route,
              attachments: random.chance(RARE) ? 'keep' : 'remove',
              body: 'text',
            },
          ],
    screen: [{ id: 'screen', ...route, clipboard: random.chance(RARE * 2) }],
  }
}

function peopleOf({ body, random }: Draft): unknown {
  return Array.from({ length: Math.min(200, 6 + Math.round(body.staff / 20)) }, (_, index) => ({
    id: `p${index}`,
    name: `職員${index}`,
    department: `d${index % 8}`,
    roles: [index === 0 ? 'ciso' : index < 3 ? 'it-officer' : 'approver'],
    from: '2020-04-01',
    ...(random.chance(0.15) && { until: random.pick(['2027-03-31', '2028-03-31']) }),
  }))
}

function organisationOf({ random }: Draft): unknown {
  const paper = (title: string) => ({ title, date: '2025-04-01' })
  return {
    ciso: paper('基本方針'),
    ...(random.chance(0.9) && { csirt: paper('緊急時対応計画') }),
    committee: {
      ...paper('委員会設置要綱'),
      ...(random.chance(0.7) && { lastMet: random.pick(['2026-10-05', '2025-02-10']) }),
    },
    ...(random.chance(0.9) && {
      monitoring: { ...paper('監視の仕様書'), complianceChecked: random.chance(0.7) },
    }),
    logs: {
      ...paper('ログの手順'),
      retentionDays: random.pick([90, 365, 1_095]),
      tamperProtected: random.chance(0.7),
      ...(random.chance(0.7) && { lastReviewed: '2026-09-01' }),
    },
  }
}

function controlsOf({ random }: Draft): unknown {
  return loadGuideline()
    .controls.filter(({ id }) => !id.startsWith('ZN') && random.chance(0.75))
    .map(({ id }) => ({
      control: id,
      title: `${id} の文書`,
      date: random.pick(['2026-08-03', '2026-04-01', '2025-12-01', '2025-06-01', '2024-10-01']),
    }))
}

function exceptionsOf({ random }: Draft): unknown {
  return Array.from({ length: random.whole(0, 3) }, (_, index) => ({
    id: `e${index}`,
    subject: `例外${index}`,
    reason: '更新を待つため',
    approvedBy: '副首長',
    ...(random.chance(0.8) && { until: random.pick(['2027-03-31', '2026-03-31', '2028-03-31']) }),
  }))
}
