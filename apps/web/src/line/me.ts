import type { Me } from '@sekisho/server/api'
import { createContext, use } from 'react'

export const MeContext = createContext<Me | undefined>(undefined)

/** Who is signed in. Only below the frame, where somebody always is. */
export function useMe(): Me {
  const me = use(MeContext)
  if (me === undefined) throw new TypeError('useMe outside of the frame')
  return me
}
