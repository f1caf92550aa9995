import type { DisarmOffer, DisarmReport } from '@sekisho/core'
import { canFlatten } from '../flatten/index.ts'

/**
 * What can be tried next with a refused file: its password, or 画像化 when rebuilding is impossible and pages can be drawn here. A file that a
 * virus scanner knows, that is a bomb, or that was already drawn has no second way.
 */
export function offersFor(
  { verdict, type, reason = '' }: DisarmReport,
  has: (tool: string) => boolean,
): readonly DisarmOffer[] {
  if (verdict !== 'refused') return []
  if (reason === 'ENCRYPTED' || reason === 'PASSWORD-WRONG') return ['password']
  const drawable = canFlatten(type) && has('pages') && (type === 'pdf' || has(`paper:${type}`))
  return drawable && !NO_SECOND_WAY.test(reason) ? ['flatten'] : []
}

const NO_SECOND_WAY = /^(?:AV-|LIMIT-|FLATTEN-|ZIP-BOMB|TYPE-|RIGHTS|ENG-|PDF-EMPTY|PDF-EMBED)/
