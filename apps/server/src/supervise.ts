/**
 * Keeps one side running: opens its sockets, starts its process, hands the sockets in, starts it again when it dies.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { connect, createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { SekishoError } from '@sekisho/core'
import { enrolled, forgetEnrolments } from './enrol.ts'
import type { NewAccount } from './host/accounts.ts'
import type { Address, SideConfig } from './host/config.ts'
import { isolate } from './host/isolation.ts'
import { nameAsker } from './host/name-asker.ts'
import type { NameAsker } from './host/name-asker.ts'
import type { FromSide, SocketName, ToSide } from './host/process.ts'
import { Patience } from './host/patience.ts'
import { isRecord } from './shape.ts'
import words from './words/start.json' with { type: 'json' }

const STOP_MS = 8000
const BACKOFF_FIRST_MS = 250
const BACKOFF_LAST_MS = 10_000
/** A process that ran this long starts anew without delay, ms. */
const STABLE_MS = 30_000

export interface Side {
  /** Id of the process that runs now. */
  readonly pid: number | undefined
  /** How often it was started again. */
  readonly restarts: number
  stop(): Promise<void>
}

const ENTRY = { low: './low/main.ts', high: './high/main.ts' } as const

export interface SuperviseOptions {
  /** Told when a side is started again, or cannot be isolated. */
  readonly say?: (line: string) => void
  /** Absolute paths of the other side, when it is on this machine: the low side must not see them. */
  readonly hidden?: readonly string[]
  /** Accounts that must exist on this side. */
  readonly accounts?: readonly NewAccount[]
}

/**
 * Starts a side and resolves when it serves.
 *
 * @throws SekishoError CONFIG_INVALID when a port is taken or the side refuses to serve, TIMEOUT when it is not ready
 */
export async function superviseSide(
  config: SideConfig,
  options: SuperviseOptions = {},
): Promise<Side> {
  const accounts = [...(options.accounts ?? []), ...(await enrolled(config.dataDir))]
  const supervisor = new Supervisor(config, { ...options, accounts })
  await supervisor.start()
  await forgetEnrolments(config.dataDir)
  return supervisor
}

class Supervisor implements Side {
  readonly #config: SideConfig
  readonly #say: (line: string) => void
  readonly #prefix: readonly string[]
  readonly #accounts: readonly NewAccount[]
  readonly #names: NameAsker
  readonly #patience = new Patience()
  #child: ChildProcess | undefined
  #stopping = false
  #over: Promise<unknown> = Promise.resolve()
  restarts = 0

  constructor(
    config: SideConfig,
    { say = () => undefined, hidden = [], accounts = [] }: SuperviseOptions,
  ) {
    this.#config = config
    this.#accounts = accounts
    this.#names = nameAsker({ servers: config.resolvers })
    this.#say = say
    const isolation = config.side === 'low' ? isolate(hidden) : undefined
    this.#prefix = isolation?.prefix ?? []
    if (isolation && !(isolation.network && isolation.files)) say(words.notIsolated)
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  async start(): Promise<void> {
    const child = await this.#firstLaunch()
    this.#over = this.#watch(child)
  }

  async stop(): Promise<void> {
    this.#stopping = true
    const child = this.#child
    if (child?.connected) child.send({ type: 'stop' } satisfies ToSide)
    const killer = setTimeout(() => child?.kill('SIGKILL'), STOP_MS)
    await this.#over
    clearTimeout(killer)
  }

  async #watch(first: ChildProcess): Promise<void> {
    let child = first
    for (let wait = BACKOFF_FIRST_MS; !this.#stopping;) {
      const began = Date.now()
      await ended(child)
      if (this.#stopping) return
      if (Date.now() - began > STABLE_MS) wait = BACKOFF_FIRST_MS
      this.#say(words.restarting.replace('{side}', words[this.#config.side]))
      await sleep(wait)
      wait = Math.min(wait * 2, BACKOFF_LAST_MS)
      this.restarts += 1
      try {
        child = await this.#launch()
      } catch (error) {
        this.#say(error instanceof Error ? error.message : String(error))
      }
    }
    await ended(child)
  }

  /** A log of years is long to check: the first start, too, has more time at each try, and gives up after the longest. */
  async #firstLaunch(): Promise<ChildProcess> {
    for (;;) {
      const last = this.#patience.isOver
      try {
        return await this.#launch()
      } catch (error) {
        const slow = error instanceof SekishoError && error.code === 'TIMEOUT'
        if (!slow || last) throw error
        this.#say(error.message)
      }
    }
  }

