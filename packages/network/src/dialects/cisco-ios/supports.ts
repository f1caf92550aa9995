import type { Permit } from '../../declared/permit.ts'
import { isBound } from '../dialect.ts'
import type { Lack } from '../dialect.ts'

/** The last year that `absolute` of a time range takes (Cisco IOS Command Reference, `absolute`). */
const LAST_YEAR = 2035

/**
 * What lists of IOS cannot say of a permit. An extended list has no MAC address. What `reflect` opens for the answers to an echo is all of ICMP between the two,
 * redirects included, and without it an answer needs no question.
 */
export const lacksOf = (permit: Permit): readonly Lack[] => [
  ...(isBound(permit) ? (['MAC'] as const) : []),
  ...(permit.protocol === 'icmp' ? (['ECHO'] as const) : []),
  ...(Number(permit.expires?.slice(0, 4) ?? 0) > LAST_YEAR ? (['EXPIRY'] as const) : []),
]
