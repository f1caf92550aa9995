/**
 * What may be written in town.yaml, key by key, with the sentences an editor shows. This is the one description: it
 * checks a file and it becomes the published JSON Schema. References, dates in order and addresses in their zones
 * are beyond a schema; `references.ts` and `networks.ts` check them.
 */
import { z } from 'zod'
import * as limit from './limits.ts'
import { contract, contractPaper, subcontractor } from './shape/contract.ts'
import { list } from './shape/field.ts'
import { fileGate, mailGate, screenGate } from './shape/gate.ts'
import { control, exception, macro, organisation, readings } from './shape/organisation.ts'
import {
  asset,
  boundary,
  department,
  firewallInterface,
  flow,
  peer,
  person,
  service,
  system,
  test,
  town,
  zone,
} from './shape/place.ts'
import { incident, medium } from './shape/register.ts'
import { webGate } from './shape/web-gate.ts'

/** The whole file. */
export const townShape = z.strictObject({
  town,
  departments: list(department(), '課と係'),
  zones: list(zone, '領域').min(1),
  boundaries: list(boundary, '領域の境界。書かない境界は、止めて記録する。').optional(),
  peers: list(peer, '外部の相手').optional(),
  systems: list(system, '情報システム').optional(),
  services: list(service, 'クラウドサービス').optional(),
  assets: list(asset, '情報資産').optional(),
  flows: list(flow, '許す通信。書かない通信は止まる。', limit.MAX_FLOWS).optional(),
  gates: z
    .strictObject({
      file: list(fileGate, 'ファイルの関所').optional(),
      mail: list(mailGate, 'メールの関所').optional(),
      screen: list(screenGate, '画面の関所').optional(),
      web: list(webGate, 'クラウドの関所').optional(),
    })
    .describe('関所')
    .optional(),
  people: list(person, '職員').optional(),
  organisation: organisation.describe('体制と文書').optional(),
  controls: list(control, '実施している対策と、その文書').optional(),
  exceptions: list(exception, '決まりの例外').optional(),
  macros: list(macro, '残してよいマクロ。ここにないマクロは、いつも取り除く。').optional(),
  contracts: list(contract, '契約', limit.MAX_CONTRACTS).optional(),
  contractPapers: list(contractPaper, '契約の書類と、書かれていること').optional(),
  subcontractors: list(subcontractor, '再委託先。どの段も一つずつ書く。').optional(),
  media: list(medium, '媒体と、その使い方と廃棄', limit.MAX_RECORDS).optional(),
  incidents: list(incident, '事案と、知らせた日', limit.MAX_RECORDS).optional(),
  readings: readings.optional(),
  tests: list(test, 'この定義が守るべきこと').optional(),
  firewall: z
    .strictObject({ interfaces: list(firewallInterface, 'ファイアウォールの口') })
    .describe('領域の間のファイアウォール')
    .optional(),
})

/** A file that fits the shape, not yet resolved. */
export type TownShape = z.infer<typeof townShape>
