/** Keys of town.yaml for the body itself and what it has: zones, systems, assets, flows, services, people. */
import { EDITIONS, MODELS, PERSONAL_DATA_KINDS } from '@sekisho/core'
import { z } from 'zod'
import { isMac } from '../address.ts'
import * as limit from '../limits.ts'
import type { ProblemReason } from '../problem.ts'
import {
  CLASSES,
  address,
  choice,
  date,
  document,
  endpoint,
  flag,
  id,
  list,
  mail,
  network,
  ports,
  protocol,
  testEnd,
  text,
  whole,
} from './field.ts'

export const town = z
  .strictObject({
    name: text('団体の名前'),
    code: z
      .string()
      .regex(/^\d{6}$/, 'TOWN-CODE' satisfies ProblemReason)
      .refine(isTownCode, 'TOWN-CODE' satisfies ProblemReason)
      .describe('全国地方公共団体コード（検査数字を含む6桁）。')
      .optional(),
    staff: whole(1, limit.MAX_STAFF, '職員の数'),
    model: choice(MODELS, '三層の対策のモデル。′は U+2032。', 'TOWN-MODEL'),
    edition: choice(EDITIONS, 'よりどころにするガイドラインの版。'),
  })
  .describe('団体')

export const zone = z.strictObject({
  id,
  name: text('領域の名前'),
  kind: choice(['mynumber', 'lgwan', 'internet', 'management'], '領域の種類。'),
  networks: list(network, '領域のネットワークの範囲。空の一覧は「どこでもない」。'),
  wireless: z
    .strictObject({
      used: flag('無線 LAN を使う'),
      authenticationServer: flag('認証サーバーで利用者を確かめる').optional(),
      encryption: text('暗号化の方式。例 WPA3-Enterprise').optional(),
      requirementsDocument: document.describe('無線 LAN の要件を定めた文書').optional(),
    })
    .describe('無線 LAN。書かなければ使わない。')
    .optional(),
})

export const boundary = z.strictObject({
  between: z.tuple([id, id]).describe('二つの領域の識別名'),
  default: choice(['deny', 'allow'], '決めていない通信の扱い。書かなければ deny。').optional(),
  logDenied: flag('止めた通信を記録する。書かなければ記録する。').optional(),
})

export const peer = z.strictObject({
  id,
  name: text('外部の相手の名前'),
  network: choice(['internet', 'lgwan', 'dedicated'], '相手のいる網。'),
  internetCapable: flag(
    '相手にインターネットから届く。網が internet なら書かなくてよい。',
  ).optional(),
  closedList: choice(
    ['myna-portal', 'eltax', 'jlis-security-platform'],
    '特定通信の相手として限定された一覧のどれか。',
  ).optional(),
  securityCloud: flag('自治体情報セキュリティクラウドである').optional(),
  service: id.describe('この相手で動くクラウドサービスの識別名').optional(),
  conditions: z
    .strictObject({
      operator: choice(['public', 'private'], '運営する者。public は国か J-LIS。'),
      receivedChecked: flag('届くデータを、取り込む前に無害化か検査をする').optional(),
      assessment: document.describe('つなぐ前の日付の、リスクアセスメントの文書').optional(),
    })
    .describe('一覧にない特定通信の相手を、条件で認める読み方（readings の O1）で見ること')
    .optional(),
  addresses: list(network, '相手のアドレスの範囲。空の一覧は「どこでもない」。').optional(),
})

export const host = z.strictObject({
  id,
  name: text('機器の名前'),
  role: choice(['terminal', 'server'], '端末かサーバーか。'),
  addresses: list(address, '機器のアドレス').optional(),
  mac: z
    .string()
    .refine(isMac, 'TOWN-MAC' satisfies ProblemReason)
    .describe('MAC アドレス。例 02:00:5e:10:00:01')
    .optional(),
  authentication: list(
    choice(['knowledge', 'possession', 'inherence'], '知識・所持・生体のどれか。'),
    'ログインで確かめるもの。書かなければ「何も確かめない」とみなす。',
  ).optional(),
  removableMedia: z
    .strictObject({
      write: flag('USBメモリなどへ書き出せる'),
      exceptions: list(
        z.strictObject({
          device: text('認めた媒体の名前か番号'),
          approvedBy: text('認めた人'),
          from: date('始まりの日'),
          until: date('終わりの日'),
        }),
        '書き出しの例外',
      ).optional(),
    })
    .describe('外部媒体。書かなければ「書き出せる」とみなす。')
    .optional(),
})

