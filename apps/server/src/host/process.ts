/**
 * What a side's process and its supervisor say to each other.
 */
import { Server, Socket } from 'node:net'
import { SekishoError } from '@sekisho/core'
import { isRecord } from '../shape.ts'
import type { NewAccount } from './accounts.ts'
import type { SideConfig } from './config.ts'

/** From the supervisor: the configuration, and each listening socket when it is asked for. */
export type ToSide =
  | {
      readonly type: 'start'
      readonly config: SideConfig
      /** Accounts that must exist; those that are there stay as they are. */
      readonly accounts: readonly NewAccount[]
    }
  | { readonly type: 'listener'; readonly name: SocketName }
  /** The answer to `dial`, with the connection when there is one. */
  | { readonly type: 'dialled'; readonly id: number }
  | { readonly type: 'stop' }

/** From the side. It asks for a socket only when it can serve at once: nobody is kept waiting on a mute one. */
export type FromSide =
  | { readonly type: 'want'; readonly name: SocketName }
  /** A connection to the one mail server that the configuration names (`mailOut`). The side cannot say to whom. */
  | { readonly type: 'dial'; readonly id: number }
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly code: string; readonly message: string }

export type SocketName = 'web' | 'link' | 'mail' | 'submission'
/** Brings a listening socket that was opened outside. Use it before anything else is awaited. */
export type TakeSocket = (name: SocketName) => Promise<Server>

/** Brings a connection to the next mail server, opened outside; rejects when there is none. */
export type DialOut = () => Promise<Socket>

export interface Running {
  close(): Promise<void>
}

/** Runs a side as a process: takes its configuration and sockets from the supervisor, serves, and ends with it. */
export function runSide(
  serve: (
    config: SideConfig,
    take: TakeSocket,
    accounts: readonly NewAccount[],
    dialOut: DialOut,
  ) => Promise<Running>,
): void {
  const awaited = new Map<SocketName, (socket: Server) => void>()
  let running: Promise<Running> | undefined
  let stopping = false
  // What a side writes is for its own account only.
  process.umask(0o077)
  const take: TakeSocket = (name) =>
    new Promise((resolve) => {
      awaited.set(name, resolve)
      say({ type: 'want', name })
    })
  const dialling = new Map<number, (socket: unknown) => void>()
  let dialled = 0
  const dialOut: DialOut = () =>
    new Promise((resolve, reject) => {
      const id = (dialled += 1)
      dialling.set(id, (socket) => {
        dialling.delete(id)
        if (socket instanceof Socket) resolve(socket)
        else reject(new SekishoError('LINK_DOWN', 'the next mail server'))
      })
      say({ type: 'dial', id })
    })
  const stop = async (): Promise<void> => {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(1), STOP_MS).unref()
    await (await running)?.close()
    process.exit(0)
  }
  process.on('message', (message: ToSide, handle: unknown) => {
    if (!isRecord(message)) return
    if (message.type === 'start')
      running ??= begin(serve(message.config, take, message.accounts, dialOut))
    if (message.type === 'listener' && handle instanceof Server) awaited.get(message.name)?.(handle)
    if (message.type === 'dialled') dialling.get(message.id)?.(handle)
    if (message.type === 'stop') void stop()
  })
  // Without its supervisor a side does not go on: nobody would restart or stop it.
  process.once('disconnect', () => void stop())
  // The terminal sends these to the whole group; the supervisor decides the order.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => void stop())
}

/** Tells the supervisor how the start went. */
function begin(running: Promise<Running>): Promise<Running> {
  running.then(
    () => {
      say({ type: 'ready' })
    },
    (error: unknown) => {
      const code = error instanceof SekishoError ? error.code : 'BUG'
      const message = error instanceof Error ? error.message : String(error)
      if (code === 'BUG') console.error(error)
      say({ type: 'failed', code, message })
      setTimeout(() => process.exit(1), 100)
    },
  )
  return running
}

/** Longest time for an orderly end, ms. */
const STOP_MS = 5000

function say(message: FromSide): void {
  process.send?.(message)
}
