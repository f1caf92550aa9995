import { MODELS } from '@sekisho/core'
import { describe, expect, test } from 'vitest'
import { fileText } from './corpus.test-support.ts'
import { townSchema } from './schema.ts'
import { townTemplate } from './template.ts'

interface Node {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Node>>
  readonly items?: Node | readonly Node[]
  readonly additionalProperties?: unknown
  readonly description?: string
}

function* objectsOf(node: Node, path = ''): Generator<readonly [string, Node]> {
  if (node.type === 'object') yield [path, node]
  for (const [key, one] of Object.entries(node.properties ?? {}))
    yield* objectsOf(one, `${path}.${key}`)
  const items = Array.isArray(node.items) ? (node.items as readonly Node[]) : [node.items as Node]
  for (const one of items) if (one !== undefined) yield* objectsOf(one, `${path}[]`)
}

describe('the published schema', () => {
  const schema = townSchema() as Node
  test('the file is what the generator writes: run packages/town/write-schema.ts', () => {
    const expected = `${JSON.stringify(schema, undefined, 2)}\n`
    expect(fileText('schema/town.schema.json')).toBe(expected)
  })
  test('is draft-07, which editors read', () => {
    expect(schema).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#' })
  })
  test('refuses keys it does not know, everywhere', () => {
    const objects = [...objectsOf(schema)]
    expect(objects.length).toBeGreaterThan(25)
    expect(objects.filter(([, one]) => one.additionalProperties !== false)).toEqual([])
  })
  test('describes every key in Japanese', () => {
    const undescribed = [...objectsOf(schema)].flatMap(([path, one]) =>
      Object.entries(one.properties ?? {})
        .filter(([, child]) => !/[ぁ-んァ-ヶ一-龠]/u.test(child.description ?? ''))
        .map(([key]) => `${path}.${key}`),
    )
    expect(undescribed).toEqual([])
  })
})

const firstLine = (text: string) => text.split('\n')[0]

test('every example tells the editor where its schema is, on its first line', () => {
  expect(firstLine(fileText('examples/kasumi/town.yaml'))).toBe(
    '# yaml-language-server: $schema=../../schema/town.schema.json',
  )
  for (const model of MODELS)
    expect(firstLine(townTemplate(model)!)).toBe(
      '# yaml-language-server: $schema=./town.schema.json',
    )
})
