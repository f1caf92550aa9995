/** Keys of town.yaml for contracts and who works below them. */
import { CONTRACT_TERMS, HANDLED_DATA } from '@sekisho/core'
import { z } from 'zod'
import * as limit from '../limits.ts'
import type { ProblemReason } from '../problem.ts'
import { choice, date, id, list, paper, text, whole } from './field.ts'

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

export const contract = z.strictObject({
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

export const contractPaper = z.strictObject({
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

export const subcontractor = z.strictObject({
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
