import type { Declared, Permit } from '../declared/permit.ts'

/** Firewalls of other makers, each a folder beside this file. */
export const VENDORS = ['fortigate', 'cisco-asa', 'cisco-ios', 'palo-alto'] as const
export type Vendor = (typeof VENDORS)[number]

/**
 * What a dialect has no words for, so that a flow which needs it is left out whole and never written wider.
 *
 * - `MAC`: the sender of each packet bound to its MAC address together with its IP address
 * - `ECHO`: an answer to an echo only where the echo was let through
 * - `EXPIRY`: a last day this late
 */
export type Lack = 'MAC' | 'ECHO' | 'EXPIRY'

/** A declared flow that a dialect cannot say. */
export interface NotSupported {
  readonly permit: Permit
  readonly lacks: readonly Lack[]
}

/** What a dialect says of a declaration, and what it has to leave out. */
export interface Written {
  /** Contents by file name; ASCII only (see `ascii`). */
  readonly files: Readonly<Record<string, string>>
  readonly notSupported: readonly NotSupported[]
}

/** A declaration as far as a dialect can say it. */
export interface Withheld {
  readonly declared: Declared
  readonly notSupported: readonly NotSupported[]
}

/** Takes out whole what a dialect cannot say. The rest is in the order of the names, whatever the order of the declaration. */
export function withhold(
  declared: Declared,
  lacksOf: (permit: Permit) => readonly Lack[],
): Withheld {
  const inOrder = declared.permits.toSorted((a, b) => (a.flow.id < b.flow.id ? -1 : 1))
  const judged = inOrder.map((permit) => ({ permit, lacks: lacksOf(permit) }))
  return {
    declared: {
      ...declared,
      plugs: declared.plugs.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      permits: judged.filter(({ lacks }) => lacks.length === 0).map(({ permit }) => permit),
    },
    notSupported: judged.filter(({ lacks }) => lacks.length > 0),
  }
}

/** Whether a permit holds only together with MAC addresses. */
export const isBound = ({ from, to }: Permit): boolean =>
  [...from.parts, ...to.parts].some(({ mac }) => mac !== undefined)

/** The clause that a permit rests on: 特定通信 of the My Number zone, or what is opened flow by flow. */
export const clauseOf = (permit: Permit): 'ZN-02' | 'ZN-06' => (isBound(permit) ? 'ZN-02' : 'ZN-06')
