/**
 * A whole boundary on one machine: both sides, their certificates, and for a demo the accounts to try it with.
 */
import { randomInt } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, rename, rm } from 'node:fs/promises'
import type { Server } from 'node:net'
import { join, resolve } from 'node:path'
import { SekishoError } from '@sekisho/core'
import { createDemoAccounts, demoFile, readDemoAccounts, secretText } from './demo.ts'
import type { DemoAccount } from './demo.ts'
import { namesOf } from './host/config.ts'
import type { Address, CloudPlaces, SideConfig } from './host/config.ts'
import { mailRoute } from './host/mail-route.ts'
import { prepareSide } from './prepare.ts'
import type { Prepared } from './prepare.ts'
import { listen, superviseSide } from './supervise.ts'
import type { Side } from './supervise.ts'
import words from './words/start.json' with { type: 'json' }

export const DEFAULT_PORTS = { low: 8081, high: 8082 } as const

export interface TownOptions {
  /** The declaration. */
  readonly town: string
  /** Everything both sides keep, each in a folder of its own. */
  readonly dataDir: string
  /** Where browsers connect. Defaults: 8081 and 8082; `link` is chosen freely. 0 chooses a free one. */
  readonly ports?: {
    readonly low?: number
    readonly high?: number
    readonly link?: number
    /** Where mail comes in, when the town runs a mail gate: chosen freely for a demo, otherwise only when it is said. */
    readonly mail?: number
    /** Where the declared hosts hand in mail to the outside; only when it is said. */
    readonly submission?: number
  }
  /** Where the mail server of the internet side is that takes what leaves; without it mail to the internet waits. */
  readonly outsideMailServer?: Address
  /** Name servers that are asked who sent a mail. Without it those of the machine; an empty list asks nobody. */
  readonly resolvers?: readonly string[]
  /** Where the high side reaches the low side, when something stands between them that carries the line on. */
  readonly linkThrough?: Address
  /** Where the next mail server is reached, instead of its declared address. */
  readonly nextMailServer?: Address
  /** Makes three accounts at the first start. */
  readonly demo?: boolean
  /** Puts a changed declaration in force. */
  readonly activate?: boolean
  /** `postgres://…` for the high side instead of the embedded store. */
  readonly databaseUrl?: string
  /** Where the roadmap page finds its targets. Default: `targets` beside the declaration. */
  readonly targets?: string
  /** File with the output of `nft list ruleset`: both sides serve only behind the rules of this declaration. */
  readonly firewall?: string
  /** File in which the firewall's machine keeps when each flow was last used. */
  readonly flowUse?: string
  /** A cloud gate on this machine, whose record the low side shows to officers. */
  readonly cloud?: CloudPlaces
  /** Told each step in Japanese, one line at a time. */
  readonly say?: (line: string) => void
}

export interface RunningTown {
  readonly low: { readonly url: string; readonly side: Side }
  readonly high: { readonly url: string; readonly side: Side }
  readonly name: string
  /** Where the low side listens for the high side. */
  readonly linkPort: number
  /** Where the low side takes mail; absent when it takes none. */
  readonly mailPort?: number
  /** Where the high side takes mail to the outside; absent when it takes none. */
  readonly submissionPort?: number
  readonly accounts: readonly DemoAccount[]
  stop(): Promise<void>
}

/**
 * Starts both sides and resolves when both serve.
 *
 * @throws SekishoError CONFIG_INVALID with a sentence that says what to do: the declaration cannot be read or is not
 *   the one in force, a port is taken
 */
export async function startTown(options: TownOptions): Promise<RunningTown> {
  const say = options.say ?? (() => undefined)
  const dataDir = resolve(options.dataDir)
  say(words.reading.replace('{file}', options.town))
  const { low, high } = await configsOf(options, dataDir)
  if (!existsSync(low.dataDir) || !existsSync(high.dataDir)) say(words.firstStart)
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const prepared = await prepareSide(high, options.activate)
  await prepareSide(low, options.activate)
  if (prepared.activated) say(words.activated)
  await placeCertificates(dataDir, [low, high])
  const accounts = options.demo ? await demoAccounts(dataDir, prepared) : []
  const hidden = [high.dataDir, ...(options.demo ? [demoFile(dataDir)] : [])]
  const wanted = accounts.map((account) => ({
    ...account,
    totpSecret: secretText(account.totpSecret),
  }))
  const [lowSide, highSide] = await bothOrNeither(
    [low, high].map((config) => {
      say(words.starting.replace('{side}', words[config.side]))
      return superviseSide(config, { say, hidden, accounts: wanted })
    }),
  )
  if (!lowSide || !highSide) throw new TypeError('two sides')
  const stop = async (): Promise<void> => {
    await Promise.all([lowSide.stop(), highSide.stop()])
  }
  return {
    low: { url: namesOf(low).origin, side: lowSide },
    high: { url: namesOf(high).origin, side: highSide },
    name: prepared.town.name,
    linkPort: low.link.port,
    ...(low.mail && mailRoute(prepared.town) ? { mailPort: low.mail.port } : {}),
    ...(high.submission ? { submissionPort: high.submission.port } : {}),
    accounts,
    stop,
  }
}

