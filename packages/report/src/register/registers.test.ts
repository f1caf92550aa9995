import { townSchema } from '@sekisho/town'
import { describe, expect, it } from 'vitest'
import findings from '../../words/findings.json' with { type: 'json' }
import problems from '../../words/register-problems.json' with { type: 'json' }
import words from '../../words/registers.json' with { type: 'json' }
import { readWorkbook } from '../excel/read.ts'
import { exported, reading, rebuilt, TOWN } from './book.test-support.ts'
import { registerTemplate } from './export.ts'
import { namesOf } from './names.ts'
import { choicesOf, fieldWords, REGISTERS } from './registers.ts'

interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
  readonly items?: Shape
  readonly type?: string
  readonly enum?: readonly string[]
}
const schema = townSchema() as Shape
const entry = (key: string): Shape => schema.properties![key]!.items!

describe('the registers', () => {
  it.each(REGISTERS)(
    '$key has a column for each value that an entry may hold',
    ({ key, fields }) => {
      const paths = Object.entries(entry(key).properties!).flatMap(([name, { properties }]) =>
        properties === undefined
          ? [name]
          : Object.keys(properties).map((inner) => `${name}.${inner}`),
      )
      expect(fields.map(({ path }) => path).toSorted()).toEqual(paths.toSorted())
    },
  )

  it.each(REGISTERS)('$key needs what the declaration needs', ({ key, fields }) => {
    const { properties, required } = entry(key)
    for (const { path, needed } of fields) {
      const [name, inner] = path.split('.') as [string, string?]
      const expected =
        inner === undefined
          ? required?.includes(name) && 'always'
          : properties?.[name]?.required?.includes(inner) && 'group'
      expect([path, needed ?? false]).toEqual([path, expected || false])
    }
  })

  it('offers exactly the closed values of the declaration, each with words of its own', () => {
    for (const { key, fields } of REGISTERS)
      for (const field of fields) {
        if (field.choices === undefined) continue
        const property = field.path
          .split('.')
          .reduce<Shape>((shape, name) => shape.properties![name]!, entry(key))
        const allowed = property.enum ?? property.items?.enum
        expect([...choicesOf(field).keys()].toSorted()).toEqual(allowed?.toSorted())
        expect(new Set(choicesOf(field).values()).size).toBe(choicesOf(field).size)
      }
  })

  it('never give two columns one title', () => {
    for (const { key, fields } of REGISTERS) {
      const titles = fields.map(({ path }) => fieldWords(key, path)[0])
      expect(new Set(titles).size).toBe(titles.length)
    }
  })
})

describe('the workbook of the registers', () => {
  it('has a sheet for each, what may be chosen, and what each column means', () => {
    const sheets = readWorkbook(exported())!.sheets
    expect(sheets.map(({ name }) => name)).toEqual([
      '情報資産',
      'クラウドサービス',
      '通信と特定通信',
      '職員',
      '契約',
      '契約の書類',
      '再委託',
      '媒体と廃棄',
      '事案',
      '選択肢',
      '説明',
    ])
    const told = [...sheets.at(-1)!.rows.values()]
      .map((row) => row.get(1))
      .map((cell) => cell?.kind === 'text' && cell.text)
    for (const { key, fields } of REGISTERS)
      for (const { path } of fields) expect(told).toContain(fieldWords(key, path)[0])
    const choices = [...sheets.at(-2)!.rows.values()].flatMap((row) => [...row.values()])
    expect(choices).toContainEqual({ kind: 'text', text: '税務課03', formula: false })
    expect(choices).toContainEqual({
      kind: 'text',
      text: '業務サーバー（host:juki-ap）',
      formula: false,
    })
  })

  it('as a template is the same without entries, with or without a town', () => {
    for (const template of [
      registerTemplate('2026-11-25'),
      registerTemplate('2026-11-25', reading(TOWN)),
    ]) {
      const { sheets } = rebuilt(template)
      expect(sheets).toHaveLength(REGISTERS.length + 2)
      for (const sheet of sheets.slice(0, REGISTERS.length))
        expect([...sheet.rows.keys()]).toEqual([0])
    }
  })
})

describe('a thing called by its name', () => {
  const names = namesOf([
    ['a', '税務課'],
    ['b', '係'],
    ['c', '係'],
    ['d', 'a'],
    ['many', '庶務課１'],
  ])
  it('is found by it, by its id, and by both when two bear one name', () => {
    for (const id of ['a', 'b', 'c', 'd', 'many']) {
      expect(names.find(names.label(id))).toEqual({ reference: id })
      expect(names.find(id)).toEqual({ reference: id })
    }
    expect(names.label('a')).toBe('税務課')
    expect(names.label('b')).toBe('係（b）')
    expect(names.label('d')).toBe('a（d）')
    expect(names.find('係')).toBe('many')
    expect(names.find('庶務課1')).toEqual({ reference: 'many' })
    expect(names.find('税務係')).toBeUndefined()
  })
})

describe('every sentence for people', () => {
  const BANNED =
    /エラー|不正|違反|拒否|失敗|アップロード|ダウンロード|サニタイズ|タイムアウト|無効|処理中|！/u
  const texts = (value: unknown): readonly string[] =>
    typeof value === 'string' ? [value] : Object.values(value as object).flatMap(texts)

  it.each(texts([problems, words, findings]))('%s', (text) => {
    for (const one of text.split('。')) expect([...one].length).toBeLessThanOrEqual(60)
    expect(text).not.toMatch(BANNED)
  })
})
