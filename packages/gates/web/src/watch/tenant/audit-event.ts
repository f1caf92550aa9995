/**
 * One record of a tenant's audit log, common schema of the Office 365 Management Activity API (learn.microsoft.com, "Office 365 Management Activity API schema": Id, RecordType, CreationTime, Operation,
 * OrganizationId, UserType, UserKey, Workload, ResultStatus, ObjectId, UserId, ClientIP). Names and meanings of these fields were compared with public copies of that page. Not verified: that times have no zone
 * written, and that ClientIP may carry a port or brackets; both are read.
 */
import { readAddress } from '@sekisho/town'
import { z } from 'zod'
import { addressOf } from '../same-address.ts'

export interface AuditEvent {
  readonly id: string
  /** ISO 8601, UTC. */
  readonly at: string
  readonly operation: string
  /** Lower case. Empty when it is not said. */
  readonly organization: string
  readonly workload: string
  /** Who did it, lower case: a sign-in name, commonly a mail address. Hostile text. */
  readonly user: string
  /** Address as the service saw it; empty when it does not say, or says something else. */
  readonly address: string
  /** File, folder or mailbox. Hostile text. */
  readonly object: string
  readonly failed: boolean
}

const text = (most: number) => z.string().max(most)
const optional = (most: number) => text(most).nullish()

/** Fields that are not read may be anything: each product adds its own. */
const shape = z.object({
  Id: text(200).min(1),
  CreationTime: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?Z?$/u),
  Operation: text(200).min(1),
  OrganizationId: optional(100),
  Workload: optional(100),
  UserId: text(400),
  ClientIP: optional(100),
  ObjectId: optional(4_000),
  ResultStatus: optional(100),
})

/** Of a path the part that is kept. */
const OBJECT = 300

/** @returns undefined for what is no such record */
export function readAuditEvent(json: string): AuditEvent | undefined {
  const read = shape.safeParse(parsed(json))
  if (!read.success) return undefined
  const { Id, CreationTime, Operation, OrganizationId, Workload, UserId, ...rest } = read.data
  const at = new Date(`${CreationTime.replace(/(?:\.\d+)?Z?$/u, '')}Z`)
  if (Number.isNaN(at.getTime())) return undefined
  return {
    id: Id,
    at: at.toISOString(),
    operation: Operation,
    organization: (OrganizationId ?? '').toLowerCase(),
    workload: Workload ?? '',
    user: UserId.toLowerCase(),
    address: plainAddress(rest.ClientIP ?? ''),
    object: (rest.ObjectId ?? '').slice(0, OBJECT),
    failed: /fail|denied|false/iu.test(rest.ResultStatus ?? ''),
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** `192.0.2.1`, `192.0.2.1:50123`, `[2001:db8::1]:50123`, `::ffff:192.0.2.1`. */
function plainAddress(written: string): string {
  const bare =
    /^\[(?<six>[0-9a-f:.]+)\](?::\d+)?$/iu.exec(written)?.groups?.['six'] ??
    /^(?<four>\d+\.\d+\.\d+\.\d+):\d+$/u.exec(written)?.groups?.['four'] ??
    written
  const address = addressOf(bare)
  return readAddress(address) ? address : ''
}
