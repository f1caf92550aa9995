import type { Permit } from '../../declared/permit.ts'
import { isBound } from '../dialect.ts'
import type { Lack } from '../dialect.ts'

/**
 * What FortiOS cannot say of a permit. An address of type `mac` stands beside the IP addresses of a policy, never together with one, and is asked of senders
 * alone; `ipmacbinding` binds both, but for the whole machine and for IPv4 (FortiOS 7 CLI Reference, `firewall address`, `firewall ipmacbinding setting`).
 */
export const lacksOf = (permit: Permit): readonly Lack[] => (isBound(permit) ? ['MAC'] : [])
