import type { Permit } from '../../declared/permit.ts'
import { isBound } from '../dialect.ts'
import type { Lack } from '../dialect.ts'

/** What PAN-OS cannot say of a permit: a security rule asks for zones, addresses, users, applications and services, not for the MAC address of a sender. */
export const lacksOf = (permit: Permit): readonly Lack[] => (isBound(permit) ? ['MAC'] : [])
