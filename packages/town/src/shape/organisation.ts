/** Keys of town.yaml for papers, controls, exceptions and chosen readings. */
import { loadGuideline } from '@sekisho/guideline'
import { z } from 'zod'
import type { ProblemReason } from '../problem.ts'
import { choice, date, document, flag, id, paper, text, whole } from './field.ts'

export const organisation = z.strictObject({
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

export const control = z.strictObject({
  control: z
    .string()
    .regex(/^[A-Z]{2}-\d{2}$/, 'TOWN-ID' satisfies ProblemReason)
    .describe('対策の番号。例 BT-05'),
  ...paper,
})

export const exception = z.strictObject({
  id,
  subject: text('例外の対象'),
  reason: text('例外の理由'),
  approvedBy: text('認めた人'),
  until: date('例外の終わりの日').optional(),
})

export const macro = z.strictObject({
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

export const readings = z
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
