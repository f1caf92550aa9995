import { createServer } from 'node:net'
import { createHelloReader } from '../../packages/gates/web/src/hello/hello-reader.ts'
import { ReadBuffers } from '../../apps/server/src/cloud/read-buffers.ts'
import { TUNNEL_LIMITS, serveTunnel } from '../../apps/server/src/cloud/tunnel.ts'
import type { Gatekeeper } from '../../packages/gates/web/src/tunnel/gatekeeper.ts'
const origin = Number(process.argv[2])
const cut = new AbortController().signal
let n = 0
const gatekeeper: Gatekeeper = {
  number: () => `W-${n++}`,
  identify: () => Promise.resolve({ id: 's', department: 'd' }),
  admit: () =>
    Promise.resolve({
      result: 'pass',
      service: 's',
      host: 'bench.example',
      port: origin,
      addresses: ['127.0.0.1'],
      maySend: () => true,
      cut,
    }),
  admitPlain: () => Promise.reject(new Error('not asked here')),
  firstBytes: (_a, _b, bytes) => {
    const r = createHelloReader().push(bytes)
    return r.state === 'hello'
      ? { result: 'pass' }
      : r.state === 'more'
        ? { result: 'more' }
        : { result: 'pass' }
  },
  record: () => Promise.resolve(),
}
const buffers = new ReadBuffers()
const server = createServer(
  { allowHalfOpen: true },
  (socket) => void serveTunnel(socket, { gatekeeper, limits: TUNNEL_LIMITS, buffers }),
)
server.listen(0, '127.0.0.1', 4096, () =>
  process.stdout.write(`${(server.address() as { port: number }).port}\n`),
)