export const system = z.strictObject({
  id,
  name: text('システムの名前'),
  zone: id.describe('置かれた領域の識別名'),
  owner: id.describe('主管課の識別名'),
  vendor: text('保守事業者').optional(),
  hosts: list(host, '端末とサーバー').optional(),
})

export const asset = z.strictObject({
  id,
  name: text('情報資産の名前'),
  class: choice(CLASSES as [string, ...string[]], '機密性の分類。', 'TOWN-CLASS'),
  integrity: choice(['自治体完全性2', '自治体完全性1'], '完全性の分類。'),
  availability: choice(['自治体可用性2', '自治体可用性1'], '可用性の分類。'),
  personal: choice(
    PERSONAL_DATA_KINDS,
    '個人情報の種類。staff は職員、resident は住民、special-care は要配慮、specific は特定個人情報。',
  ),
  place: id.describe('置き場所。システムかクラウドサービスの識別名'),
  owner: id.describe('主管課の識別名'),
})

export const flow = z.strictObject({
  id,
  name: text('通信の名前'),
  from: endpoint.describe('始める側'),
  to: endpoint.describe('受ける側'),
  protocol: protocol.optional(),
  ports: ports.optional(),
  purpose: text('目的').optional(),
  owner: id.describe('主管課の識別名').optional(),
  expires: date('見直しの期限').optional(),
  fixed: z
    .strictObject({
      number: text('特定通信の登録番号'),
      approvedBy: text('認めた人'),
      date: date('登録した日'),
      macLimited: flag('MAC アドレスで限定している').optional(),
    })
    .describe('特定通信の登録')
    .optional(),
  via: list(
    choice(['security-cloud', 'local-breakout', 'lgwan'], '経由するもの。'),
    '通り道',
  ).optional(),
  gate: id.describe('この通信が関所の接続であるとき、その関所の識別名').optional(),
})

export const service = z.strictObject({
  id,
  name: text('クラウドサービスの名前'),
  kind: choice(
    ['gov-cloud', 'contract', 'terms'],
    'ガバメントクラウド、個別契約、約款型のどれか。',
  ),
  ismap: z
    .strictObject({ registered: flag('ISMAP に登録されている'), checked: date('確かめた日') })
    .describe('ISMAP の登録')
    .optional(),
  dataCentre: text('データセンターの場所'),
  withinJapaneseLaw: flag('日本の法令の範囲内で運用される'),
  dutiesDocument: document.describe('クラウド利用の五つの要件を確かめた文書').optional(),
  termsDocument: document.describe('約款を確かめた文書').optional(),
})

export const person = z.strictObject({
  id,
  name: text('氏名。書いたとおりに残る。'),
  department: id.describe('課の識別名'),
  roles: list(
    choice(['clerk', 'approver', 'it-officer', 'ciso', 'auditor'], '役割。'),
    '役割。書かなければ、関所では何もできない。',
  ).optional(),
  from: date('着任の日'),
  until: date('離任の日').optional(),
  mail: mail('インターネットメールのアドレス').optional(),
})

export const test = z.strictObject({
  name: text('確かめること。文で書く。'),
  from: testEnd,
  to: testEnd,
  port: whole(1, 65_535, 'ポート').optional(),
  protocol: protocol.optional(),
  expect: choice(['通過', '差止め'], '期待する結果。'),
})

export const firewallInterface = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/, 'TOWN-VALUE' satisfies ProblemReason)
    .describe('ファイアウォールの口の名前。例 ens3'),
  zone: id.describe('この口の先の領域').optional(),
  network: choice(['internet', 'lgwan', 'dedicated'], 'この口の先の、外部の網').optional(),
  peers: list(id, 'この口の先の相手').min(1).optional(),
})

export function department() {
  return z.strictObject({
    id,
    name: text('課の名前'),
    mail: mail('課のメールアドレス。課の全員が読む').optional(),
  })
}

// 総務省「全国地方公共団体コード仕様」: weights 6 to 2, modulus 11, last digit of 11 less the remainder.
function isTownCode(code: string): boolean {
  const digits = [...code].map(Number)
  const sum = [6, 5, 4, 3, 2].reduce((total, weight, index) => total + weight * digits[index]!, 0)
  const check = sum < 11 ? 11 - sum : 11 - (sum % 11)
  return check % 10 === digits[5]
}
