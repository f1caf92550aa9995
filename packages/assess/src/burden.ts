/**
 * Clicks and minutes that a control costs people. Every number here is our estimate: none comes from the guideline.
 */
import type { Model, Town } from '@sekisho/core'
import burdens from '../data/burden.json' with { type: 'json' }
import occasions from '../data/occasions.json' with { type: 'json' }
import { layoutOf } from './moves.ts'

/** What one control costs in a year. */
export interface Burden {
  readonly control: string
  /** `staff`: everybody; `it`: the people in charge of information systems. */
  readonly who: 'staff' | 'it'
  readonly clicksEach: number
  readonly minutesEach: number
  /** How often in a year, in the whole body, from the town's own numbers. */
  readonly timesPerYear: number
  readonly clicksPerYear: number
  readonly minutesPerYear: number
  /** What the numbers rest on, in Japanese. */
  readonly basis: string
  /** Always false: our estimate. */
  readonly verified: false
}

/** How often something happens, once per thing it is counted by. */
interface Occasion {
  readonly perYear: number
  readonly of: string
  readonly basis: string
  /** Instead, when the main terminals stand in the Internet zone: there mail and files are read where they arrive. */
  readonly internet?: { readonly perYear: number; readonly basis: string }
}
const OCCASIONS: Readonly<Record<keyof typeof occasions, Occasion>> = occasions

interface BurdenData {
  readonly occasion: keyof typeof occasions
  readonly clicks: number
  readonly minutes: number
  readonly who: 'staff' | 'it'
  readonly basis: string
}
const BURDENS = burdens as Readonly<Record<string, BurdenData>>

/** The burden of one control in one town under one model; `undefined` for a control without an estimate. */
export function burdenOf(town: Town, control: string, model: Model): Burden | undefined {
  const data = BURDENS[control]
  if (data === undefined) return undefined
  const { clicks, minutes, who, basis } = data
  const occasion = OCCASIONS[data.occasion]
  const outward = layoutOf(model).terminals === 'internet' ? occasion.internet : undefined
  const { perYear, basis: often } = outward ?? occasion
  const times = perYear * countOf(town, occasion.of)
  return Object.freeze({
    control,
    who,
    clicksEach: clicks,
    minutesEach: minutes,
    timesPerYear: times,
    clicksPerYear: clicks * times,
    minutesPerYear: minutes * times,
    basis: `${basis}。${often}`,
    verified: false,
  })
}

function countOf(town: Town, of: string): number {
  switch (of) {
    case 'staff':
      return town.staff
    case 'flows':
      return town.flows.length
    case 'services':
      return town.services.length
    case 'systems':
      return town.systems.length
    default:
      return 1
  }
}
