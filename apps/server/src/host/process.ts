/**
 * What a side's process and its supervisor say to each other.
 */
import { Server, Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { SekishoError } from '@sekisho/core'
import { isRecord } from '../shape.ts'
import type { NewAccount } from './accounts.ts'
import type { SideConfig } from './config.ts'
import type { NameAnswer } from './name-asker.ts'

/** From the supervisor: the configuration, and each listening socket when it is asked for. */
export type ToSide =
  | {
      readonly type: 'start'
      readonly config: SideConfig
      /** Accounts that must exist; those that are there stay as they are. */
      readonly accounts: readonly NewAccount[]
    }
  | { readonly type: 'listener'; readonly name: SocketName }
  /** The answer to `ask`: records in the form of `node:dns`, or the code of what went wrong. */
  | { readonly type: 'asked'; readonly id: number; readonly answer: NameAnswer }
  /** The answer to `dial`, with the connection when there is one. */
  | { readonly type: 'dialled'; readonly id: number }
  | { readonly type: 'stop' }

/** From the side. It asks for a socket only when it can serve at once: nobody is kept waiting on a mute one. */
export type FromSide =
  | { readonly type: 'want'; readonly name: SocketName }
  /** A connection to the one mail server that the configuration names (`mailOut`). The side cannot say to whom. */
  | { readonly type: 'dial'; readonly id: number }
  /** A question to DNS about the sender of a mail. The side cannot say whom to ask. */
  | { readonly type: 'ask'; readonly id: number; readonly name: string; readonly record: string }
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly code: string; readonly message: string }

export type SocketName = 'web' | 'link' | 'mail' | 'submission'
/** Brings a listening socket that was opened outside. Use it before anything else is awaited. */
export type TakeSocket = (name: SocketName) => Promise<Server>

/** Brings a connection to the next mail server, opened outside; rejects when there is none. */
export type DialOut = () => Promise<Socket>

/** Asks DNS, outside; throws with `code` as `node:dns` does. */
export type AskNames = (name: string, type: string) => Promise<string[] | string[][]>

export interface Running {
  close(): Promise<void>
}

/**
 * Bytes of mails and files lie outside of V8's heap. By itself it walks its whole heap again and again while they come and go, however few are left:
 * twice for a mail of a mebibyte, half of all that the low side did for it. Counted with the heap, they only bring its ordinary limit nearer.
 */
function countBytesWithTheHeap(): void {
  setFlagsFromString('--external-memory-accounted-in-global-limit')
}

/** Runs a side as a process: takes its configuration and sockets from the supervisor, serves, and ends with it. */
export function runSide(
  serve: (
    config: SideConfig,
    take: TakeSocket,
    accounts: readonly NewAccount[],
    dialOut: DialOut,
    askNames: AskNames,
  ) => Promise<Running>,
): void {
  countBytesWithTheHeap()
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
  const asking = new Map<number, (answer: NameAnswer) => void>()
  let questions = 0
  const askNames: AskNames = (name, record) =>
    new Promise((resolve, reject) => {
      const id = (questions += 1)
      asking.set(id, (answer) => {
        asking.delete(id)
        if (answer.ok) resolve(answer.records as string[] | string[][])
        else reject(Object.assign(new Error('DNS'), { code: answer.code }))
      })
      say({ type: 'ask', id, name, record })
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
      running ??= begin(serve(message.config, take, message.accounts, dialOut, askNames))
    if (message.type === 'listener' && handle instanceof Server) awaited.get(message.name)?.(handle)
    if (message.type === 'asked') asking.get(message.id)?.(message.answer)
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
