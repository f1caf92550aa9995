import { z } from 'zod'
import { townShape } from './shape.ts'

/**
 * The JSON Schema (draft-07, for yaml-language-server) that editors complete town.yaml with; the file
 * `schema/town.schema.json` is exactly this.
 */
export function townSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(townShape, { target: 'draft-07', io: 'input' })
  return {
    $schema,
    title: '町の定義（town.yaml）',
    description: '団体の領域、システム、情報資産、通信、関所、職員、体制を一度だけ書くファイル。',
    ...schema,
  }
}
