import { SekishoError } from '@sekisho/core'
import type { Town } from '@sekisho/core'

export type FileRoute = Town['gates']['file'][number]

/**
 * The declared file route into the LGWAN side.
 *
 * @throws SekishoError CONFIG_INVALID when the town declares none: no declaration, no gate
 */
export function fileRoute(town: Town): FileRoute {
  const kindOf = (id: string) => town.zones.find((zone) => zone.id === id)?.kind
  const route = town.gates.file.find(
    (one) => kindOf(one.from) === 'internet' && kindOf(one.to) === 'lgwan',
  )
  if (route) return route
  throw new SekishoError(
    'CONFIG_INVALID',
    'インターネット接続系からLGWAN接続系へのファイルの道（gates.file）が宣言されていません。',
  )
}
