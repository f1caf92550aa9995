/** A file that the server made, to be saved and never shown in place. */
import type { WebContext } from './web.ts'

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
export const PDF = 'application/pdf'
export const ZIP = 'application/zip'
/** Never `text/*`: a browser would show a declaration instead of saving it. */
export const YAML = 'application/yaml'

/** @param name letters, digits, `.`, `_` and `-` only: it stands in a header */
export function attachment(
  context: WebContext,
  name: string,
  type: string,
  bytes: Uint8Array,
): Response {
  context.header('content-type', type)
  context.header('content-disposition', `attachment; filename="${name}"`)
  return context.body(new Uint8Array(bytes))
}
