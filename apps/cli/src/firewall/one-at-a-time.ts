import { createServer } from 'node:net'
import type { Server } from 'node:net'

/** A name without a file: it belongs to the network namespace, as the rules do, and the kernel frees it when its holder dies, however it dies. */
const NAME = '\0sekisho-firewall-apply'

export interface Turn {
  end(): void
}

/**
 * The turn to change this kernel's rules.
 *
 * @returns `undefined` when somebody else has it, whatever folder they keep
 */
export function takeTurn(): Promise<Turn | undefined> {
  return new Promise((resolve, reject) => {
    const server: Server = createServer((socket) => socket.destroy())
    server.once('error', (error) => {
      if ('code' in error && error.code === 'EADDRINUSE') resolve(undefined)
      else reject(error)
    })
    server.listen({ path: NAME }, () => resolve({ end: () => void server.close() }))
  })
}
