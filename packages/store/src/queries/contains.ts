import { sql } from 'kysely'
import type { Expression, SqlBool } from 'kysely'

/** Substring search in which the searched text is only text: `%` and `_` of a person's input match themselves. */
export function contains(column: string, text: string): Expression<SqlBool> {
  const place = sql.ref(column)
  return sql<SqlBool>`replace(${place}, ${text}, '') != ${place}`
}
