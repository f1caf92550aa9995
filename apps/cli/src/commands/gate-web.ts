import { UsageError } from '../command.ts'
import type { Arguments, Terminal } from '../command.ts'
import type { ExitCode } from '../exit.ts'
import type { GateKind } from './gate-kind.ts'
import { webAck, webAlerts } from './gate-web-alerts.ts'
import { webAuthority } from './gate-web-ca.ts'
import { approveWebFile } from './gate-web-approve.ts'
import { webAuditLog } from './gate-web-audit-log.ts'
import { cutWeb, openWeb } from './gate-web-cut.ts'
import { webDiscover } from './gate-web-discover.ts'
import { addPassword } from './gate-web-password.ts'
import { webReport } from './gate-web-report.ts'
import { runWeb } from './gate-web-run.ts'
import { showWeb } from './gate-web-show.ts'
import { webStatus } from './gate-web-status.ts'
import { webUse } from './gate-web-use.ts'

type Action = (rest: readonly string[], args: Arguments, terminal: Terminal) => Promise<ExitCode>

const WEB: Readonly<Record<string, Action>> = {
  run: runWeb,
  status: webStatus,
  report: webReport,
  show: showWeb,
  cut: cutWeb,
  open: openWeb,
  password: addPassword,
  use: webUse,
  alerts: webAlerts,
  ack: webAck,
  ca: webAuthority,
  approve: approveWebFile,
  discover: webDiscover,
  'audit-log': webAuditLog,
}

/** `sekisho gate web`. */
export const gateWeb: GateKind = {
  about: 'クラウドの関所を動かし、様子を見て、急ぐときにサービスを止めます',
  usage: [
    'sekisho gate web run [town.yaml] [--listen HOST:PORT] [--lists DIR] [--data DIR]',
    'sekisho gate web status [--data DIR] [--json]',
    'sekisho gate web show 受付番号 [--data DIR] [--json]',
    'sekisho gate web report [town.yaml] [--days 14] [--data DIR] [--format text|json|csv]',
    'sekisho gate web cut サービス [town.yaml] [--by 職員] [--because わけ] [--data DIR]   すぐに止めます',
    'sekisho gate web open サービス [town.yaml] [--data DIR]             また通します',
    'sekisho gate web password 職員 [--people FILE]',
    'sekisho gate web use [town.yaml] [--from 日] [--to 日] [--service ID] [--department ID] [--person ID] [--format text|json|csv]',
    'sekisho gate web alerts [town.yaml] [--every 10m] [--json]   確かめていない知らせがあれば、3 で終わります',
    'sekisho gate web ack 番号 [town.yaml] --by 職員 --reason 文',
    'sekisho gate web ca create [town.yaml] [--data DIR]                中を確かめるための認証局を作ります',
    'sekisho gate web ca show [town.yaml] [--data DIR] [--json]',
    'sekisho gate web approve ファイル [town.yaml] --service サービス --for 職員 --key FILE   送ってよいと承認します',
    'sekisho gate web discover [--log FILE…] [--town town.yaml] [--from 日] [--to 日] [--format text|json|csv]',
    'sekisho gate web audit-log FILE… [--town town.yaml] [--format text|json|csv]',
  ],
  flags: {
    lists: { type: 'string', value: 'DIR', default: 'lists', about: '一覧を置くフォルダ' },
    gate: {
      type: 'string',
      value: 'ID',
      about: 'クラウドの関所の識別名。町に一つなら要りません',
    },
    listen: {
      type: 'string',
      value: 'HOST:PORT',
      default: '127.0.0.1:8080',
      about: '端末を待つ番号とポート（run）',
    },
    name: {
      type: 'string',
      value: 'HOST',
      about: '端末から見た関所の名前。配る設定（PAC）に書かれます（run）',
    },
    'tls-cert': { type: 'string', value: 'FILE', about: '関所の証明書、PEM（run）' },
    'tls-key': { type: 'string', value: 'FILE', about: 'その鍵、PEM（run）' },
    'client-ca': {
      type: 'string',
      value: 'FILE',
      about: '端末の証明書を出した認証局、PEM（run）',
    },
    certificates: {
      type: 'string',
      value: 'FILE',
      about: '端末の証明書の指紋（SHA-256）と職員の表（run）',
    },
    people: {
      type: 'string',
      value: 'FILE',
      about: '職員とパスワードの表。password が書き足します（run、password）',
    },
    'trust-addresses': {
      type: 'string',
      value: 'FILE',
      about: '番号と職員の表。試しに動かすときだけ使ってください（run）',
    },
    resolver: {
      type: 'string',
      value: 'ADDRESS,…',
      about: '名前を引くサーバー。なければこの機械の設定のもの（run）',
    },
    domains: {
      type: 'string',
      value: 'NAME,…',
      about: '関所を通さない、町の名前（例 town.lg.jp。run）',
    },
    apply: {
      type: 'string',
      value: 'URL',
      about: '［利用を申請する］の行き先（例 https://sekisho.example/decide/breakout。run）',
    },
    format: {
      type: 'string',
      value: 'text|json|csv',
      default: 'text',
      about: '出し方。csv は web report だけです',
    },
    days: {
      type: 'string',
      value: '14',
      default: '14',
      about: 'さかのぼる日数（report）',
    },
    'enforce-now': {
      type: 'boolean',
      about: '見守った日が足りなくても、--activate で enforce を効かせます（run）',
    },
    'outside-ca': {
      type: 'string',
      value: 'FILE',
      about: '中を確かめる接続先の、公開されていない認証局、PEM（run）',
    },
    activate: { type: 'boolean', about: '書き換えた宣言を、この起動から効かせます（run）' },
    by: {
      type: 'string',
      value: '職員',
      about: '止める人、また通す人、確かめた人。記録に残ります（cut、open、ack）',
    },
    reason: { type: 'string', value: '文', about: '確かめたこと。記録に残ります（ack）' },
    from: { type: 'string', value: '日', about: 'この日から（use、discover）' },
    to: { type: 'string', value: '日', about: 'この日まで（use、discover）' },
    service: {
      type: 'string',
      value: 'ID',
      about: 'このサービスだけ（use）、送り先のサービス（approve）',
    },
    department: { type: 'string', value: 'ID', about: 'この課だけ（use）' },
    person: { type: 'string', value: 'ID', about: 'この職員だけ（use）' },
    for: { type: 'string', value: '職員', about: '送る人（approve）' },
    key: { type: 'string', value: 'FILE', about: '承認する人の鍵（approve）' },
    log: {
      type: 'boolean',
      about:
        'あとに並べたファイルを、ファイアウォール（nftables・iptables・FortiGate・Palo Alto）と squid の記録として読みます（discover）',
    },
    every: {
      type: 'string',
      value: '10m',
      about: 'この間隔で見続け、新しい知らせを出します（alerts）',
    },
    because: {
      type: 'string',
      value: 'わけ',
      about: '止めるか、また通すわけ。記録に残ります（cut、open）',
    },
  },
  async run(verb, args, terminal) {
    const action = Object.hasOwn(WEB, verb) ? WEB[verb] : undefined
    if (action === undefined)
      throw new UsageError(`${Object.keys(WEB).join('・')} のどれかを書いてください。`)
    return action(args.positionals.slice(2), args, terminal)
  },
}
