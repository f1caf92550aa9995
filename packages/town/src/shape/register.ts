/** Keys of town.yaml for media and incidents. */
import {
  DISPOSAL_METHODS,
  DISPOSAL_POINTS,
  INCIDENT_ASPECTS,
  MEDIUM_CONTENTS,
  MEDIUM_USE_POINTS,
} from '@sekisho/core'
import { z } from 'zod'
import * as limit from '../limits.ts'
import { choice, date, document, flag, id, list, text, whole } from './field.ts'

const mediumEnd = (label: string) =>
  choice(['mynumber', 'lgwan', 'internet', 'outside'], `${label}。三つの領域か、役場の外。`)

export const medium = z.strictObject({
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

export const incident = z.strictObject({
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
