/**
 * A whole boundary and a browser in front of it, for journeys: the real program, both sides, the demo accounts.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { demoCodes, startTown } from '@sekisho/server'
import type { DemoAccount, RunningTown } from '@sekisho/server'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import type { SentFile } from './files.ts'

const ROOT = join(import.meta.dirname, '../..')
const WEB = join(ROOT, 'apps/web')
const KASUMI = join(ROOT, 'examples/kasumi/town.yaml')
const VITE = join(ROOT, 'node_modules/vite/bin/vite.js')
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
/** A build that takes longer has been killed. */
const LONGEST_BUILD_MS = 120_000
const QUIET = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The town's laptops: small, Japanese, in Japan. */
export const LAPTOP = { width: 1366, height: 768 } as const
/** The same laptop at 200 % zoom. */
export const ZOOMED = { width: 683, height: 384 } as const
export const PHONE = { width: 375, height: 740 } as const

export type SideName = 'low' | 'high'
export type Role = DemoAccount['role']

export interface Boundary {
  readonly town: RunningTown
  readonly browser: Browser
  /** A signed-in page; signing in happens once for each person and side. */
  readonly open: (side: SideName, role: Role, path: string, size?: Size) => Promise<Page>
  /** A page of somebody nobody knows. */
  readonly openUnknown: (side: SideName, path: string) => Promise<Page>
  readonly account: (role: Role) => DemoAccount
  readonly code: (role: Role) => Promise<string>
  /** What the browser complained about: script errors and breaches of the content security policy. */
  readonly complaints: readonly string[]
  /** Closes every page, so that none goes on asking the server behind the next test. */
  readonly closePages: () => Promise<void>
  readonly stop: () => Promise<void>
}

export interface Size {
  readonly width: number
  readonly height: number
}

/** What a test needs beside the example town. */
export interface Around {
  /** Where mails are handed on to, inside and outside. */
  readonly nextMailServer?: Address
  readonly outsideMailServer?: Address
  /** The high side takes mail for the outside. */
  readonly submission?: boolean
  /** A cloud gate whose record the low side shows. */
  readonly cloud?: { readonly dataDir: string; readonly lists: string }
}

interface Address {
  readonly host: string
  readonly port: number
}

/** @param edit what is different in the example town's declaration; lines for its end, e.g. a list of macros */
export async function startBoundary(
  edit: string | ((declaration: string) => string) = '',
  { submission = false, ...servers }: Around = {},
): Promise<Boundary> {
  await buildPages()
  const dataDir = await mkdtemp(join(tmpdir(), 'sekisho-browser-'))
  const declaration = join(dataDir, 'town.yaml')
  const kasumi = await readFile(KASUMI, 'utf8')
  await writeFile(declaration, typeof edit === 'string' ? kasumi + edit : edit(kasumi))
  const town = await startTown({
    town: edit === '' ? KASUMI : declaration,
    dataDir,
    ports: { low: 0, high: 0, link: 0, ...(submission && { submission: 0 }) },
    demo: true,
    targets: join(ROOT, 'examples'),
    ...servers,
  })
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: QUIET })
  const complaints: string[] = []
  const states = new Map<string, BrowserContextOptions['storageState']>()

  const account = (role: Role): DemoAccount => {
    const found = town.accounts.find((one) => one.role === role)
    if (found === undefined) throw new Error(`no demo account: ${role}`)
    return found
  }
  const code = async (role: Role): Promise<string> => {
    const codes = await demoCodes(dataDir)
    return codes.find((one) => one.role === role)?.code ?? ''
  }
  const newPage = async (
    size: Size,
    storageState?: BrowserContextOptions['storageState'],
  ): Promise<Page> => {
    const context = await browser.newContext({
      viewport: size,
      deviceScaleFactor: size.width < LAPTOP.width ? 2 : 1,
      locale: 'ja-JP',
      timezoneId: 'Asia/Tokyo',
      acceptDownloads: true,
      ...(storageState !== undefined && { storageState }),
    })
    context.setDefaultTimeout(20_000)
    const page = await context.newPage()
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      const refused = /Content.Security.Policy|violates/iu.test(message.text())
      if (refused) complaints.push(message.text())
    })
    return page
  }
  const openPage: Boundary['open'] = async (side, role, path, size = LAPTOP) => {
    const key = `${side} ${role}`
    const page = await newPage(size, states.get(key))
    await page.goto(town[side].url + path)
    if (!states.has(key)) {
      const { email, password } = account(role)
      await signIn(page, email, password, () => code(role))
      states.set(key, await page.context().storageState())
      // Anew, so that every page begins alike: somebody who was signed in opens it.
      await page.goto(town[side].url + path)
    }
    await page.getByRole('heading', { level: 1 }).waitFor()
    return page
  }
  return {
    town,
    browser,
    open: openPage,
    openUnknown: async (side, path) => {
      const page = await newPage(LAPTOP)
      await page.goto(town[side].url + path)
      return page
    },
    account,
    code,
    complaints,
    closePages: async () => {
      await Promise.all(browser.contexts().map((context) => context.close()))
    },
    stop: async () => {
      await browser.close()
      await town.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** Password, then the code from the “telephone”, as a person types them. */
export async function signIn(
  page: Page,
  email: string,
  password: string,
  code: () => Promise<string>,
): Promise<void> {
  await page.getByLabel('メールアドレス').fill(email)
  await page.getByLabel('パスワード').fill(password)
  await page.getByRole('button', { name: '次へ' }).click()
  await page.getByLabel('確認コード').fill(await code())
  await page.getByRole('button', { name: 'サインイン' }).click()
  await page.getByRole('navigation', { name: '画面の切り替え' }).waitFor()
}

/** The file in a folder of its own: chosen twice from there, it is the same file to the browser. */
export async function onDisk({ name, buffer }: SentFile): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'sekisho-drop-')), name)
  await writeFile(path, buffer)
  return path
}

