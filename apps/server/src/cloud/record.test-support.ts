/** For tests: what a gate would have on record, written by the gate's own record. */
import { join } from 'node:path'
import type { TunnelRecord } from '@sekisho/gates/web'
import { RequestRecord } from './request-record.ts'
import { REQUESTS } from './serve-cloud.ts'

export interface Happened extends Partial<Omit<TunnelRecord, 'kind'>> {
  /** `orders`: what the gate goes by from then on. */
  readonly kind?: TunnelRecord['kind'] | 'orders'
  readonly mode?: 'report' | 'enforce'
  /** By the clock of Japan, `2026-11-26T10:00:00`. */
  readonly on: string
}

/** A connection from its begin to its end. */
export function tunnel(on: string, more: Partial<TunnelRecord> & { readonly until?: string } = {}) {
  const { until = on, up = 0, down = 0, ...rest } = more
  const number = rest.number ?? `W-${on}-${rest.client ?? ''}-${rest.target ?? ''}`
  return [
    { on, kind: 'opened', number, ...rest },
    { on: until, kind: 'ended', number, up, down, ...rest },
  ] as const satisfies readonly Happened[]
}

export const OUTLOOK: Partial<TunnelRecord> = {
  client: 's0001',
  department: 'soumu',
  from: '10.20.5.1',
  target: 'outlook.office.com:443',
  service: 'exchange',
}

/** Writes events in the order in which they happened. */
export async function writeRecord(dataDir: string, events: readonly Happened[]): Promise<void> {
  let now = new Date(0)
  const record = await RequestRecord.open(join(dataDir, REQUESTS), () => now)
  for (const { on, ...event } of events.toSorted((a, b) =>
    a.on < b.on ? -1 : a.on > b.on ? 1 : 0,
  )) {
    now = new Date(`${on}+09:00`)
    await record.append({
      number: 'W-1',
      kind: 'refused',
      client: '',
      department: '',
      from: '',
      target: '',
      service: '',
      address: '',
      reason: '',
      up: 0,
      down: 0,
      ...event,
    })
  }
  await record.close()
}
