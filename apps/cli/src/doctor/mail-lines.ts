/** The certificate that the gate shows, and the mail servers that it hands mail to. */
import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import type { MailNextHop, Town } from '@sekisho/core'
import { lookAtHop } from '@sekisho/gates/mail'
import type { Dial, HopCertificate, HopLook, NextHop } from '@sekisho/gates/mail'
import type { Look } from './look.ts'
import type { RunGate } from './mail-dns.ts'
import { look } from './words.ts'

const DAY_MS = 86_400_000
/** Days before its end from which a certificate is told. */
const SOON_DAYS = 30
const CONNECT_MS = 5_000
const TIMEOUTS = { greeting: 10_000, idle: 10_000, message: 15_000 }

/** @param file PEM, the gate's own certificate first */
export async function certificateLook(
  { gate }: RunGate,
  file: string | undefined,
  now: Date,
): Promise<Look> {
  const name = '受けるときの証明書'
  if (file === undefined) return look('DOC-CERT-UNKNOWN', name)
  const certificate = await readFile(file)
    .then((pem) => new X509Certificate(pem))
    .catch(() => undefined)
  if (certificate === undefined) return look('DOC-CERT-UNREADABLE', name, { file })
  const own = gate.receive.name
  if (certificate.checkHost(own) === undefined) return look('DOC-CERT-NAME', name, { name: own })
  return ending(name, own, Date.parse(certificate.validTo), now)
}

function ending(name: string, subject: string, until: number, now: Date): Look {
  const days = Math.floor((until - now.getTime()) / DAY_MS)
  if (days < 0) return look('DOC-CERT-EXPIRED', name, { days: -days })
  const reason = days < SOON_DAYS ? 'DOC-CERT-SOON' : 'DOC-CERT-OK'
  return look(reason, name, { name: subject, days })
}

/** The servers of one gate: inward to the office, outward to the Internet. No message is sent. */
export function hopLooks(
  { town, gate }: RunGate,
  ca: string | undefined,
  now: Date,
): Promise<readonly Look[]> {
  const hops = [
    ['届け先', gate.deliver],
    ['送り先', gate.outward?.deliver],
  ] as const
  return Promise.all(
    hops.flatMap(([kind, hop]) =>
      hop === undefined ? [] : [hopLook(kind, hop, { town, ownName: gate.receive.name, ca, now })],
    ),
  )
}

interface Asked {
  readonly town: Town
  readonly ownName: string
  readonly ca: string | undefined
  readonly now: Date
}

async function hopLook(
  kind: string,
  hop: MailNextHop,
  { town, ownName, ca, now }: Asked,
): Promise<Look> {
  const hosts = town.systems.flatMap((system) => system.hosts)
  const found =
    hosts.find(({ id }) => id === hop.server) ?? town.peers.find(({ id }) => id === hop.server)
  // The reader of the town has seen to it that there is one.
  const address = (found?.addresses[0] ?? '').replace(/\/(?:32|128)$/u, '')
  const asked: NextHop = {
    name: hop.server,
    host: hop.name ?? address,
    port: hop.port,
    tls: hop.tls,
    connections: 1,
    ownName,
    timeouts: TIMEOUTS,
    ...(ca === undefined ? {} : { ca }),
  }
  const name = `${kind} ${found?.name ?? hop.server}`
  const seen = await lookAtHop(asked, dialTo(address))
  return worded(name, seen, { hop, address, host: asked.host, now })
}

interface Facts {
  readonly hop: MailNextHop
  readonly address: string
  readonly host: string
  readonly now: Date
}

function worded(name: string, seen: HopLook, { hop, address, host, now }: Facts): Look {
  const { port } = hop
  if (!seen.reached) {
    const { reason, reply } = seen.fault
    if (reason === 'MAIL-OUT-HOP-BUSY') return look('DOC-HOP-BUSY', name, { reply })
    if (reason === 'MAIL-OUT-HOP-SILENT') return look('DOC-HOP-SILENT', name, { address, port })
    return look('DOC-HOP-DOWN', name, { address, port })
  }
  // What stops a line that must be encrypted leaves one that may be without protection.
  const state = hop.tls === 'required' ? 'bad' : 'weak'
  if (seen.tls === 'none') return look('DOC-HOP-NO-TLS', name, {}, state)
  if (seen.tls.believed === 'yes' || seen.tls.believed === 'expired') {
    const end = ending(name, host, seen.tls.until, now)
    return end.state === 'bad' ? { ...end, state } : end
  }
  return look(UNBELIEVED[seen.tls.believed], name, { name: host }, state)
}

const UNBELIEVED: Readonly<
  Record<
    Exclude<HopCertificate['believed'], 'yes' | 'expired'>,
    'DOC-CERT-NAME' | 'DOC-CERT-AUTHORITY'
  >
> = { 'other-name': 'DOC-CERT-NAME', 'unknown-authority': 'DOC-CERT-AUTHORITY' }

/** To the declared address, whatever name the certificate must bear: DNS has no say in where mail goes. */
const dialTo =
  (address: string): Dial =>
  (_, port) =>
    new Promise((resolve, reject) => {
      const socket = connect({ host: address, port, timeout: CONNECT_MS })
      socket.once('connect', () => {
        socket.setTimeout(0)
        socket.off('error', reject)
        resolve(socket)
      })
      socket.once('error', reject)
      socket.once('timeout', () => socket.destroy(new Error('no connection in time')))
    })
