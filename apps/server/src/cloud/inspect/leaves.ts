/** Certificates for the hosts that are read inside: made when the first terminal comes, kept in memory, over within a day. */
import { createSecureContext } from 'node:tls'
import type { SecureContext } from 'node:tls'
// The library's container wants it before the library is loaded.
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import { SekishoError } from '@sekisho/core'
import { serial } from '../../link/certificates.ts'
import { CA_ALGORITHM, SERVER_AUTH, speaksFor } from './authority.ts'
import type { Authority } from './authority.ts'

/** Hours a certificate is good for; half of them it is used. */
const LEAF_HOURS = 24
/** Certificates kept; only pages for refused names could ever want more. */
const KEPT = 256
const HOUR = 3_600_000

interface Leaf {
  readonly context: SecureContext
  /** Milliseconds since the epoch. */
  readonly until: number
}

export class Leaves {
  readonly #authority: Authority
  readonly #now: () => Date
  readonly #leaves = new Map<string, Promise<Leaf>>()

  constructor(authority: Authority, now: () => Date = () => new Date()) {
    this.#authority = authority
    this.#now = now
  }

  /** Whether terminals believe us for the host. */
  speaksFor(host: string): boolean {
    return speaksFor(this.#authority, host)
  }

  /** Whether they believe us for any name. */
  get speaksForAny(): boolean {
    return this.#authority.hosts === 'any'
  }

  /** What TLS with a terminal is ended with. @throws SekishoError BUG for a host that the authority does not speak for */
  async contextFor(host: string): Promise<SecureContext> {
    if (!this.speaksFor(host)) throw new SekishoError('BUG', 'a certificate for a name of others')
    const known = await this.#leaves.get(host)
    if (known && known.until > this.#now().getTime()) return known.context
    const fresh = this.#make(host)
    this.#leaves.delete(host)
    this.#leaves.set(host, fresh)
    const [oldest] = this.#leaves.keys()
    if (this.#leaves.size > KEPT && oldest !== undefined) this.#leaves.delete(oldest)
    try {
      return (await fresh).context
    } catch (error) {
      this.#leaves.delete(host)
      throw error
    }
  }

  async #make(host: string): Promise<Leaf> {
    const { certificate, key } = this.#authority
    const now = this.#now().getTime()
    const keys = await crypto.subtle.generateKey(CA_ALGORITHM, true, ['sign', 'verify'])
    const leaf = await x509.X509CertificateGenerator.create({
      serialNumber: serial(),
      subject: 'CN=Sekisho cloud gate',
      issuer: certificate.subject,
      notBefore: new Date(now - HOUR),
      notAfter: new Date(Math.min(now + LEAF_HOURS * HOUR, certificate.notAfter.getTime())),
      signingAlgorithm: CA_ALGORITHM,
      publicKey: keys.publicKey,
      signingKey: key,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([SERVER_AUTH], false),
        new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: host }]),
        await x509.AuthorityKeyIdentifierExtension.create(certificate.publicKey),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    })
    const pkcs8 = await crypto.subtle.exportKey('pkcs8', keys.privateKey)
    const context = createSecureContext({
      cert: leaf.toString('pem') + '\n' + certificate.toString('pem'),
      key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'),
      minVersion: 'TLSv1.2',
    })
    return { context, until: now + (LEAF_HOURS / 2) * HOUR }
  }
}
