/**
 * The high side: judges, verifies, asks people, records, delivers. It opens the one connection to the low side and
 * listens only for people of its own network.
 */
import { randomUUID } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { SekishoError } from '@sekisho/core'
import { openLog } from '@sekisho/evidence'
import { fileGate, macrosInForce } from '@sekisho/gates/file'
import { createCompiledJudge, createJudge } from '@sekisho/judge'
import { highMigrations, migrate, openBlobs, openStore } from '@sekisho/store'
import type { HighTables } from '@sekisho/store'
import { todayInJapan } from '@sekisho/town'
import { accountsDatabase, databaseUrlOf } from '../host/accounts-database.ts'
import { ensureAccounts, openAccounts } from '../host/accounts.ts'
import type { NewAccount } from '../host/accounts.ts'
import { loadActiveTown } from '../host/active-model.ts'
import { clamdScan } from '../host/antivirus.ts'
import { namesOf, originsOf } from '../host/config.ts'
import type { SideConfig } from '../host/config.ts'
import { guardFirewall, stopServing } from '../host/firewall.ts'
import { meFor } from '../host/me.ts'
import { SCREEN_DIR } from '../host/places.ts'
import type { Running, TakeSocket } from '../host/process.ts'
import { fileRoute } from '../host/route.ts'
import type { FileRoute } from '../host/route.ts'
import { mailRoute, outwardGateOf } from '../host/mail-route.ts'
import { loadScreen } from '../host/screen.ts'
import { originOfSigner, readSecrets } from '../host/secrets.ts'
import { closeHttp, serveHttp } from '../host/serve-http.ts'
import { createWeb } from '../host/web.ts'
import { readCertificates } from '../link/certificates.ts'
import { createLinkClient } from '../link/client.ts'
import { addApprovals } from './approvals.ts'
import { Crossings } from './crossings.ts'
import { addDecisions } from './decisions.ts'
import { addEvidence } from './evidence.ts'
import { evidenceFollower } from './evidence-rows.ts'
import { addInbox } from './inbox.ts'
import { addMails } from './mail-pages.ts'
import { addMailQueue } from './mail-queue-page.ts'
import { openMails } from './mails.ts'
import type { Mails } from './mails.ts'
import { openOutward } from './outward.ts'
import type { Outward, OutwardOptions } from './outward.ts'
import { addOutwardPages } from './outward-pages.ts'
import { addDownloads } from './downloads.ts'
import { addEditionDiff } from './edition-diff.ts'
import { addExplain } from './explain.ts'
import { createImports } from './imports.ts'
import { createReadingBox } from '../host/reading-box.ts'
import { addRegisters } from './registers.ts'
import { addReport } from './report.ts'
import { createReports } from './reports.ts'
import { addRoadmap } from './roadmap.ts'
import { Roadmaps } from './roadmaps.ts'
import { addSelfCheck } from './self-check.ts'
import { targetsIn } from './targets.ts'
import { addStructure } from './structure.ts'

/** Silence of the low side beyond this counts as a cut line, ms. */
const SILENCE_MS = 40_000

/** How often it is looked for files of mails that are shredded soon, ms. */
const REMIND_MS = 10 * 60_000

