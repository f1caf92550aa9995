/** What is said of a request in the record, whichever way it came. */
import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Admitted, Asked, Client, Refused, TunnelRecord } from '@sekisho/gates/web'

export const NOBODY: Client = { id: '', department: '' }

/** SHA-256 of the certificate that a terminal showed. One that TLS did not accept counts as none. */
export function certificateOf(inside: Socket): string | undefined {
  if (!(inside instanceof TLSSocket) || !inside.authorized) return undefined
  const { raw } = inside.getPeerX509Certificate() ?? {}
  return raw && createHash('sha256').update(raw).digest('hex')
}

export function recordOf(
  number: string,
  kind: TunnelRecord['kind'],
  { client, from, target }: Asked,
  answered: Admitted | Refused,
): TunnelRecord {
  return {
    number,
    kind,
    client: client.id,
    department: client.department,
    from,
    target,
    service: answered.service,
    address: '',
    reason: answered.result === 'refuse' ? answered.reason : (answered.wouldRefuse ?? ''),
    up: 0,
    down: 0,
  }
}
