import type { Permit } from '../../declared/permit.ts'
import { isBound } from '../dialect.ts'
import type { Lack } from '../dialect.ts'

/** The last year that `absolute end` of a time range takes (ASA Command Reference, `absolute`). */
const LAST_YEAR = 2035

/** What ASA cannot say of a permit: an ACE of a routed firewall has no MAC address, and a time range an end of years. */
export const lacksOf = (permit: Permit): readonly Lack[] => [
  ...(isBound(permit) ? (['MAC'] as const) : []),
  ...(Number(permit.expires?.slice(0, 4) ?? 0) > LAST_YEAR ? (['EXPIRY'] as const) : []),
]
