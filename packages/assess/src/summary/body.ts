import type { Edition, Model } from '@sekisho/core'
import { spreadOf } from '@sekisho/town'
import type { TownReading } from '@sekisho/town'
import type { ControlState } from '../control-row.ts'
import type { Assessment } from '../gap.ts'
import { guidelineJudge } from '../judge.ts'
import { isAllMet } from '../to-do.ts'
import { belongingOf } from './prefecture.ts'
import type { Belonging } from './prefecture.ts'

/**
 * Ways by which something arrives where it may not be, over at least one crossing. `out`: an asset, where its class may not be kept. `ask`: an asset,
 * where a person has to decide. `in`: what comes from the Internet, not made harmless.
 */
export const CHAIN_KINDS = ['out', 'ask', 'in'] as const
export type ChainKind = (typeof CHAIN_KINDS)[number]

/** What a summary takes of one body. Holds nothing of the declaration but these. */
export interface BodyResult extends Belonging {
  /** Path below the folder that is assessed. */
  readonly file: string
  readonly name: string
  readonly code?: string
  readonly model: Model
  readonly edition: Edition
  readonly staff: number
  /** Of the body's own model. */
  readonly states: readonly (readonly [control: string, state: ControlState])[]
  readonly chains: Readonly<Record<ChainKind, number>>
  /** Everything asked is met, and nothing else was found. */
  readonly allMet: boolean
}

/** What one assessed body adds to a summary. */
export function bodyResult(
  { town }: Pick<TownReading, 'town'>,
  { at, edition, models }: Assessment,
  file: string,
): BodyResult {
  const gap = models[0]!
  const chains = { out: 0, ask: 0, in: 0 }
  for (const chain of spreadOf(town, { judge: guidelineJudge(), at, edition }).chains) {
    // A chain without steps is a placement, and the check asks about those by themselves.
    if (chain.steps.length === 0) continue
    if (chain.rule === 'CH-IN') chains.in += 1
    else chains[chain.result === 'hold' ? 'ask' : 'out'] += 1
  }
  return {
    ...belongingOf(town.code, file),
    file,
    name: ofItsOwn(town.name),
    ...(town.code !== undefined && { code: town.code }),
    model: town.model,
    edition,
    staff: town.staff,
    states: gap.rows.map(({ control, state }) => [control, state]),
    chains,
    allMet: isAllMet(gap),
  }
}

/** A name cut from a file can hold the whole text of the file in memory for as long as it is kept. */
const ofItsOwn = (name: string): string => Buffer.from(name).toString()