  async #launch(): Promise<ChildProcess> {
    const { side } = this.#config
    const [command, ...rest] = [
      ...this.#prefix,
      process.execPath,
      '--disable-warning=ExperimentalWarning',
      fileURLToPath(new URL(ENTRY[side], import.meta.url)),
    ]
    const child = spawn(command, rest, {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: environment(side),
    })
    this.#child = child
    const ready = readiness(child, this.#config, this.#names, this.#patience)
    const start = { type: 'start', config: this.#config, accounts: this.#accounts } as const
    child.send(start satisfies ToSide)
    try {
      await ready
    } catch (error) {
      if (error instanceof SekishoError && error.code === 'TIMEOUT') this.#patience.grow()
      throw error
    }
    return child
  }
}

/** The low side gets no secret of the other one, not even by accident of the environment. */
function environment(side: 'low' | 'high'): NodeJS.ProcessEnv {
  const names = [
    'PATH',
    'LANG',
    'LC_ALL',
    'TZ',
    'TMPDIR',
    ...(side === 'high' ? ['SEKISHO_DATABASE_URL'] : []),
  ]
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  )
}

/** Opens a listening socket without serving on it: whoever connects meanwhile is sent away, not kept waiting. */
export function listen({ host, port }: Address): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (error) => {
      const busy = 'code' in error && error.code === 'EADDRINUSE'
      const text = busy ? words.portBusy.replace('{port}', String(port)) : error.message
      reject(new SekishoError('CONFIG_INVALID', text, { cause: error }))
    })
    server.listen({ host, port, exclusive: true }, () => {
      resolve(server)
    })
  })
}

/** Opens a socket out here, where the network is, and gives it away; this process keeps none of it. */
async function handOver(child: ChildProcess, name: SocketName, config: SideConfig): Promise<void> {
  const address = config[name]
  if (!address) throw new SekishoError('CONFIG_INVALID', `no address for ${name}`)
  const socket = await listen(address)
  child.send({ type: 'listener', name } satisfies ToSide, socket, () => {
    socket.close()
  })
}

/** Longest time for a connection to the next mail server, ms. */
const DIAL_MS = 15_000

/** A connection for a side that can open none itself, to the one server that its configuration names: the side does not say where to. */
function dial(child: ChildProcess, id: number, { mailOut }: SideConfig): void {
  const answer = (socket?: Socket): void => {
    if (child.connected) child.send({ type: 'dialled', id } satisfies ToSide, socket)
    else socket?.destroy()
  }
  if (!mailOut) return answer()
  const socket = connect({ ...mailOut, timeout: DIAL_MS })
  // The server speaks first, and what is read here would be lost there.
  socket.pause()
  const none = (): void => {
    socket.destroy()
    answer()
  }
  socket.once('error', none)
  socket.once('timeout', none)
  socket.once('connect', () => {
    socket.off('error', none)
    socket.off('timeout', none)
    socket.setTimeout(0)
    answer(socket)
  })
}

/** A question of the side to DNS; the side may say anything, and gets an answer to each. */
async function askNames(
  child: ChildProcess,
  { id, name, record }: Extract<FromSide, { type: 'ask' }>,
  names: NameAsker,
): Promise<void> {
  const answer = await names.ask(String(name), String(record))
  if (child.connected) child.send({ type: 'asked', id, answer } satisfies ToSide)
}

function readiness(
  child: ChildProcess,
  config: SideConfig,
  names: NameAsker,
  patience: Patience,
): Promise<void> {
  const title = words[config.side]
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new SekishoError('TIMEOUT', patience.wordsFor(title)))
    }, patience.ms)
    const end = (error?: unknown): void => {
      clearTimeout(late)
      if (error) reject(error)
      else resolve()
    }
    child.on('message', (message: FromSide) => {
      if (!isRecord(message)) return
      if (message.type === 'want')
        handOver(child, message.name, config).catch((error: unknown) => {
          end(error)
          child.kill('SIGKILL')
        })
      else if (message.type === 'dial') dial(child, message.id, config)
      else if (message.type === 'ask') void askNames(child, message, names)
      else if (message.type === 'ready') end()
      else end(new SekishoError('CONFIG_INVALID', message.message))
    })
    child.once('exit', (code) => {
      end(new SekishoError('WORKER_FAILED', `${title}: exit ${String(code)}`))
    })
    child.once('error', (error) => {
      end(new SekishoError('WORKER_FAILED', error.message, { cause: error }))
    })
  })
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve()
    else child.once('exit', () => resolve())
  })
}
