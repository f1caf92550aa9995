/** Which fields of a request or an answer go on to the other side. */
import { fieldValues } from '../upload/media-type.ts'

/** A field: its name in lower case, and its value. */
export type Field = readonly [name: string, value: string]

/** Fields of one connection (RFC 9110 7.6.1), and those that would tell the outside about the inside or lead a browser past the gate. */
const NOT_PASSED: ReadonlySet<string> = new Set([
  'alt-svc',
  'connection',
  'expect',
  'forwarded',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'proxy-status',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
])

/**
 * Whether a field goes on.
 *
 * @param connection value of the Connection field; what it names stays too
 */
export function isPassedOn(name: string, connection = ''): boolean {
  if (NOT_PASSED.has(name) || name.startsWith('sec-websocket-')) return false
  return !connection
    .toLowerCase()
    .split(/[\s,]+/u)
    .includes(name)
}

/** The fields that go on, in their order. */
export function passedOn(fields: readonly Field[]): readonly Field[] {
  const connection = fieldValues(fields, 'connection').join(',')
  return fields.filter(([name]) => isPassedOn(name, connection))
}
