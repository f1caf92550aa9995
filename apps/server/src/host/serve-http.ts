/**
 * A web server on a socket that was opened elsewhere.
 */
import { readFile } from 'node:fs/promises'
import { createServer as createHttp } from 'node:http'
import type { Server as HttpServer } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { Server } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { SideConfig } from './config.ts'
import type { TakeSocket } from './process.ts'
import type { Web } from './web.ts'

/** A request must be whole within this time, ms: a piece of 8 MiB on a slow line. */
const REQUEST_MS = 300_000
const HEADERS_MS = 15_000
const CONNECTIONS_MAX = 2000

/** Serves `app` on the socket `web`; TLS when the configuration has a certificate. */
export async function serveHttp(
  app: Web,
  take: TakeSocket,
  config: SideConfig,
): Promise<HttpServer> {
  const listener = getRequestListener((request, env) => app.fetch(request, env))
  const limits = { requestTimeout: REQUEST_MS, headersTimeout: HEADERS_MS, maxHeaderSize: 16_384 }
  const server = config.tls
    ? createHttps(
        {
          ...limits,
          cert: await readFile(config.tls.cert),
          key: await readFile(config.tls.key),
          minVersion: 'TLSv1.2',
        },
        listener,
      )
    : createHttp(limits, listener)
  server.maxConnections = CONNECTIONS_MAX
  await listenOn(server, await take('web'))
  return server
}

/** Takes over a listening socket. */
export function listenOn(server: Server, socket: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(socket, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** Stops taking connections and cuts those that idle. */
export function closeHttp(server: HttpServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve()
    })
    server.closeAllConnections()
  })
}
