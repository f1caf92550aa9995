/**
 * A name server on this machine (RFC 1035 over UDP): it answers for the names that a test gives it, and counts what it was asked.
 */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'

export interface NameServer {
  /** `127.0.0.1:port`, as a resolver is told. */
  readonly address: string
  /** `name TYPE`, in the order of asking. */
  readonly asked: string[]
  /** It hears and says nothing more. */
  silent: boolean
  close(): void
}

const TYPES: Readonly<Record<number, string>> = {
  1: 'A',
  12: 'PTR',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
}

/** @param zone TXT records by name */
export async function startNameServer(zone: Readonly<Record<string, string>>): Promise<NameServer> {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const server: NameServer = {
    address: `127.0.0.1:${socket.address().port}`,
    asked: [],
    silent: false,
    close: () => {
      socket.close()
    },
  }
  socket.on('message', (query, from) => {
    const { name, type, end } = questionOf(query)
    server.asked.push(`${name} ${type}`)
    if (server.silent) return
    const text = type === 'TXT' ? zone[name] : undefined
    socket.send(answerTo(query.subarray(0, end), text), from.port, from.address)
  })
  return server
}

function questionOf(query: Buffer): {
  readonly name: string
  readonly type: string
  readonly end: number
} {
  const labels: string[] = []
  let at = 12
  for (let size = query[at] ?? 0; size > 0; size = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + size))
    at += size + 1
  }
  const number = query.readUInt16BE(at + 1)
  return {
    name: labels.join('.').toLowerCase(),
    type: TYPES[number] ?? String(number),
    end: at + 5,
  }
}

/** The question again, and one TXT record or the word that there is none (NXDOMAIN). */
function answerTo(question: Buffer, text: string | undefined): Buffer {
  const head = Buffer.from(question)
  head.writeUInt16BE(text === undefined ? 0x8183 : 0x8180, 2)
  head.writeUInt16BE(text === undefined ? 0 : 1, 6)
  head.writeUInt32BE(0, 8)
  if (text === undefined) return head
  const pieces = (text.match(/.{1,255}/gsu) ?? ['']).map((piece) =>
    Buffer.concat([Buffer.from([piece.length]), Buffer.from(piece, 'latin1')]),
  )
  const data = Buffer.concat(pieces)
  const record = Buffer.from([
    0xc0,
    12,
    0,
    16,
    0,
    1,
    0,
    0,
    0,
    60,
    data.length >> 8,
    data.length & 255,
  ])
  return Buffer.concat([head, record, data])
}
