import type { IsoDate } from '@sekisho/core'
import { FAMILIES, pairs } from '../declared/expect.ts'
import type { Permit, Side } from '../declared/permit.ts'
import { joined } from '../declared/ranges.ts'
import type { AddressRange } from '../declared/ranges.ts'
import { ascii, nameWithin } from './ascii.ts'

/** A permit in one family, for dialects in which each is a rule of its own that names whole lists of addresses. */
export interface Opened {
  /** Of the rule, and no other rule's. */
  readonly name: string
  readonly permit: Permit
  readonly family: 4 | 6
  readonly from: readonly AddressRange[]
  readonly to: readonly AddressRange[]
}

/** @param most characters of a rule's name */
export function openedOf(permits: readonly Permit[], most: number): readonly Opened[] {
  return permits.flatMap((permit) =>
    FAMILIES.filter((family) => pairs(permit.from, permit.to, family).length > 0).map((family) => ({
      name: nameWithin(most, `sks-${permit.flow.id}${family === 4 ? '' : '.v6'}`),
      permit,
      family,
      from: rangesIn(permit.from, family),
      to: rangesIn(permit.to, family),
    })),
  )
}

const rangesIn = (side: Side, family: 4 | 6): readonly AddressRange[] =>
  joined(side.parts.flatMap(({ ranges }) => ranges.filter((one) => one.family === family)))

/** The last days there are, each once, in turn. */
export const lastDays = (permits: readonly Permit[]): readonly IsoDate[] =>
  [...new Set(permits.flatMap(({ expires }) => expires ?? []))].toSorted()

/** What ends with a day. */
export const scheduleName = (most: number, day: IsoDate): string =>
  nameWithin(most, `sks-until-${day}`)

/** A day as these machines write it. */
export const slashed = (day: IsoDate): string => ascii(day).replaceAll('-', '/')