/** Half a boundary is none: when one side does not start, the other is stopped. */
async function bothOrNeither(starting: readonly Promise<Side>[]): Promise<readonly Side[]> {
  const settled = await Promise.allSettled(starting)
  const sides = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const failed = settled.find((one) => one.status === 'rejected')
  if (!failed) return sides
  await Promise.all(sides.map((side) => side.stop()))
  throw failed.reason
}

/** The accounts of the demo, made at the first start. */
async function demoAccounts(dataDir: string, { town }: Prepared): Promise<readonly DemoAccount[]> {
  return (await readDemoAccounts(dataDir)) ?? createDemoAccounts(dataDir, town, new Date())
}

async function configsOf(
  options: TownOptions,
  dataDir: string,
): Promise<{ low: SideConfig; high: SideConfig }> {
  const town = resolve(options.town)
  const { ports = {}, databaseUrl, targets, flowUse, cloud } = options
  const firewall = options.firewall === undefined ? {} : { firewall: resolve(options.firewall) }
  const link = await chosen(ports.link ?? 0)
  const mailPort = ports.mail ?? (options.demo ? 0 : undefined)
  const mail = mailPort === undefined ? {} : { mail: await chosen(mailPort) }
  const low: SideConfig = {
    side: 'low',
    town,
    dataDir: join(dataDir, 'low'),
    web: await chosen(ports.low ?? DEFAULT_PORTS.low),
    link,
    ...mail,
    ...(options.outsideMailServer ? { mailOut: options.outsideMailServer } : {}),
    ...(options.resolvers ? { resolvers: options.resolvers } : {}),
    ...firewall,
    ...(cloud && {
      cloud: { ...cloud, dataDir: resolve(cloud.dataDir), lists: resolve(cloud.lists) },
    }),
  }
  const high: SideConfig = {
    side: 'high',
    town,
    dataDir: join(dataDir, 'high'),
    web: await chosen(ports.high ?? DEFAULT_PORTS.high),
    link: options.linkThrough ?? link,
    ...(options.nextMailServer ? { mail: options.nextMailServer } : {}),
    ...(ports.submission === undefined ? {} : { submission: await chosen(ports.submission) }),
    ...firewall,
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    ...(flowUse === undefined ? {} : { flowUse: resolve(flowUse) }),
    ...(targets === undefined ? {} : { targets: resolve(targets) }),
  }
  return { low, high }
}

/** The port, or a free one for 0; a taken one is found before anything is made. */
async function chosen(port: number): Promise<Address> {
  const host = '127.0.0.1'
  if (port === 0) return { host, port: await freePort(host) }
  await closed(await listen({ host, port }))
  return { host, port }
}

/**
 * A port below those that the system gives to outgoing connections (from 32,768 on Linux): of those, one that is free while it is chosen may be
 * taken before it is opened.
 */
async function freePort(host: string): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = randomInt(20_000, 32_768)
    const server = await listen({ host, port }).catch(() => undefined)
    if (server === undefined) continue
    await closed(server)
    return port
  }
  throw new SekishoError('CONFIG_INVALID', 'no port is free')
}

const closed = (server: Server): Promise<unknown> => new Promise((done) => server.close(done))

/** Certificates of the link, one folder into each side, made once. */
async function placeCertificates(dataDir: string, sides: readonly SideConfig[]): Promise<void> {
  if (sides.every((config) => existsSync(join(config.dataDir, 'link', 'cert.pem')))) return
  const made = join(dataDir, 'link.new')
  await rm(made, { recursive: true, force: true })
  // Needed once in the life of a town; loading it costs more than using it.
  const { makeLinkCertificates } = await import('./link/certificates.ts')
  await makeLinkCertificates(made)
  for (const config of sides) {
    const place = join(config.dataDir, 'link')
    await rm(place, { recursive: true, force: true })
    await cp(join(made, config.side), `${place}.new`, { recursive: true })
    await rename(`${place}.new`, place)
  }
  await rm(made, { recursive: true, force: true })
}
