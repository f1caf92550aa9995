/** Keys of town.yaml for the gates of files, mail and screens. */
import { MAIL_APPROVALS, MAIL_DMARC, MAIL_TLS } from '@sekisho/core'
import { z } from 'zod'
import * as limit from '../limits.ts'
import { CLASSES, choice, domain, domains, flag, id, list, text, whole } from './field.ts'

const gate = { id, from: id.describe('出る側の領域'), to: id.describe('入る側の領域') }

export const fileGate = z.strictObject({
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

export const mailGate = z.strictObject({
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

export const screenGate = z.strictObject({
  ...gate,
  clipboard: flag('コピーと貼り付けを通す').optional(),
  file: flag('ファイルの受け渡しを通す').optional(),
  drive: flag('ドライブの共有を通す').optional(),
  printer: flag('プリンターの共有を通す').optional(),
})
