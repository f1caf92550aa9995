/**
 * The low side: receives and transforms. It may be lost to an attacker; it holds no secret of the other side and
 * cannot open a connection to it.
 */
import { join } from 'node:path'
import type { Town } from '@sekisho/core'
import { RULESET_VERSION, createPool } from '@sekisho/disarm'
import { macrosInForce } from '@sekisho/gates/file'
import { MAIL_PROGRAM } from '@sekisho/gates/mail'
import { lowMigrations, migrate, openStore, openVault, readMeta, writeMeta } from '@sekisho/store'
import type { LowTables, Store } from '@sekisho/store'
import { todayInJapan } from '@sekisho/town'
import { clamdScan } from '../host/antivirus.ts'
import { ensureAccounts, openAccounts } from '../host/accounts.ts'
import type { NewAccount } from '../host/accounts.ts'
import { loadActiveTown } from '../host/active-model.ts'
import { namesOf, originsOf } from '../host/config.ts'
import type { SideConfig } from '../host/config.ts'
import { guardFirewall, stopServing } from '../host/firewall.ts'
import { newId } from '../host/identifiers.ts'
import { cannotConnect } from '../host/isolation.ts'
import { mailRoute, outwardGateOf } from '../host/mail-route.ts'
import { meFor } from '../host/me.ts'
import type { AskNames, DialOut, Running, TakeSocket } from '../host/process.ts'
import { loadScreen } from '../host/screen.ts'
import { readSecrets } from '../host/secrets.ts'
import { closeHttp, listenOn, serveHttp } from '../host/serve-http.ts'
import { createWeb } from '../host/web.ts'
import { fileRoute } from '../host/route.ts'
import { SCREEN_DIR } from '../host/places.ts'
import { readCertificates } from '../link/certificates.ts'
import { createLinkListener } from '../link/listener.ts'
import { addCloudLogs } from './cloud-logs.ts'
import { addCloudApprovals } from './cloud-approvals.ts'
import { addCloudRehearsal } from './cloud-rehearsal.ts'
import { addCloudUse, cloudUseOf } from './cloud-use.ts'
import { addCloudCuts } from './cloud-cuts.ts'
import { receiveMail } from './mail-in.ts'
import { rebuildMail } from './rebuild-mail.ts'
import { addOriginals } from './original-pages.ts'
import { Originals } from './originals.ts'
import { addTransfers } from './transfers.ts'
import { openMailOutDesk } from './mail-out.ts'
import type { MailOutDesk } from './mail-out.ts'
import { Spool } from './spool.ts'

/** Sandboxed workers that disarm at once. */
const WORKERS = 2
/** How often what time alone changes is looked at, ms. */
const TIDY_MS = 10 * 60_000
/** The other side polls at least this often; silence beyond it means the line is down, ms. */
const SILENCE_MS = 40_000

