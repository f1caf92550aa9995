/**
 * When each flow was last used: by the evidence of the gate it ends at, and by what the firewall's machine counts.
 */
import { readFile } from 'node:fs/promises'
import type { EvidenceEntry, Flow } from '@sekisho/core'
import { readUse, REACH_WORDS, standings } from '@sekisho/network'
import type { Declared, FlowStanding } from '@sekisho/network'
import { listEvidence } from '@sekisho/store'
import type { HighTables, Store } from '@sekisho/store'
import type { FlowRow } from '../api.ts'
import type { FileRoute } from '../host/route.ts'

/** Days after which a flow that nobody used is told. */
const UNUSED_DAYS = 90

/** Where it is on record. */
export interface UseRecords {
  readonly route: FileRoute
  readonly store: Store<HighTables>
  /** Brings the rows of the evidence up to the log. */
  readonly catchUp: () => Promise<void>
  /** File with the use of each flow, as the firewall's machine counts it. */
  readonly flowUse?: string
}

/** When lines were last used, as far as it is on record. */
export interface LastUse {
  /** The gate of which the evidence knows, and when something last came through it, ISO; `undefined` when nothing did. */
  readonly gate: string
  readonly at: string | undefined
  /** What the firewall counted of each flow; none when nobody tells. */
  readonly firewall: readonly FlowStanding[]
}

export const lastUse = async (records: UseRecords, declared: Declared): Promise<LastUse> => ({
  gate: records.route.id,
  at: await lastDelivery(records),
  firewall: await usesOf(records, declared),
})

/** What is on record of one flow. */
export type UseOfFlow = Pick<FlowRow, 'lastUse' | 'unusedDays'>

export function usesByFlow({ gate, at, firewall }: LastUse): (flow: Flow) => UseOfFlow {
  const counted = new Map(firewall.map((one) => [one.flow.id, one]))
  return (flow) => {
    const last = laterOf(flow.gate === gate ? at : undefined, counted.get(flow.id)?.last)
    return {
      ...(last !== undefined && { lastUse: last }),
      ...(counted.get(flow.id)?.standing === 'unused' && { unusedDays: UNUSED_DAYS }),
    }
  }
}

/** The same in one cell: when, and that nobody has for long. */
export function useText(
  { lastUse: last, unusedDays }: UseOfFlow,
  whenText: (at: string) => string,
): string {
  const words = REACH_WORDS.flows
  return [
    last === undefined ? words.noUse : whenText(last),
    ...(unusedDays === undefined ? [] : [words.unused.replace('{days}', String(unusedDays))]),
  ].join('、')
}

/** Instants of ISO 8601 in UTC are in the order of their text. */
const laterOf = (a: string | undefined, b: string | undefined): string | undefined =>
  a === undefined || (b !== undefined && b > a) ? b : a

/** When something last came through the file gate, by the evidence. */
async function lastDelivery({ store, catchUp }: UseRecords): Promise<string | undefined> {
  await catchUp()
  const [row] = await listEvidence(store.db, { kind: 'delivered' }, { limit: 1, offset: 0 })
  if (!row) return undefined
  const entry: EvidenceEntry = JSON.parse(row.entry)
  return entry.at
}

/** What the firewall counted; nothing when it is not told, or the file cannot be read: then the page says that nothing is recorded. */
async function usesOf(
  { flowUse }: UseRecords,
  declared: Declared,
): Promise<readonly FlowStanding[]> {
  if (flowUse === undefined) return []
  const use = readUse(await readFile(flowUse, 'utf8').catch(() => ''))
  return use === undefined ? [] : standings(declared, use, UNUSED_DAYS, new Date())
}
