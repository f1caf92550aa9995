import type { Me } from '@sekisho/server/api'
import { createContext, use } from 'react'

export const MeContext = createContext<Me | undefined>(undefined)

/** Who is signed in. Only below the frame, where somebody always is. */
export function useMe(): Me {
  const me = use(MeContext)
  if (me === undefined) throw new TypeError('useMe outside of the frame')
  return me
}

/** Those who mend or audit what a check finds. The server says the same. */
const CHECKERS = ['it-officer', 'ciso', 'auditor'] as const

/** True for whom 点検, 台帳 and explanations are there. */
export function checks({ side, user }: Me): boolean {
  return side === 'high' && CHECKERS.some((role) => user.roles.includes(role))
}

/** True for whom クラウドの利用 is there. */
export function watchesCloud({ cloud, user }: Me): boolean {
  return cloud && CHECKERS.some((role) => user.roles.includes(role))
}

/** True for whom 急いで止める is there: an auditor looks on and stops nothing. */
export function cutsCloud({ cloud, user }: Me): boolean {
  return cloud && ['it-officer', 'ciso'].some((role) => user.roles.includes(role))
}
