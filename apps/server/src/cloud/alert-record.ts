/** What became of alerts: first told, taken note of. A chain of lines like the requests', in a folder of its own; who writes opens it for that one line. */
import { join } from 'node:path'
import type { Acknowledged, Alert } from '@sekisho/gates/web'
import { readRequests } from './read-requests.ts'
import type { ReadRequests } from './read-requests.ts'
import { appendBeside } from './side-record.ts'

const ALERTS = 'alerts'

export interface AlertRecord {
  /** Ids of alerts that somebody was told of. */
  readonly told: ReadonlySet<string>
  readonly acknowledged: ReadonlyMap<string, Acknowledged>
  /** Where the chain does not hold; from there on nothing is acknowledged. */
  readonly broken?: ReadRequests['broken']
}

export async function readAlertRecord(dataDir: string): Promise<AlertRecord> {
  const told = new Set<string>()
  const acknowledged = new Map<string, Acknowledged>()
  const { broken } = await readRequests(join(dataDir, ALERTS), (entry) => {
    const { kind, alert, by, reason, at } = entry
    if (typeof alert !== 'string') return
    if (kind === 'told') told.add(alert)
    if (
      kind === 'acknowledged' &&
      typeof by === 'string' &&
      typeof reason === 'string' &&
      typeof at === 'string'
    )
      acknowledged.set(alert, { alert, by, reason, at })
  })
  return { told, acknowledged, ...(broken && { broken }) }
}

/** @throws SekishoError when it is not durable */
export async function noteTold(
  dataDir: string,
  alerts: readonly Alert[],
  now: () => Date,
): Promise<void> {
  if (alerts.length === 0) return
  await appendBeside(
    join(dataDir, ALERTS),
    alerts.map((alert) => ({ kind: 'told', alert: alert.id, about: alert })),
    now,
  )
}

/** What was seen is on record with who took note of it. @throws SekishoError when it is not durable */
export async function acknowledge(
  dataDir: string,
  alert: Alert,
  { by, reason }: Pick<Acknowledged, 'by' | 'reason'>,
  now: () => Date,
): Promise<void> {
  const entry = { kind: 'acknowledged', alert: alert.id, by, reason: reason.trim(), about: alert }
  await appendBeside(join(dataDir, ALERTS), [entry], now)
}