/** Lets files fall on `place` as the mouse of the operating system would: the browser itself makes the events. */
export async function dropFiles(
  page: Page,
  place: Locator,
  files: readonly SentFile[],
): Promise<void> {
  const paths = await Promise.all(files.map(onDisk))
  await place.scrollIntoViewIfNeeded()
  const box = await place.boundingBox()
  if (box === null) throw new Error('nothing to drop on')
  const devtools = await page.context().newCDPSession(page)
  const data = { items: [], files: paths, dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await devtools.send('Input.dispatchDragEvent', {
      type,
      x: box.x + box.width / 2,
      y: box.y + box.height / 2,
      data,
    })
  await devtools.detach()
}

/** Where the system has Chromium. The tests name what is missing instead of passing without it. */
function chromiumPath(): string {
  const found = CHROMIUM.find((path) => existsSync(path))
  if (found === undefined)
    throw new Error('Chromium is missing: install the Debian package "chromium".')
  return found
}

/** Builds the pages when they are older than their sources; one builder at a time, or one would sweep the other's. */
async function buildPages(): Promise<void> {
  const lock = join(
    tmpdir(),
    `sekisho-pages-${createHash('sha256').update(WEB).digest('hex').slice(0, 16)}`,
  )
  const holder = await open(lock, 'wx').catch(() => undefined)
  if (holder === undefined) {
    await builtElsewhere(lock)
    return buildPages()
  }
  try {
    await holder.close()
    // By its own command: inside of a test run the library would make a development build.
    if (!isBuilt())
      await promisify(execFile)(process.execPath, [VITE, 'build', WEB, '--logLevel', 'error'], {
        env: { ...process.env, NODE_ENV: 'production' },
      })
  } finally {
    await rm(lock, { force: true })
  }
}

/** Waits for the other builder; a lock that was left behind is taken away. */
async function builtElsewhere(lock: string): Promise<void> {
  const since = await stat(lock).catch(() => undefined)
  if (since !== undefined && Date.now() - since.mtimeMs > LONGEST_BUILD_MS)
    await rm(lock, { force: true })
  await sleep(250)
}

function isBuilt(): boolean {
  const built = join(WEB, 'dist/index.html')
  const sources = ['src', 'public'].flatMap((folder) =>
    readdirSync(join(WEB, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
      join(WEB, folder, name),
    ),
  )
  const newest = [...sources, join(WEB, 'index.html'), join(WEB, 'vite.config.ts')]
    .map((path) => statSync(path).mtimeMs)
    .reduce((a, b) => Math.max(a, b))
  return existsSync(built) && statSync(built).mtimeMs > newest
}
