/**
 * What may be written in town.yaml, key by key, with the sentences an editor shows. This is the one description: it
 * checks a file and it becomes the published JSON Schema. References, dates in order and addresses in their zones
 * are beyond a schema; `references.ts` and `networks.ts` check them.
 */
import {
  CLOUD_PATTERNS,
  CONFIDENTIALITY_LEVELS,
  CONTRACT_TERMS,
  DISPOSAL_METHODS,
  DISPOSAL_POINTS,
  EDITIONS,
  HANDLED_DATA,
  INCIDENT_ASPECTS,
  MAIL_APPROVALS,
  MAIL_DMARC,
  MAIL_TLS,
  MEDIUM_CONTENTS,
  MEDIUM_USE_POINTS,
  MODELS,
  PERSONAL_DATA_KINDS,
} from '@sekisho/core'
import { loadGuideline } from '@sekisho/guideline'
import { z } from 'zod'
import { isMac, readAddress, readRange } from './address.ts'
import { isDate } from './date.ts'
import * as limit from './limits.ts'
import { isDomain, isMailAddress } from './mail-address.ts'
import { readPorts } from './ports.ts'
import type { ProblemReason } from './problem.ts'

/** A check's own reason, unless nothing was written at all: then `TOWN-MISSING` says it better. */
const because =
  (reason: ProblemReason) =>
  (issue: { readonly input?: unknown }): string | undefined =>
    issue.input === undefined ? undefined : reason

const text = (label: string) => z.string().min(1).max(limit.MAX_TEXT).describe(label)
const flag = (label: string) => z.boolean().describe(label)
const list = <Item extends z.ZodType>(item: Item, label: string, most = limit.MAX_ITEMS) =>
  z.array(item).max(most).describe(label)
const choice = <const Values extends readonly [string, ...string[]]>(
  values: Values,
  label: string,
  reason: ProblemReason = 'TOWN-VALUE',
) => z.enum(values, { error: because(reason) }).describe(label)
const whole = (from: number, to: number, label: string) =>
  z.number().int().min(from).max(to).describe(label)

const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'TOWN-ID' satisfies ProblemReason)
  .describe('識別名。英小文字、数字、ハイフン。変えないでください。')
const date = (label: string) =>
  z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, 'TOWN-DATE' satisfies ProblemReason)
    .refine(isDate, 'TOWN-DATE' satisfies ProblemReason)
    .describe(`${label}。2027-03-31 の形。`)
const mail = (label: string) =>
  z
    .string()
    .refine(isMailAddress, 'TOWN-MAIL' satisfies ProblemReason)
    .describe(`${label}。大文字と小文字は区別しない。`)
const domain = (label: string) =>
  z
    .string()
    .refine(isDomain, 'TOWN-DOMAIN' satisfies ProblemReason)
    .describe(label)
const domains = (label: string) =>
  z
    .string()
    .refine((value) => isDomain(value.replace(/^\./u, '')), 'TOWN-DOMAIN' satisfies ProblemReason)
    .describe(label)
const network = z
  .string()
  .refine((value) => readRange(value) !== undefined, 'TOWN-CIDR' satisfies ProblemReason)
  .describe('ネットワークの範囲。例 192.0.2.0/24')
const address = z
  .string()
  .refine((value) => readAddress(value) !== undefined, 'TOWN-ADDRESS' satisfies ProblemReason)
  .describe('一つのアドレス。例 192.0.2.10')
const endpoint = z
  .string()
  .regex(
    /^(zone|system|host|peer):[a-z0-9][a-z0-9-]{0,62}$/,
    'TOWN-ENDPOINT' satisfies ProblemReason,
  )
  .describe('通信の端。zone: system: host: peer: に続けて識別名。')
const testEnd = z
  .string()
  .regex(
    /^(internet|(zone|system|host|peer):[a-z0-9][a-z0-9-]{0,62})$/,
    'TOWN-ENDPOINT' satisfies ProblemReason,
  )
  .describe('通信の端、または internet。')
