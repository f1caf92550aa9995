/**
 * How one side is run. Read from a file on two hosts; made by the supervisor on one.
 */
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { SekishoError } from '@sekisho/core'
import { fromJson, list, oneOf, shape, text, whole } from '../shape.ts'
import type { OidcProvider } from './accounts.ts'
import type { AntivirusOptions } from './antivirus.ts'

export interface Address {
  readonly host: string
  readonly port: number
}

/** Where mail comes or goes, with the certificate and key shown to senders, PEM files. */
export interface MailSocket extends Address {
  readonly tls?: { readonly cert: string; readonly key: string }
}

export interface CloudPlaces {
  readonly dataDir: string
  readonly lists: string
  /** Id of the gate; absent when the town has one. */
  readonly gate?: string
}

/** One side. Paths in a file are relative to it. */
export interface SideConfig {
  readonly side: 'low' | 'high'
  /** The declaration, the same on both hosts. */
  readonly town: string
  /** Everything this side keeps. */
  readonly dataDir: string
  /** Where people's browsers connect. */
  readonly web: Address
  /** How people reach it, e.g. `https://watasu.kasumi.example`. Default: `http://localhost:<port>`. */
  readonly origin?: string
  /** Certificate and key for the browsers, PEM files. Without them only this machine itself is served. */
  readonly tls?: { readonly cert: string; readonly key: string }
  /** Low: where it listens for the other side. High: where the other side listens. */
  readonly link: Address
  /**
   * Low: where it listens for mail; without it no mail comes in. Without `tls` STARTTLS is not offered. High: where the next mail server is reached, when that
   * is not the declared address (behind a translation of addresses, or in a trial).
   */
  readonly mail?: MailSocket
  /** High only: where it listens for mail to the outside; without it none leaves. Without `tls` STARTTLS is not offered. */
  readonly submission?: MailSocket
  /** Low only: where the next mail server of the internet side is. Connections to it, and to nothing else, are opened outside of the side. */
  readonly mailOut?: Address
  /** Folder with `ca.pem`, `cert.pem` and `key.pem` of this side. Default: `link` in the data folder. */
  readonly linkCertificates?: string
  /** High only: `postgres://…` instead of the embedded store. `SEKISHO_DATABASE_URL` says the same. */
  readonly databaseUrl?: string
  readonly oidc?: readonly OidcProvider[]
  /**
   * High only: a folder of folders, each with a `target.yaml` (and a `plan.yaml`) that the roadmap page offers. Default: `targets` beside the
   * declaration.
   */
  readonly targets?: string
  /** A virus scanner, asked before and after disarming: on the low side about files, on the high side about workbooks that are brought. */
  readonly antivirus?: AntivirusOptions
  /** Low only: how much of the likeness of input and output is measured. Default: words, and pages where they can be drawn. */
  readonly fidelity?: 'off' | 'text' | 'pages'
  /** File with what the firewall's machine holds, the output of `nft list ruleset`. With it, this side serves only behind the rules of its own declaration. */
  readonly firewall?: string
  /** Low only: the data folder of a cloud gate on this machine, and its folder of lists. With it, officers and auditors see what goes through. */
  readonly cloud?: CloudPlaces
  /** High only: file in which the firewall's machine keeps when each flow was last used (`flow-use.json` of `sekisho drift`). */
  readonly flowUse?: string
}

const address = shape<Address>({ host: text(255), port: whole(0, 65_535) })

const mailSocket = shape<MailSocket>(
  {
    host: text(255),
    port: whole(0, 65_535),
    tls: shape<{ cert: string; key: string }>({ cert: text(4096), key: text(4096) }),
  },
  ['tls'],
)