/** Serves the high side on the socket `web`, which was opened outside. */
export async function serveHigh(
  config: SideConfig,
  take: TakeSocket,
  wanted: readonly NewAccount[],
): Promise<Running> {
  const { dataDir } = config
  const { town, read, text, fileDigest, model } = await loadActiveTown(config.town, dataDir)
  const guard = await guardFirewall(config, model, stopServing)
  const route = fileRoute(town)
  const secrets = await readSecrets(dataDir)
  const log = await openLog({
    dir: join(dataDir, 'log'),
    origin: originOfSigner(secrets.signer),
    signer: secrets.signer,
  })
  const url = databaseUrlOf(config)
  const store = await openStore<HighTables>(url ? { url } : { path: join(dataDir, 'store.sqlite') })
  await migrate(store, highMigrations)
  const blobs = await openBlobs(join(dataDir, 'blobs'))
  const judge = createJudge()
  const record = async (
    kind: 'start' | 'sign-in' | 'sign-in-failed' | 'sign-out' | 'changed',
    actor: string,
    detail: Record<string, string>,
  ): Promise<void> => {
    const at = new Date().toISOString()
    await log.append(`high:${randomUUID()}`, { v: 1, kind, at, side: 'high', model, actor, detail })
  }
  await record('start', 'system', { rules: judge.digest })
  const mails = await openMails({ config, town, model, log, store, blobs })
  const box = createReadingBox()
  const link = createLinkClient({ ...config.link, certificates: await readCertificates(config) })
  const crossings = new Crossings({
    town,
    route,
    model,
    gate: gateOf(town, route),
    judge,
    log,
    store,
    blobs,
    link,
    ...(mails ? { mail: mails } : {}),
    verify: (bytes, ending, mail) =>
      box.verify(bytes, ending, {
        ...mail,
        macroDigests: macrosInForce(town.macros, todayInJapan(new Date())),
      }),
  })
  const outward = await outwardOf(
    { config, town, model, judge, log, link, box, mails, route },
    take,
  )
  const forAccounts = await accountsDatabase(config)
  const accounts = await openAccounts({
    side: 'high',
    database: forAccounts.database,
    secret: secrets.auth,
    ...namesOf(config),
    town,
    ...(config.oidc ? { oidc: config.oidc } : {}),
    record,
  })
  await ensureAccounts(accounts, wanted)
  const nameOf = (id: string): string => town.people.find((person) => person.id === id)?.name ?? id
  const app = createWeb(
    {
      side: 'high',
      accounts,
      origins: originsOf(config),
      screen: await loadScreen(SCREEN_DIR),
      health: () => ({
        model,
        link: crossings.heard !== undefined && Date.now() - crossings.heard < SILENCE_MS,
      }),
      me: meFor('high', town, route),
      record,
    },
    (web) => {
      addInbox(web, { macros: town.macros, store, blobs, crossings })
      const originalDays = mailRoute(town)?.originalDays ?? route.originalDays
      addMails(web, { town, model, store, blobs, log, link, originalDays })
      if (mails) addMailQueue(web, { queue: mails.out.queue, store })
      addApprovals(web, { town, store, blobs, crossings })
      if (outward) addOutwardPages(web, { town, outward })
      const catchUp = evidenceFollower(log, store)
      addEvidence(web, { log, store, catchUp, nameOf })
      // What would help is found by asking hundreds of times.
      const compiled = createCompiledJudge()
      addSelfCheck(web, { read, judge: compiled })
      addExplain(web, { town })
      const roadmaps = new Roadmaps()
      const inForce = { read, judge: compiled, file: basename(config.town), fileDigest }
      addDownloads(web, { ...inForce, roadmaps })
      addEditionDiff(web, inForce)
      const targets = targetsIn(config.targets ?? join(dirname(config.town), 'targets'))
      addRoadmap(web, { town: text, roadmaps, targets })
      const use = {
        route,
        store,
        catchUp,
        ...(config.flowUse !== undefined && { flowUse: config.flowUse }),
      }
      addRegisters(web, {
        ...inForce,
        ...use,
        imports: createImports(text, {
          verify: box.verify,
          ...(config.antivirus && { scan: clamdScan(config.antivirus) }),
        }),
        log: { dir: join(dataDir, 'log'), verifier: log.verifier },
      })
      addStructure(web, { read, judge: compiled, ...use })
      addReport(web, { ...inForce, text, targets, reports: createReports() })
      addDecisions(web, {
        town,
        model,
        judge: compiled,
        log,
        store,
        catchUp,
        nameOf,
      })
    },
  )
  await crossings.start()
  const remind = (): void => {
    mails?.way.remind().catch((error: unknown) => {
      process.stderr.write(`${new Date().toISOString()} remind ${String(error)}\n`)
    })
  }
  remind()
  const reminding = setInterval(remind, REMIND_MS)
  outward?.start()
  const web = await serveHttp(app, take, config)
  return {
    async close() {
      guard.close()
      clearInterval(reminding)
      await closeHttp(web)
      await crossings.close()
      await outward?.close()
      await mails?.out.close()
      await box.close()
      accounts.close()
      await forAccounts.close()
      await store.close()
      await log.close()
    },
  }
}

/** Mail to the outside, where the town declares it. */
async function outwardOf(
  {
    config,
    town,
    mails,
    route,
    ...common
  }: Pick<OutwardOptions, 'town' | 'model' | 'judge' | 'log' | 'link' | 'box'> & {
    readonly config: SideConfig
    readonly mails: Mails | undefined
    readonly route: FileRoute
  },
  take: TakeSocket,
): Promise<Outward | undefined> {
  const gate = outwardGateOf(town)
  if (!gate || !mails) return undefined
  return openOutward(
    {
      ...common,
      town,
      gate,
      dataDir: config.dataDir,
      profile: route.disarm,
      own: mails.out,
      ...(config.submission ? { socket: config.submission } : {}),
      ...(config.mail ? { reached: config.mail } : {}),
      host: new URL(namesOf(config).origin).hostname,
    },
    take,
  )
}

function gateOf(
  town: Parameters<typeof fileRoute>[0],
  route: FileRoute,
): ReturnType<typeof fileGate> {
  const kindOf = (id: string) => {
    const kind = town.zones.find((zone) => zone.id === id)?.kind
    if (!kind) throw new SekishoError('CONFIG_INVALID', `zone ${id}`)
    return kind
  }
  return fileGate({
    model: town.model,
    edition: town.edition,
    fromZone: kindOf(route.from),
    toZone: kindOf(route.to),
    approval: route.approval,
    macros: town.macros,
    today: () => todayInJapan(new Date()),
  })
}