const ports = z
  .union(
    [
      z.literal('any'),
      z
        .array(z.union([z.number().int().min(1).max(65_535), z.string().regex(/^\d+-\d+$/)]))
        .min(1, 'TOWN-PORTS' satisfies ProblemReason)
        .max(100, 'TOWN-PORTS' satisfies ProblemReason),
    ],
    { error: because('TOWN-PORTS') },
  )
  .refine((value) => value === 'any' || readPorts(value) !== undefined, {
    error: 'TOWN-PORTS' satisfies ProblemReason,
  })
  .describe('ポート。[443, "8000-8010"] の形。どれでもよいときだけ any。')
const paper = { title: text('文書の名前'), date: date('文書の日付') }
const document = z.strictObject(paper)
const protocol = choice(['tcp', 'udp', 'icmp'], 'プロトコル。')

const CLASSES = CONFIDENTIALITY_LEVELS.map((level) => `自治体機密性${level}` as const)

const town = z
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

const zone = z.strictObject({
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

const boundary = z.strictObject({
  between: z.tuple([id, id]).describe('二つの領域の識別名'),
  default: choice(['deny', 'allow'], '決めていない通信の扱い。書かなければ deny。').optional(),
  logDenied: flag('止めた通信を記録する。書かなければ記録する。').optional(),
})

const peer = z.strictObject({
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

const host = z.strictObject({
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

const system = z.strictObject({
  id,
  name: text('システムの名前'),
  zone: id.describe('置かれた領域の識別名'),
  owner: id.describe('主管課の識別名'),
  vendor: text('保守事業者').optional(),
  hosts: list(host, '端末とサーバー').optional(),
})

const asset = z.strictObject({
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

const flow = z.strictObject({
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

const service = z.strictObject({
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

const person = z.strictObject({
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

const gate = { id, from: id.describe('出る側の領域'), to: id.describe('入る側の領域') }
const fileGate = z.strictObject({
  ...gate,
  method: choice(
    ['text', 'image-pdf', 'sanitise', 'eye-check', 'none'],
    '無害化の方法。テキスト化、画像PDF化、組み直し、目視、なし。',
  ),
  unknownMalwareBlocked: flag('未知の不正プログラムを止める仕組みがある').optional(),
  record: flag('結果を記録する。書かなければ記録する。').optional(),
  approval: choice(
    ['always', 'active-content', 'never'],
    '人の承認。常に、動く中身を取り除いたとき、なし。書かなければ常に。',
  ).optional(),
  originalDays: whole(
    0,
    limit.MAX_ORIGINAL_DAYS,
    '原本を封じて残す日数。書かなければ7日。',
  ).optional(),
  maxBytes: whole(1, limit.MAX_FILE_BYTES, '一つのファイルの上限。書かなければ100MB。').optional(),
  disarm: z
    .strictObject({
      links: choice(['keep', 'text-only'], '外へのリンク。残す、文字だけにする。').optional(),
      hidden: choice(['keep', 'remove'], '隠れた内容。残して知らせる、取り除く。').optional(),
      changes: choice(['keep', 'accept'], '変更履歴。残して知らせる、反映して消す。').optional(),
      comments: choice(
        ['keep', 'remove'],
        'コメントとノート。残して知らせる、取り除く。',
      ).optional(),
      title: choice(['keep', 'remove'], '文書の題名。残す、取り除く。').optional(),
      mailBody: choice(['text', 'html'], 'メールの本文。文字だけにする、書式を残す。').optional(),
    })
    .describe('組み直しのときに残すもの。書かなければ、残して知らせ、題名は取り除く。')
    .optional(),
})
const nextHop = (server: string) =>
  z.strictObject({
    server: id.describe(server),
    port: whole(1, 65_535, 'ポート。書かなければ25。').optional(),
    tls: choice(
      MAIL_TLS,
      '暗号化。required は必ず、opportunistic は相手ができるとき。書かなければ必ず。',
    ).optional(),
    name: domain('相手の証明書に書かれた名前。書かなければ相手のアドレス。').optional(),
  })
const mailGate = z.strictObject({
  ...gate,
  attachments: choice(['remove', 'keep'], '添付の扱い。書かなければ取り除く。').optional(),
  body: choice(['text', 'html'], '本文の形。書かなければテキスト。').optional(),
  domains: list(
    domain('メールを受けるドメイン。例 town.example.lg.jp'),
    'ここにないドメインあてのメールは受けない。',
    limit.MAX_DOMAINS,
  ).optional(),
  originalDays: whole(
    0,
    limit.MAX_ORIGINAL_DAYS,
    'メールの原本を封じて残す日数。書かなければ30日。',
  ).optional(),
  receive: z
    .strictObject({
      name: domain('つないできた相手に名乗る名前。例 mx.town.example.lg.jp'),
      relays: list(
        id,
        '前に立つメールサーバー。機器か外部の相手の識別名。書かなければ、だれでもつなげる。',
      ).optional(),
      maxBytes: whole(1, limit.MAX_MAIL_BYTES, '一通の大きさの上限。書かなければ50MB。').optional(),
      dmarc: choice(
        MAIL_DMARC,
        '差出人のドメインが「断ってほしい」と公表していて、差出人を確かめられないメール。印を付けて届ける、受け取らない。書かなければ印。',
      ).optional(),
    })
    .describe('メールを受けること。書かなければ、関所はメールを受けない。')
    .optional(),
  deliver: nextHop('届け先のメールサーバー。入る側の領域の機器の識別名。')
    .describe('中を通したメールの届け先')
    .optional(),
  outward: z
    .strictObject({
      receive: z
        .strictObject({
          from: list(id, '送るメールを渡してよい機器。入る側の領域の機器の識別名。').min(1),
        })
        .describe('送るメールの受け取り'),
      deliver: nextHop(
        '送り先のメールサーバー。出る側の領域の機器か、アドレスが一つの外部の相手の識別名。',
      ).describe('送るメールの届け先'),
      delayMinutes: whole(
        0,
        limit.MAX_DELAY_MINUTES,
        '送るのを待ち、取り消せる時間（分）。書かなければ5分。',
      ).optional(),
      approval: choice(
        MAIL_APPROVALS,
        '人の承認。外部あてはいつも、自治体機密性2以上のとき、なし。書かなければいつも。',
      ).optional(),
      copyToSupervisor: flag('送った人の課の承認者にも写しを送る。書かなければ送る。').optional(),
      unlabelled: choice(
        ['ask', ...CLASSES],
        '分類が書かれていないメールの分類。ask は書いた人に返す。書かなければ ask。',
      ).optional(),
      marks: list(
        z.strictObject({
          text: text('団体の印。例 庁外秘'),
          class: z.enum(CLASSES).describe('印が意味する分類'),
        }),
        '自治体機密性のほかに、団体が使う印。',
      ).optional(),
      lgwan: nextHop('ほかの団体あてのメールを渡すメールサーバー。入る側の領域の機器の識別名。')
        .describe('ほかの団体あてのメールの届け先。書かなければ deliver と同じ。')
        .optional(),
      lgwanDomains: list(
        domains('LGWANの中のドメイン。例 town.example.lg.jp。.lg.jp は、その下のすべて'),
        'LGWANの中のドメイン。そこあてのメールは、インターネットのメールとして扱わない。',
        limit.MAX_DOMAINS,
      ).optional(),
    })
    .describe('庁内からインターネットへのメール。書かなければ、出さない。')
    .optional(),
})
const screenGate = z.strictObject({
  ...gate,
  clipboard: flag('コピーと貼り付けを通す').optional(),
  file: flag('ファイルの受け渡しを通す').optional(),
  drive: flag('ドライブの共有を通す').optional(),
  printer: flag('プリンターの共有を通す').optional(),
})

const webService = z.strictObject({
  service: id.describe('クラウドサービスの識別名。接続先は、この関所の通信と相手が決める。'),
  list: id.describe('接続先の一覧の識別名。例 microsoft-365'),
  areas: list(
    z.string().regex(/^[A-Za-z0-9-]{1,40}$/, 'TOWN-WEB-SET' satisfies ProblemReason),
    '一覧の中の、使う区分。例 Exchange。Common はいつも使う。',
  ).optional(),
  optional: list(
    z.string().regex(/^[A-Za-z0-9-]{1,63}$/, 'TOWN-WEB-SET' satisfies ProblemReason),
    '「なくてもよい」とされた接続先のうち、使うものの番号。',
  ).optional(),
  pattern: choice(
    CLOUD_PATTERNS,
    '使い方。ライセンス認証、定義体・更新の取得、サインイン、コミュニケーション、外部とのファイルの受け渡し。2つ以上なら後のもの。',
  ),
  departments: z
    .union([z.literal('all'), z.array(id).max(limit.MAX_ITEMS)], { error: because('TOWN-VALUE') })
    .describe('使う課の識別名。どの課でもよいときだけ all。空の一覧は「だれも使わない」。'),
  people: list(id, '課のほかに使う職員の識別名').optional(),
  tenants: z
    .strictObject({
      allowed: list(
        z
          .string()
          .regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/, 'TOWN-WEB-TENANT' satisfies ProblemReason),
        'サインインしてよいテナントのドメインか ID。空の一覧は「どこにもサインインできない」。',
      ),
      directory: z
        .string()
        .regex(
          /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
          'TOWN-WEB-TENANT' satisfies ProblemReason,
        )
        .describe('団体のテナントの ID。Microsoft のサービスでは、これがないと制限が効かない。')
        .optional(),
      maker: choice(
        ['microsoft', 'google'],
        'サービスの作り手。一覧が microsoft-365 なら書かなくてよい。',
      ).optional(),
      field: z
        .string()
        .regex(/^[A-Za-z][A-Za-z0-9-]{2,63}$/, 'TOWN-WEB-FIELD' satisfies ProblemReason)
        .describe(
          'ほかの作り手が決めた、要求に書き足す項目の名前。inspect に書いたすべての接続先で書き足す。',
        )
        .optional(),
    })
    .describe('テナントの制限。書かなければ制限しない。')
    .optional(),
  inspect: list(
    z.strictObject({
      host: z
        .string()
        .regex(
          /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,62}$/,
          'TOWN-WEB-HOST' satisfies ProblemReason,
        )
        .describe('名前を一つ。「*」は使えない。例 login.microsoftonline.com'),
      reason: text('理由。職員に示す。'),
    }),
    '関所が暗号を解いて中を確かめる接続先。書かない接続先の中は見ない。',
  ).optional(),
  dailyBytes: whole(
    1,
    limit.MAX_DAILY_BYTES,
    'このサービスへ、一人が一日に送れるバイト数。書かなければ上限なし。',
  ).optional(),
  websocket: flag(
    '中を確かめる接続先で WebSocket を通す。その中身は見えない。使い方がコミュニケーションで、dailyBytes があるときだけ書ける。',
  ).optional(),
})
const clock = (label: string) =>
  z
    .string()
    .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'TOWN-CLOCK' satisfies ProblemReason)
    .describe(`${label}。08:30 の形。`)
const webWatch = z.strictObject({
  hours: z
    .strictObject({ from: clock('仕事が始まる時刻'), until: clock('仕事が終わる時刻') })
    .refine(({ from, until }) => from < until, 'TOWN-CLOCK-ORDER' satisfies ProblemReason)
    .describe(
      `仕事の時間。書かなければ ${limit.WEB_WATCH.hours.from} から ${limit.WEB_WATCH.hours.until}。土日、祝日、12月29日から1月3日は、休みと数える。`,
    )
    .optional(),
  closed: list(date('休みの日'), 'そのほかの休みの日', limit.MAX_CLOSED_DAYS).optional(),
  offHoursBytes: whole(
    1,
    limit.MAX_DAILY_BYTES,
    `仕事の時間の外に、一人が一日に送ると知らせるバイト数。書かなければ ${limit.WEB_WATCH.offHoursBytes}。`,
  ).optional(),
  spikeTimes: whole(
    2,
    1000,
    `ふだんの日の何倍を送ると知らせるか。書かなければ ${limit.WEB_WATCH.spikeTimes}。`,
  ).optional(),
  spikeBytes: whole(
    1,
    limit.MAX_DAILY_BYTES,
    `これより少ないバイト数の日は、倍率にかかわらず知らせない。書かなければ ${limit.WEB_WATCH.spikeBytes}。`,
  ).optional(),
  mismatches: whole(
    1,
    10_000,
    `名前と行き先の食い違いが、一日に何件で知らせるか。書かなければ ${limit.WEB_WATCH.mismatches}。`,
  ).optional(),
  listDaysLeft: whole(
    1,
    limit.MAX_LIST_DAYS,
    `一覧が使えなくなる何日前から知らせるか。書かなければ ${limit.WEB_WATCH.listDaysLeft}。`,
  ).optional(),
  seenAs: list(
    address,
    'クラウドの側から見える、町の番号。書くと、別の所からの利用が分かる。',
  ).optional(),
})
const webGate = z.strictObject({
  id,
  from: id.describe('使う端末の領域'),
  system: id.describe('この関所が動くシステム。この関所の通信は、ここから始める。'),
  mode: choice(
    ['report', 'enforce'],
    '一覧にないものの扱い。report は記録して通す（見守り）、enforce は止める。書かなければ止める。',
  ).optional(),
  listDays: whole(
    1,
    limit.MAX_LIST_DAYS,
    `接続先の一覧を、取り込みから何日まで使うか。過ぎると何も通さない。書かなければ${limit.DEFAULT_LIST_DAYS}日。`,
  ).optional(),
  signers: list(
    z
      .string()
      .regex(
        /^[a-z0-9][a-z0-9-]{0,62}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$/,
        'TOWN-WEB-KEY' satisfies ProblemReason,
      ),
    '一覧を取り込む人と承認する人の公開鍵。「sekisho cloud list key」が示す行。空の一覧は「だれの署名も認めない」。',
  ).optional(),
  services: list(webService, '使うクラウドサービス。空の一覧は「どこへもつながない」。'),
  watch: webWatch.describe('何があれば情報担当に知らせるか。').optional(),
  refusalPages: flag(
    '止めた理由を、ブラウザーに頁で示す。止めた先の名前の証明書を、町の認証局が出すことになる。書かなければ示さない。',
  ).optional(),
})

const organisation = z.strictObject({
  ciso: document.describe('最高情報セキュリティ責任者を定めた文書').optional(),
  csirt: document.describe('緊急対応の体制を定めた文書').optional(),
  committee: z
    .strictObject({ ...paper, lastMet: date('直近に開いた日').optional() })
    .describe('情報セキュリティ委員会')
    .optional(),
  monitoring: z
    .strictObject({ ...paper, complianceChecked: flag('守られているかを確かめている') })
    .describe('ネットワークの監視')
    .optional(),
  logs: z
    .strictObject({
      ...paper,
      retentionDays: whole(0, 36_600, '残す日数'),
      tamperProtected: flag('書き換えから守っている'),
      lastReviewed: date('直近に見直した日').optional(),
    })
    .describe('ログの取得と保管')
    .optional(),
})

const control = z.strictObject({
  control: z
    .string()
    .regex(/^[A-Z]{2}-\d{2}$/, 'TOWN-ID' satisfies ProblemReason)
    .describe('対策の番号。例 BT-05'),
  ...paper,
})

const exception = z.strictObject({
  id,
  subject: text('例外の対象'),
  reason: text('例外の理由'),
  approvedBy: text('認めた人'),
  until: date('例外の終わりの日').optional(),
})

const macro = z.strictObject({
  id,
  name: text('マクロの名前。承認する人が読む。'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'TOWN-DIGEST' satisfies ProblemReason)
    .describe('vbaProject.bin の SHA-256。'),
  system: id.describe('このマクロを使う情報システム'),
  reason: text('例外の理由'),
  approvedBy: text('認めた人'),
  from: date('例外の始まりの日'),
  until: date('例外の終わりの日。終わりのない例外はない。'),
})

const covered = z
  .string()
  .regex(/^(system|service|asset):[a-z0-9][a-z0-9-]{0,62}$/, 'TOWN-COVERED' satisfies ProblemReason)
  .describe('契約の対象。system: service: asset: に続けて識別名。')
const handled = choice(
  HANDLED_DATA,
  '相手が扱う個人の情報。なし、個人情報、特定個人情報。見ることができるだけでも扱うことに入る。',
)
const forum = (label: string) =>
  choice(
    ['unset', 'foreign', 'foreign-reasoned', 'japan'],
    `${label}。定めなし、日本以外、日本以外（理由を記録した）、日本。書かなければ「定めなし」とみなす。`,
  ).optional()

const contract = z.strictObject({
  id,
  name: text('契約の名前'),
  vendor: text('委託先の名前'),
  kind: choice(
    ['work', 'cloud', 'operate', 'build'],
    '業務の委託、クラウドの利用、運用・保守、構築のどれか。',
  ),
  owner: id.describe('主管課の識別名'),
  covers: list(covered, '契約の対象。空の一覧は「どれでもない」。'),
  personal: handled,
  signed: date('契約を結んだ日').optional(),
  starts: date('契約の始まりの日'),
  ends: date('契約の終わりの日'),
  dataSupply: choice(
    ['not-begun', 'asked', 'begun'],
    'データを渡す話。渡していない、求められている、渡している。',
  ),
  dataFrom: date('データを渡し始める日、または渡し始めた日').optional(),
  law: forum('準拠法'),
  court: forum('裁判管轄'),
  incidentHours: whole(
    1,
    limit.MAX_HOURS,
    '事故を知ってから知らせるまでの時間数。書かなければ「定めなし」とみなす。',
  ).optional(),
})

const contractPaper = z.strictObject({
  id,
  name: text('書類の名前'),
  contract: id.describe('契約の識別名'),
  date: date('書類の日付'),
  until: date('効力の終わりの日。書かなければ、契約の間ずっと。').optional(),
  states: list(
    choice(CONTRACT_TERMS, '書類に書かれていること。'),
    '書類に書かれていること。ここにないことは、書かれていないとみなす。',
  ),
})

const subcontractor = z.strictObject({
  id,
  name: text('再委託先の名前'),
  under: id.describe('すぐ上の契約か再委託先の識別名'),
  work: text('任せる業務').optional(),
  data: text('渡すデータ。渡さないときは「なし」と書く。').optional(),
  personal: handled,
  starts: date('業務の始まりの日'),
  consent: z
    .strictObject({ ...paper, by: id.describe('同意した課の識別名。同意は団体のもの。') })
    .describe('最初の委託者（団体）の同意。業務の始まりまでに要る。')
    .optional(),
})

const mediumEnd = (label: string) =>
  choice(['mynumber', 'lgwan', 'internet', 'outside'], `${label}。三つの領域か、役場の外。`)
const medium = z.strictObject({
  id,
  name: text('媒体の名前'),
  kind: choice(
    ['hdd', 'ssd', 'optical', 'tape', 'paper', 'cloud'],
    'HDD、SSD・USBメモリ、光ディスク、磁気テープ、紙、クラウドの保存領域のどれか。',
  ),
  number: text('製造番号や管理番号').optional(),
  from: date('使い始めた日、または受け取った日'),
  holder: choice(
    ['town', 'contractor', 'other-body', 'private'],
    '誰の媒体か。役場、委託先、住民や他団体、職員の私物。',
  ),
  owner: id.describe('保管する課の識別名'),
  place: text('置き場所'),
  content: choice(
    MEDIUM_CONTENTS,
    '入れた中で最も重いもの。自治体機密性1だけ、2以上、マイナンバー利用事務系の住民情報。',
  ),
  assets: list(id, '入れた情報資産の識別名。空の一覧は「どれでもない」。'),
  encrypted: flag('中身または媒体を暗号化している'),
  use: z
    .strictObject({
      from: mediumEnd('写し元'),
      to: mediumEnd('写し先'),
      by: text('使う人'),
      approvedBy: text('認めた人。書かなければ「まだ誰も認めていない」とみなす。').optional(),
      until: date('使う期間の終わりの日').optional(),
      virusCheck: choice(
        ['none', 'usual', 'isolated'],
        '使う前のウイルスの検査。しない、いつもの端末、つながらない端末。',
      ),
      confirmed: list(
        choice(MEDIUM_USE_POINTS, '確かめたこと。'),
        '確かめたこと。ここにないことは、まだとみなす。',
      ),
    })
    .describe('認めている使い方')
    .optional(),
  disposed: z
    .strictObject({
      date: date('消した日、壊した日'),
      method: choice(DISPOSAL_METHODS, '消し方、壊し方。'),
      hands: choice(
        ['staff', 'contractor-here', 'contractor-away'],
        '職員が庁内で、事業者が庁内で、事業者が持ち帰って。',
      ),
      by: text('行った人か事業者'),
      witness: text('立ち会った職員').optional(),
      reuse: flag('もう一度使う、譲る、売る'),
      leased: flag('リースなど、返す機器である'),
      confirmed: list(
        choice(DISPOSAL_POINTS, '確かめたこと。'),
        '確かめたこと。ここにないことは、まだとみなす。',
      ),
    })
    .describe('廃棄、返却、使い回し')
    .optional(),
  certificate: document.describe('消去または破壊の証明書').optional(),
})

const incident = z.strictObject({
  id,
  name: text('事案の名前'),
  found: date('役場のだれかが知った日。期限はこの日から数える'),
  sort: choice(
    ['near-miss', 'trouble', 'suspected', 'happened'],
    'ヒヤリとした、不具合、漏えい等のおそれ、漏えい等が起きた。',
  ),
  sign: choice(
    ['none', 'server-theft', 'stealer', 'c2-contact', 'soc-notice'],
    '漏えいのおそれの兆し。なければ none。',
  ),
  summary: text('何があったか'),
  involves: list(
    choice(INCIDENT_ASPECTS, '当てはまること。'),
    '当てはまること。なければ空の一覧。',
  ),
  persons: whole(0, limit.MAX_PERSONS, '何人分の情報か。分からないときは、入っていた全員。'),
  stronglyEncrypted: flag('高度な暗号化で読めない。書かなければ「いいえ」。').optional(),
  reported: z
    .strictObject({
      csirt: date('CSIRTに知らせた日').optional(),
      ciso: date('CISOに知らせた日').optional(),
      first: date('個人情報保護委員会への速報の日').optional(),
      final: date('個人情報保護委員会への確報の日').optional(),
      persons: date('本人に知らせた日').optional(),
      otherSide: date('委託先または委託元が報告した日').optional(),
    })
    .describe('知らせた日。書かなければ「まだ」とみなす。')
    .optional(),
  nineFieldsComplete: flag('確報の九つの欄が埋まっている。書かなければ「いいえ」。').optional(),
})
const readings = z
  .strictObject(
    Object.fromEntries(
      loadGuideline()
        .openPoints.filter(({ kind }) => kind === 'reading' || kind === 'display')
        .map(({ id: point, question, readings: known }) => [
          point,
          z
            .strictObject({
              reading: choice(
                known.map((one) => one.id) as [string, ...string[]],
                known.map((one) => `${one.id} は「${one.short}」`).join('、'),
              ),
              approvedBy: text('決めた人').optional(),
              title: paper.title.optional(),
              date: paper.date.optional(),
            })
            .describe(question)
            .optional(),
        ]),
    ),
  )
  .describe('解釈が分かれる論点の読み方。書かなければ初めの読み方。')

const test = z.strictObject({
  name: text('確かめること。文で書く。'),
  from: testEnd,
  to: testEnd,
  port: whole(1, 65_535, 'ポート').optional(),
  protocol: protocol.optional(),
  expect: choice(['通過', '差止め'], '期待する結果。'),
})

const firewallInterface = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/, 'TOWN-VALUE' satisfies ProblemReason)
    .describe('ファイアウォールの口の名前。例 ens3'),
  zone: id.describe('この口の先の領域').optional(),
  network: choice(['internet', 'lgwan', 'dedicated'], 'この口の先の、外部の網').optional(),
  peers: list(id, 'この口の先の相手').min(1).optional(),
})

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

function department() {
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