const sideConfig = shape<SideConfig>(
  {
    side: oneOf(['low', 'high']),
    town: text(4096),
    dataDir: text(4096),
    web: address,
    origin: text(500, /^https?:\/\/[^/]+$/u),
    tls: shape<{ cert: string; key: string }>({ cert: text(4096), key: text(4096) }),
    link: address,
    mail: mailSocket,
    submission: mailSocket,
    mailOut: address,
    linkCertificates: text(4096),
    databaseUrl: text(2000),
    targets: text(4096),
    oidc: list(
      shape<OidcProvider>({
        id: text(40, /^[a-z0-9-]+$/u),
        discoveryUrl: text(500, /^https:\/\//u),
        clientId: text(300),
        clientSecret: text(500),
      }),
      8,
    ),
    antivirus: shape<AntivirusOptions>(
      {
        clamd: text(4096, /^(?:\/.+|[^/:]+:[0-9]{1,5})$/u),
        maxSignatureDays: whole(1, 365),
        whenDown: oneOf(['refuse', 'continue']),
      },
      ['whenDown'],
    ),
    fidelity: oneOf(['off', 'text', 'pages']),
    firewall: text(4096),
    flowUse: text(4096),
    cloud: shape<CloudPlaces>(
      { dataDir: text(4096), lists: text(4096), gate: text(63, /^[a-z0-9][a-z0-9-]*$/u) },
      ['gate'],
    ),
  },
  [
    'origin',
    'tls',
    'mail',
    'submission',
    'mailOut',
    'linkCertificates',
    'databaseUrl',
    'targets',
    'oidc',
    'antivirus',
    'fidelity',
    'firewall',
    'flowUse',
    'cloud',
  ],
)

/**
 * Reads the configuration of a side, JSON.
 *
 * @throws SekishoError CONFIG_INVALID when it is not exactly of the form above: an unknown key is not passed over
 */
export async function readSideConfig(file: string): Promise<SideConfig> {
  const config = fromJson(await readFile(file, 'utf8'), sideConfig)
  if (!config) throw new SekishoError('CONFIG_INVALID', `${file} は、側の設定として読めません。`)
  const at = (path: string): string => resolve(dirname(file), path)
  const { tls, mail, submission, linkCertificates, targets, firewall, flowUse, cloud } = config
  return checkedConfig({
    ...config,
    town: at(config.town),
    dataDir: at(config.dataDir),
    ...(tls ? { tls: { cert: at(tls.cert), key: at(tls.key) } } : {}),
    ...(mail?.tls
      ? { mail: { ...mail, tls: { cert: at(mail.tls.cert), key: at(mail.tls.key) } } }
      : {}),
    ...(submission?.tls
      ? {
          submission: {
            ...submission,
            tls: { cert: at(submission.tls.cert), key: at(submission.tls.key) },
          },
        }
      : {}),
    ...(linkCertificates === undefined ? {} : { linkCertificates: at(linkCertificates) }),
    ...(targets === undefined ? {} : { targets: at(targets) }),
    ...(firewall === undefined ? {} : { firewall: at(firewall) }),
    ...(flowUse === undefined ? {} : { flowUse: at(flowUse) }),
    ...(cloud && { cloud: { ...cloud, dataDir: at(cloud.dataDir), lists: at(cloud.lists) } }),
  })
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost'])

export function isLoopback(host: string): boolean {
  return LOOPBACK.has(host)
}

/** Passwords in clear never leave the machine: without TLS only its own loopback is served. */
export function checkedConfig(config: SideConfig): SideConfig {
  if (config.tls || isLoopback(config.web.host)) return config
  throw new SekishoError(
    'CONFIG_INVALID',
    `${config.web.host} で待つには証明書が要ります。tls を書くか、127.0.0.1 で待ってください。`,
  )
}

/** Origins under which this side is itself. The first is printed. */
export function originsOf(config: SideConfig): readonly string[] {
  const scheme = config.tls ? 'https' : 'http'
  const { port } = config.web
  const local = [`${scheme}://localhost:${port}`, `${scheme}://127.0.0.1:${port}`]
  const loopback = isLoopback(config.web.host) ? local : []
  return [...new Set([...(config.origin ? [config.origin] : []), ...loopback])]
}

/** The name by which a side is known, and its further names. */
export function namesOf(config: SideConfig): {
  readonly origin: string
  readonly otherOrigins: readonly string[]
} {
  const [origin = '', ...otherOrigins] = originsOf(config)
  return { origin, otherOrigins }
}
