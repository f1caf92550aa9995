import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Town } from '@sekisho/core'
import { declare, openLab, placesOf, prepareProbe, probed, RULES_ALONE } from '@sekisho/network'
import type { Declared, Lab, LabProbe, Place, PreparedProbe } from '@sekisho/network'
import { readTown } from '@sekisho/town'

const ROOT = join(import.meta.dirname, '..')

/** The program that asks and answers in each namespace. */
export const PROBER = [process.execPath, join(ROOT, 'apps/cli/src/probe/prober.ts')]

export const exampleTown = (place: string): Town =>
  townOf(readFileSync(join(ROOT, 'examples', place), 'utf8'))

export function townOf(text: string): Town {
  const read = readTown(text)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.town
}

/** A small town with everything a firewall can be wrong about: both families, UDP, a range of ports, MAC addresses, a day that was yesterday. */
export const SAWATARI = `
town: { name: 沢渡町, staff: 40, model: α, edition: R8.3 }
departments: [{ id: joho, name: 情報係 }]
zones:
  - { id: mynumber, name: マイナンバー利用事務系, kind: mynumber, networks: [10.1.0.0/24] }
  - { id: lgwan, name: LGWAN接続系, kind: lgwan, networks: [10.2.0.0/24, 'fd00:2::/64'] }
  - { id: internet, name: インターネット接続系, kind: internet, networks: [10.3.0.0/24, 'fd00:3::/64'] }
boundaries: []
peers:
  - { id: cloud, name: セキュリティクラウド, network: internet, addresses: [198.51.100.16/28, '2001:db8:c::/64'] }
  - { id: mid, name: 中間サーバー, network: lgwan, internetCapable: false, addresses: [172.20.4.0/28] }
systems:
  - id: juki
    name: 住民記録
    zone: mynumber
    owner: joho
    hosts:
      - { id: juki-ap, name: 業務サーバー, role: server, addresses: [10.1.0.11], mac: '02:00:5e:10:00:01' }
      - { id: juki-pc, name: 窓口端末, role: terminal, addresses: [10.1.0.21] }
  - id: gyomu
    name: 業務端末
    zone: lgwan
    owner: joho
    hosts:
      - { id: pc-1, name: 端末1, role: terminal, addresses: [10.2.0.21, 'fd00:2::21'] }
      - { id: pc-2, name: 端末2, role: terminal, addresses: [10.2.0.22, 'fd00:2::22'] }
  - id: mail
    name: メール
    zone: lgwan
    owner: joho
    hosts: [{ id: mail-sv, name: メールサーバー, role: server, addresses: [10.2.0.11, 'fd00:2::11'] }]
  - id: kaigi
    name: 会議と仮想端末
    zone: internet
    owner: joho
    hosts: [{ id: vdi, name: 仮想端末, role: server, addresses: [10.3.0.11, 'fd00:3::11'] }]
flows:
  - { id: mid, name: 情報連携, from: 'host:juki-ap', to: 'peer:mid', protocol: tcp, ports: [443], purpose: 照会, owner: joho, expires: 2099-03-31, fixed: { number: 特-1, approvedBy: 係長, date: 2026-04-01, macLimited: true } }
  - { id: vdi, name: 画面, from: 'system:gyomu', to: 'host:vdi', protocol: tcp, ports: ['8443-8444'], purpose: 画面, owner: joho, expires: 2099-03-31 }
  - { id: relay, name: メールの中継, from: 'host:vdi', to: 'host:mail-sv', protocol: tcp, ports: [25], purpose: 中継, owner: joho, expires: 2099-03-31 }
  - { id: meet, name: 会議の映像, from: 'host:vdi', to: 'peer:cloud', protocol: udp, ports: [3478], purpose: 会議, owner: joho, expires: 2099-03-31 }
  - { id: web, name: 閲覧, from: 'host:vdi', to: 'peer:cloud', protocol: tcp, ports: [443], purpose: 閲覧, owner: joho, expires: 2099-03-31 }
`

/** A town's lab, and everything that is asked of it. */
export interface Standing {
  readonly declared: Declared
  readonly places: readonly Place[]
  readonly prepared: PreparedProbe
  readonly lab: Lab
  readonly ask: (text: string) => Promise<LabProbe>
}

export async function stand(
  town: Town,
  options: { readonly alike?: number; readonly at?: string } = {},
): Promise<Standing> {
  const declared = declare(town, options.at === undefined ? {} : { at: options.at })
  const places = placesOf(town, declared, { alike: options.alike ?? 2 })
  const lab = await openLab(declared, places, { prober: PROBER, settings: RULES_ALONE })
  if ('reason' in lab) throw new Error(lab.says)
  const prepared = await prepareProbe(lab, declared, places)
  const ask = async (text: string): Promise<LabProbe> => {
    const result = await probed(lab, prepared, text, Math.floor(Date.now() / 1_000))
    if (!result.ok) throw new Error(result.says)
    return result.probe
  }
  return { declared, places, prepared, lab, ask }
}

/**
 * Why no namespaces can be made here; empty where they can. What a machine without them can say about a kernel is nothing: told, and never counted as passed
 * where it matters.
 */
export async function whyNoLab(): Promise<string> {
  const lab = await openLab(declare(townOf(SAWATARI)), [], { prober: PROBER, settings: [] })
  if ('close' in lab) {
    await lab.close()
    return ''
  }
  if (process.env['CI'] === 'true') throw new Error(`no namespaces here: ${lab.says}`)
  console.warn(`skipped, for namespaces cannot be made here: ${lab.says}`)
  return lab.says
}
