/**
 * What a side's process and its supervisor say to each other.
 */
import { Server } from 'node:net'
import { SekishoError } from '@sekisho/core'
import { isRecord } from '../shape.ts'
import type { NewAccount } from './accounts.ts'
import type { SideConfig } from './config.ts'

/** From the supervisor: the configuration, then each listening socket, opened outside. */
export type ToSide =
  | {
      readonly type: 'start'
      readonly config: SideConfig
      /** Accounts that must exist; those that are there stay as they are. */
      readonly accounts: readonly NewAccount[]
    }
  | { readonly type: 'listener'; readonly name: 'web' | 'link' }
  | { readonly type: 'stop' }

/** From the side. */
export type FromSide =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly code: string; readonly message: string }

export interface Running {
  close(): Promise<void>
}

/**
 * Runs a side as a process: takes its configuration and sockets from the supervisor, serves, and ends with it.
 *
 * @param names listening sockets this side waits for
 */
export function runSide(
  names: readonly ('web' | 'link')[],
  serve: (
    config: SideConfig,
    sockets: ReadonlyMap<string, Server>,
    accounts: readonly NewAccount[],
  ) => Promise<Running>,
): void {
  let start: Extract<ToSide, { type: 'start' }> | undefined
  let running: Promise<Running> | undefined
  const sockets = new Map<string, Server>()
  let stopping = false
  // What a side writes is for its own account only.
  process.umask(0o077)
  const stop = async (): Promise<void> => {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(1), STOP_MS).unref()
    await (await running)?.close()
    process.exit(0)
  }
  const begin = (): void => {
    if (!start || running || names.some((name) => !sockets.has(name))) return
    running = serve(start.config, sockets, start.accounts)
    running.then(
      () => say({ type: 'ready' }),
      (error: unknown) => {
        const code = error instanceof SekishoError ? error.code : 'BUG'
        const message = error instanceof Error ? error.message : String(error)
        if (code === 'BUG') console.error(error)
        say({ type: 'failed', code, message })
        setTimeout(() => process.exit(1), 100)
      },
    )
  }
  process.on('message', (message: ToSide, handle: unknown) => {
    if (!isRecord(message)) return
    if (message.type === 'start') start = message
    if (message.type === 'listener' && handle instanceof Server) sockets.set(message.name, handle)
    if (message.type === 'stop') void stop()
    begin()
  })
  // Without its supervisor a side does not go on: nobody would restart or stop it.
  process.once('disconnect', () => void stop())
  // The terminal sends these to the whole group; the supervisor decides the order.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => void stop())
}

/** Longest time for an orderly end, ms. */
const STOP_MS = 5000

function say(message: FromSide): void {
  process.send?.(message)
}