/** Serves the low side on the sockets `web` and `link`, which were opened outside. */
export async function serveLow(
  config: SideConfig,
  take: TakeSocket,
  wanted: readonly NewAccount[],
  /** Without it no mail leaves. */
  dialOut?: DialOut,
  /** Without it nothing is said about senders of mail. */
  askNames?: AskNames,
): Promise<Running> {
  const { dataDir } = config
  const { town, model } = await loadActiveTown(config.town, dataDir)
  const guard = await guardFirewall(config, model, stopServing)
  const route = fileRoute(town)
  const mail = mailRoute(town)
  const secrets = await readSecrets(dataDir)
  const store = await openStore<LowTables>({ path: join(dataDir, 'spool.sqlite') })
  await migrate(store, lowMigrations)
  const key = Buffer.from(secrets.vault, 'base64')
  const spool = new Spool({
    store,
    originals: await openVault(join(dataDir, 'originals'), key),
    outputs: await openVault(join(dataDir, 'outputs'), key),
    passwords: await openVault(join(dataDir, 'passwords'), key),
    parts: await openVault(join(dataDir, 'mail-parts'), key),
    originalDays: route.originalDays,
    mailDays: mail?.originalDays ?? route.originalDays,
  })
  await spool.recover()
  const pool = createPool({
    size: WORKERS,
    ...MAIL_PROGRAM,
    ...(config.antivirus ? { scan: clamdScan(config.antivirus) } : {}),
  })
  const likeness = { profile: route.disarm, fidelity: config.fidelity ?? 'pages' } as const
  const mailOut = await mailOutOf(config, town, dialOut)
  let heard = 0
  const link = createLinkListener({
    spool,
    model,
    name: await spoolName(store),
    certificates: await readCertificates(config),
    heard: () => {
      heard = Date.now()
    },
    async disarm(bytes, name, wish) {
      const { report, output, outputSha256, outputName } = await pool.disarm(bytes, {
        ...wish,
        ...likeness,
        name,
        macroDigests: macrosInForce(town.macros, todayInJapan(new Date())),
      })
      const cured = {
        report,
        sha256: outputSha256 ?? '',
        size: output?.length ?? 0,
        outputName: outputName ?? '',
        ruleset: RULESET_VERSION,
      }
      return output ? { cured, output } : { cured }
    },
    rebuild: (bytes, wish) => {
      // No macro, listed or not: nobody is asked about a mail.
      const disarm = (file: Uint8Array, name: string) => pool.disarm(file, { ...likeness, name })
      return rebuildMail(pool, town, bytes, wish, disarm)
    },
    ...(mailOut ? { mailOut } : {}),
  })
  const accounts = await openAccounts({
    side: 'low',
    database: join(dataDir, 'accounts.sqlite'),
    secret: secrets.auth,
    ...namesOf(config),
    town,
    ...(config.oidc ? { oidc: config.oidc } : {}),
    record: (kind, actor, detail) => spool.note({ kind, actor, detail }),
  })
  await ensureAccounts(accounts, wanted)
  await listenOn(link, await take('link'))
  // Tried on a port where something is known to listen: our own.
  const isolated = await cannotConnect('127.0.0.1', config.link.port)
  await spool.note({ kind: 'start', actor: 'system', detail: { isolated: String(isolated) } })
  const cloud = config.cloud && cloudUseOf(config.cloud, town)
  const originals = mail && new Originals({ town, route: mail, store, spool })
  const app = createWeb(
    {
      side: 'low',
      accounts,
      origins: originsOf(config),
      screen: await loadScreen(SCREEN_DIR),
      health: () => ({ model, isolated }),
      me: meFor('low', town, route, cloud !== undefined),
      record: (kind, actor, detail) => spool.note({ kind, actor, detail }),
    },
    (web) => {
      addTransfers(web, {
        spool,
        maxBytes: route.maxBytes,
        otherSideThere: () => Date.now() - heard < SILENCE_MS,
      })
      if (originals) addOriginals(web, { town, originals })
      if (cloud) {
        addCloudUse(web, cloud)
        addCloudLogs(web, cloud)
        addCloudRehearsal(web, cloud)
        addCloudApprovals(web, cloud)
        addCloudCuts(web, cloud)
      }
    },
  )
  const web = await serveHttp(app, take, config)
  const mailIn =
    mail && config.mail
      ? await receiveMail(
          {
            town,
            route: mail,
            socket: config.mail,
            dataDir,
            spool,
            ...(askNames && config.resolvers?.length !== 0 ? { resolve: askNames } : {}),
          },
          take,
        )
      : undefined
  const tidy = setInterval(() => {
    Promise.all([spool.tidy(), originals?.tidy()]).catch((error: unknown) => {
      process.stderr.write(`${new Date().toISOString()} tidy ${String(error)}\n`)
    })
  }, TIDY_MS)
  return {
    async close() {
      guard.close()
      clearInterval(tidy)
      await Promise.all([closeHttp(web), closeHttp(link), mailIn?.close()])
      await mailOut?.close()
      await pool.close()
      accounts.close()
      await store.close()
    },
  }
}

/** The queue for mail to the internet, where the town lets some out and the configuration says to whom. */
async function mailOutOf(
  { mailOut, dataDir }: SideConfig,
  town: Town,
  dial: DialOut | undefined,
): Promise<MailOutDesk | undefined> {
  const declared = outwardGateOf(town)
  if (!declared || !mailOut || !dial) return undefined
  const ownName = declared.receive?.name ?? declared.domains[0] ?? 'localhost'
  return openMailOutDesk({
    outward: declared.outward,
    at: mailOut,
    dial,
    dataDir,
    ownName,
    bounceAddress: `postmaster@${declared.domains[0] ?? ownName}`,
  })
}

async function spoolName(store: Store<LowTables>): Promise<string> {
  const known = await readMeta(store.db, 'spool-name')
  if (known !== undefined) return known
  const name = newId()
  await store.write((tx) => writeMeta(tx, 'spool-name', name))
  return name
}
