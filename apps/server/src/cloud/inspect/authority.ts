/**
 * The town's own authority for reading inside: whoever has its key can be any host it speaks for, to every terminal that trusts it. So the key is made here, never
 * leaves the low side, is readable by the gate alone, and speaks for the declared hosts only.
 */
import { createHash } from 'node:crypto'
import { chmod, lstat, mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
// The library's container wants it before the library is loaded.
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import { SekishoError, errorCode } from '@sekisho/core'
import { serial } from '../../link/certificates.ts'
import { NAME_CONSTRAINTS, readNameConstraints, writeNameConstraints } from './name-constraints.ts'

/** Days an authority is good for; then the town makes another and gives it out. */
export const CA_DAYS = 730
/** Folder of the authority, in the data folder. */
export const CA_FOLDER = 'ca'

export const CA_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
/** id-kp-serverAuth (RFC 5280 4.2.1.12). */
export const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'

export interface Authority {
  readonly certificate: x509.X509Certificate
  readonly key: CryptoKey
  /** Names it may speak for, with what is under them; `any` for an authority that also shows pages in place of what was refused. */
  readonly hosts: readonly string[] | 'any'
}

/** What terminals and people are told of it. */
export interface ShownAuthority {
  /** SHA-256 of the certificate, `AB:CD:…`. */
  readonly fingerprint: string
  /** Last day it is good for, ISO with time. */
  readonly until: string
  readonly hosts: readonly string[] | 'any'
  /** Path of the certificate, PEM; the file for terminals. */
  readonly file: string
}

export interface AuthorityOptions {
  /** Name of the town, for whoever reads the certificate in a browser. */
  readonly town: string
  readonly hosts: readonly string[] | 'any'
  readonly now?: Date
}

/**
 * Makes an authority in `dataDir`. One that is there is never written over: terminals trust it.
 *
 * @throws SekishoError CONFIG_INVALID when there is one
 */
export async function makeAuthority(
  dataDir: string,
  { town, hosts, now = new Date() }: AuthorityOptions,
): Promise<ShownAuthority> {
  const folder = join(dataDir, CA_FOLDER)
  await mkdir(dataDir, { recursive: true })
  await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
    if (errorCode(error) === 'EEXIST')
      throw new SekishoError(
        'CONFIG_INVALID',
        `${folder} に、もう認証局があります。作り直すときは、端末から前のものを外す支度をして、そのフォルダを別の場所へ移してください。`,
      )
    throw error
  })
  const keys = await crypto.subtle.generateKey(CA_ALGORITHM, true, ['sign', 'verify'])
  const number = serial()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: number,
    // Two authorities of one town must not be taken for each other.
    name: [{ O: [town] }, { CN: [`Sekisho cloud gate ${number.slice(0, 6).toUpperCase()}`] }],
    notBefore: new Date(now.getTime() - 3_600_000),
    notAfter: new Date(now.getTime() + CA_DAYS * 86_400_000),
    signingAlgorithm: CA_ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      new x509.ExtendedKeyUsageExtension([SERVER_AUTH], false),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ...(hosts === 'any'
        ? []
        : [
            new x509.Extension(NAME_CONSTRAINTS, true, new Uint8Array(writeNameConstraints(hosts))),
          ]),
    ],
  })
  const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey)
  await keep(join(folder, 'key.pem'), x509.PemConverter.encode(key, 'PRIVATE KEY'), 0o600)
  await keep(join(folder, 'cert.pem'), certificate.toString('pem'), 0o644)
  return showAuthority(dataDir)
}

/**
 * The authority of the gate, ready to sign.
 *
 * @returns `undefined` when there is none
 * @throws SekishoError CONFIG_INVALID for one that others can read, that is over, or that is not ours
 */
export async function readAuthority(
  dataDir: string,
  now = new Date(),
): Promise<Authority | undefined> {
  const certificate = await readCertificate(dataDir)
  if (!certificate) return undefined
  const path = join(dataDir, CA_FOLDER, 'key.pem')
  const { mode } = await lstat(path)
  if ((mode & 0o077) !== 0)
    throw new SekishoError(
      'CONFIG_INVALID',
      `${path} を、関所のほかの人も読めます。chmod 600 で、関所だけが読めるようにしてください。`,
    )
  if (certificate.notAfter <= now)
    throw new SekishoError(
      'CONFIG_INVALID',
      '認証局の期限が過ぎています。sekisho gate web ca create で作り直し、端末に配ってください。',
    )
  const pem = await readFile(path, 'utf8')
  const der = x509.PemConverter.decodeFirst(pem)
  // Nothing that runs here can write the key out again.
  const key = await crypto.subtle.importKey('pkcs8', der, CA_ALGORITHM, false, ['sign'])
  return { certificate, key, hosts: hostsOf(certificate) }
}

/** What there is to show of the authority; the key is not even read. @throws SekishoError CONFIG_INVALID when there is none */
export async function showAuthority(dataDir: string): Promise<ShownAuthority> {
  const certificate = await readCertificate(dataDir)
  if (!certificate)
    throw new SekishoError(
      'CONFIG_INVALID',
      `${dataDir} に、認証局がありません。sekisho gate web ca create で作れます。`,
    )
  return {
    fingerprint: fingerprintOf(certificate),
    until: certificate.notAfter.toISOString(),
    hosts: hostsOf(certificate),
    file: join(dataDir, CA_FOLDER, 'cert.pem'),
  }
}

/** SHA-256, as browsers and OpenSSL write it. */
export function fingerprintOf(certificate: x509.X509Certificate): string {
  const digest = createHash('sha256').update(new Uint8Array(certificate.rawData)).digest('hex')
  return digest.toUpperCase().replace(/..(?=.)/gu, '$&:')
}

/** Whether terminals believe a certificate of this authority for the host. */
export function speaksFor({ hosts }: Pick<Authority, 'hosts'>, host: string): boolean {
  return hosts === 'any' || hosts.some((one) => host === one || host.endsWith(`.${one}`))
}

async function readCertificate(dataDir: string): Promise<x509.X509Certificate | undefined> {
  try {
    const pem = await readFile(join(dataDir, CA_FOLDER, 'cert.pem'), 'utf8')
    return new x509.X509Certificate(pem)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

function hostsOf(certificate: x509.X509Certificate): Authority['hosts'] {
  const limits = certificate.getExtension(NAME_CONSTRAINTS)
  return limits ? readNameConstraints(new Uint8Array(limits.value)) : 'any'
}

/** Whole and on the disk, or not there; the mode does not depend on who calls. */
async function keep(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await chmod(path, mode)
}
