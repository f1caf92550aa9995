/** Certificates of the day for real clients: one authority of the town, and what terminals show. */
import { createHash, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
// The library's container wants it before the library is loaded.
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const DAY = 86_400_000
const serial = (): string => `40${randomBytes(15).toString('hex')}`

export interface Pair {
  readonly cert: string
  readonly key: string
  /** SHA-256 of the certificate, as the table of terminals has it. */
  readonly fingerprint: string
}

export class Authority {
  readonly #folder: string
  readonly #keys: CryptoKeyPair
  readonly #certificate: x509.X509Certificate
  /** PEM file. */
  readonly file: string

  private constructor(
    folder: string,
    file: string,
    keys: CryptoKeyPair,
    own: x509.X509Certificate,
  ) {
    this.#folder = folder
    this.file = file
    this.#keys = keys
    this.#certificate = own
  }

  static async make(folder: string, name: string): Promise<Authority> {
    const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
    const own = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: serial(),
      name: `CN=${name}`,
      notBefore: new Date(Date.now() - 400 * DAY),
      notAfter: new Date(Date.now() + DAY),
      signingAlgorithm: ALGORITHM,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      ],
    })
    const file = join(folder, `${name}.pem`)
    writeFileSync(file, own.toString('pem'))
    return new Authority(folder, file, keys, own)
  }

  /** @param days from now until it ends; negative for one that has ended */
  async issue(
    name: string,
    { dns = [], ip = [], days = 1 }: { dns?: string[]; ip?: string[]; days?: number } = {},
  ): Promise<Pair> {
    const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
    const names = [
      ...dns.map((value) => ({ type: 'dns', value }) as const),
      ...ip.map((value) => ({ type: 'ip', value }) as const),
    ]
    const made = await x509.X509CertificateGenerator.create({
      serialNumber: serial(),
      subject: `CN=${name}`,
      issuer: this.#certificate.subject,
      notBefore: new Date(Date.now() - 300 * DAY),
      notAfter: new Date(Date.now() + days * DAY),
      signingAlgorithm: ALGORITHM,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      extensions: [
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
      ],
    })
    const pair = {
      cert: join(this.#folder, `${name}.cert.pem`),
      key: join(this.#folder, `${name}.key.pem`),
      fingerprint: createHash('sha256').update(new Uint8Array(made.rawData)).digest('hex'),
    }
    writeFileSync(pair.cert, made.toString('pem'))
    const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey)
    writeFileSync(pair.key, x509.PemConverter.encode(key, 'PRIVATE KEY'), { mode: 0o600 })
    return pair
  }
}
