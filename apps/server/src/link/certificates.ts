/**
 * Certificates of the link: a small authority of its own for exactly two parties. Its private key signs two
 * certificates and is forgotten; renewing means making a new set.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
// The library's container wants it before the library is loaded.
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import type { SideConfig } from '../host/config.ts'

/** Names in the certificates: what a party is, not where it runs. */
export const LINK_NAMES = {
  low: 'low.link.sekisho.internal',
  high: 'high.link.sekisho.internal',
} as const

/** Days a set of link certificates is good for. */
export const LINK_DAYS = 730

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
/** id-kp-serverAuth and id-kp-clientAuth (RFC 5280 §4.2.1.12). */
const PURPOSE = { low: '1.3.6.1.5.5.7.3.1', high: '1.3.6.1.5.5.7.3.2' } as const

/**
 * Makes the certificates of both sides: `dir/low/` and `dir/high/`, each with `ca.pem`, `cert.pem` and `key.pem`
 * (0600). Copy one folder to each host.
 *
 * @throws when a file is there already: certificates in use are never overwritten.
 */
export async function makeLinkCertificates(dir: string, now = new Date()): Promise<void> {
  const until = new Date(now.getTime() + LINK_DAYS * 86_400_000)
  const authority = await makeAuthority(now, until)
  for (const side of ['low', 'high'] as const) {
    const folder = join(dir, side)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const { cert, key } = await makeParty(side, authority, now, until)
    await keep(join(folder, 'ca.pem'), authority.certificate.toString('pem'))
    await keep(join(folder, 'cert.pem'), cert)
    await keep(join(folder, 'key.pem'), key)
  }
}

interface Authority {
  readonly certificate: x509.X509Certificate
  readonly keys: CryptoKeyPair
}

async function makeAuthority(notBefore: Date, notAfter: Date): Promise<Authority> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: 'CN=Sekisho link',
    notBefore,
    notAfter,
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  })
  return { certificate, keys }
}

async function makeParty(
  side: 'low' | 'high',
  authority: Authority,
  notBefore: Date,
  notAfter: Date,
): Promise<{ cert: string; key: string }> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: `CN=${LINK_NAMES[side]}`,
    issuer: authority.certificate.subject,
    notBefore,
    notAfter,
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: authority.keys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([PURPOSE[side]], true),
      new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: LINK_NAMES[side] }]),
    ],
  })
  const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey)
  return { cert: certificate.toString('pem'), key: x509.PemConverter.encode(key, 'PRIVATE KEY') }
}

/** A fresh serial number of a certificate, hex. */
export function serial(): string {
  // Positive and at most 20 octets (RFC 5280 §4.1.2.2).
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return Buffer.from(bytes).toString('hex')
}

function keep(path: string, content: string): Promise<void> {
  return writeFile(path, content, { mode: 0o600, flag: 'wx' })
}

/** Certificate, key and authority of one side. */
export interface LinkCertificates {
  readonly ca: string
  readonly cert: string
  readonly key: string
}

/** Reads what {@link makeLinkCertificates} made for one side. */
export async function readCertificates(config: SideConfig): Promise<LinkCertificates> {
  const folder = config.linkCertificates ?? join(config.dataDir, 'link')
  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8')
  return { ca: await read('ca.pem'), cert: await read('cert.pem'), key: await read('key.pem') }
}
