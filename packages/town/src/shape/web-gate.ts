/** Keys of town.yaml for the gate of cloud services. */
import { CLOUD_PATTERNS } from '@sekisho/core'
import { z } from 'zod'
import * as limit from '../limits.ts'
import type { ProblemReason } from '../problem.ts'
import { address, because, choice, date, flag, id, list, text, whole } from './field.ts'

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

export const webGate = z.strictObject({
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
