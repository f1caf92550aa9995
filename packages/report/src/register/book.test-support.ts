import { disarmHere, partsOf, writeZip } from '@sekisho/disarm'
import { readTown } from '@sekisho/town'
import type { TownReading } from '@sekisho/town'
import { readWorkbook } from '../excel/read.ts'
import type { HeldWorkbook } from '../excel/read.ts'
import { exportRegisters } from './export.ts'
import { planImport } from './import.ts'
import type { ImportOptions, ImportPlan } from './import.ts'

/** A small town with the names that break elsewhere, comments, and values left out. */
export const TOWN = `# 葛\u{E0102}城町の定義
town: { name: 葛\u{E0102}城町, staff: 184, model: α, edition: R8.3 }

departments:
  - { id: jumin, name: 住民課 }
  - { id: zeimu, name: 税務課03 }
  - { id: joho, name: 情報政策室 }

zones:
  - { id: mynumber, name: マイナンバー利用事務系, kind: mynumber, networks: [10.10.0.0/16] }
  - { id: lgwan, name: LGWAN接続系, kind: lgwan, networks: [10.20.0.0/16] }
  - { id: internet, name: インターネット接続系, kind: internet, networks: [10.30.0.0/16] }

peers:
  - { id: juki-net, name: 住基ネット, network: dedicated, internetCapable: false, addresses: [172.21.1.0/28] }

systems:
  - id: juki
    name: 住民記録
    zone: mynumber
    owner: jumin
    hosts:
      - { id: juki-ap, name: 業務サーバー, role: server, addresses: [10.10.1.11], authentication: [knowledge, possession], removableMedia: { write: false } }
  - id: bunsho
    name: 文書管理
    zone: lgwan
    owner: joho
    hosts:
      - { id: bunsho-ap, name: 業務サーバー, role: server, addresses: [10.20.1.11], authentication: [knowledge, possession], removableMedia: { write: false } }

services:
  - id: kaigi
    name: 会議録検索
    kind: contract
    ismap: { registered: false, checked: 2026-04-20 }
    dataCentre: 国内
    withinJapaneseLaw: true

# 情報資産（この注釈は残る）
assets:
  # 住民の情報
  - { id: daicho, name: 住民基本台帳, class: 自治体機密性3B, integrity: 自治体完全性2, availability: 自治体可用性2, personal: specific, place: juki, owner: jumin } # 原本
  - { id: kessai, name: 決裁文書, class: 自治体機密性2, integrity: 自治体完全性2, availability: 自治体可用性2, personal: none, place: bunsho, owner: joho }
  # 公表している情報
  - { id: roku, name: 会議録, class: 自治体機密性1, integrity: 自治体完全性2, availability: 自治体可用性1, personal: none, place: kaigi, owner: joho }

flows:
  - id: juki-net
    name: 住基ネットとの連携
    from: host:juki-ap
    to: peer:juki-net
    protocol: tcp
    ports: [443, "8000-8010"]
    purpose: 照会
    owner: jumin
    expires: 2029-03-31
    fixed: { number: 葛特-01, approvedBy: 室長, date: 2026-04-01, macLimited: true }
  - { id: bunsho-juki, name: 連携, from: system:bunsho, to: zone:lgwan, ports: any, via: [] }

people:
  - { id: s0001, name: 葛\u{E0102}城 由美, department: jumin, roles: [clerk], from: 2019-04-01 }
  - { id: s0002, name: 𠮷田 健一, department: jumin, roles: [clerk, approver], from: 2004-04-01 }
  - { id: s0003, name: 髙橋 徹, department: joho, from: 2015-04-01, until: 2027-03-31 }
  - { id: s0004, name: 山﨑 恵子, department: zeimu, roles: [], from: 2000-04-01 }
`

export function reading(text: string): TownReading {
  const read = readTown(text)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read
}

/** Sheets of an export, in their order. */
export const SHEETS = {
  assets: 1,
  services: 2,
  flows: 3,
  people: 4,
  contracts: 5,
  contractPapers: 6,
  subcontractors: 7,
  media: 8,
  incidents: 9,
} as const

/** An export of the town. */
export const exported = (text: string = TOWN): Uint8Array =>
  exportRegisters(reading(text), '2026-11-25')

/** The workbook with some of its parts rewritten, as another program or an attacker would. */
export function rewritten(
  book: Uint8Array,
  change: (name: string, text: string) => string,
  more: Readonly<Record<string, string>> = {},
): Uint8Array {
  const parts = [...partsOf(book)].map(([name, bytes]) => ({
    name,
    bytes: Buffer.from(change(name, Buffer.from(bytes).toString())),
  }))
  const added = Object.entries(more).map(([name, text]) => ({ name, bytes: Buffer.from(text) }))
  return writeZip([...parts, ...added])
}

/** Content of a cell: a text, `{ v, s }` for a number in a format, or markup. */
export type Content =
  | string
  | { readonly v: number; readonly s?: number }
  | { readonly xml: string }

/** Cells of one sheet with other content; the row must be laid out already. */
export function withCells(
  book: Uint8Array,
  sheet: number,
  cells: Readonly<Record<string, Content>>,
): Uint8Array {
  return rewritten(book, (name, text) => {
    if (name !== `xl/worksheets/sheet${sheet}.xml`) return text
    return Object.entries(cells).reduce((whole, [cell, content]) => {
      const old = new RegExp(`<c r="${cell}"[^>]*?(?:/>|>.*?</c>)`, 'su')
      if (!old.test(whole)) throw new Error(`no cell ${cell}`)
      return whole.replace(old, () => markup(cell, content))
    }, text)
  })
}

function markup(cell: string, content: Content): string {
  if (typeof content === 'string') {
    const text = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
    return `<c r="${cell}" t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`
  }
  if ('xml' in content) return `<c r="${cell}">${content.xml}</c>`
  return `<c r="${cell}" s="${content.s ?? 0}"><v>${content.v}</v></c>`
}

/** What is read of a workbook: only its rebuilt bytes. */
export function rebuilt(bytes: Uint8Array, name = '台帳.xlsx'): HeldWorkbook {
  const { output, report } = disarmHere(bytes, { name })
  const book = output && readWorkbook(output)
  if (!book) throw new Error(`refused: ${report.reason}`)
  return book
}

/** The plan of importing a workbook into a town. */
export const planned = (
  bytes: Uint8Array,
  options: ImportOptions = {},
  text: string = TOWN,
): ImportPlan => planImport(rebuilt(bytes), { read: reading(text), text }, options)

/** `D7 REG-…` of each problem. */
export function faults(plan: ImportPlan): readonly string[] {
  if (plan.ok) return []
  return plan.problems.map(({ cell, place, reason }) => `${cell ?? place} ${reason}`)
}

/** Sentences of the changes. */
export function sentences(plan: ImportPlan): readonly string[] {
  if (!plan.ok) throw new Error(plan.problems.map((one) => JSON.stringify(one)).join('\n'))
  return plan.changes.map(({ sentence }) => sentence)
}

/** The text that a plan would write. */
export function textOf(plan: ImportPlan): string {
  if (!plan.ok) throw new Error(plan.problems.map((one) => JSON.stringify(one)).join('\n'))
  return plan.text
}
