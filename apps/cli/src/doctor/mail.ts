/** What the mail gates of a town need around them: DNS, certificates, the next servers, and room. */
import { Resolver } from 'node:dns/promises'
import { readFile } from 'node:fs/promises'
import type { Town } from '@sekisho/core'
import type { Resolve } from '@sekisho/gates/mail'
import type { Look } from './look.ts'
import { dnsLooks } from './mail-dns.ts'
import type { RunGate } from './mail-dns.ts'
import { certificateLook, hopLooks } from './mail-lines.ts'
import { storeLooks } from './mail-store.ts'

export interface MailQuestion {
  readonly data: string
  /** DNS servers to ask, `address` or `address:port`; the machine's own without one. */
  readonly dns?: string
  readonly outside?: string
  /** Files: the gate's own certificate, and authorities to believe besides the system's. */
  readonly certificate?: string
  readonly ca?: string
  readonly now: Date
}

/** Nothing for a town whose mail gate is run by somebody else. */
export async function mailLooks(town: Town, question: MailQuestion): Promise<readonly Look[]> {
  const { data, now } = question
  const resolve = resolverOf(question.dns)
  const ca = question.ca === undefined ? undefined : await readFile(question.ca, 'utf8')
  const { outside } = question
  const looks = await Promise.all(
    town.gates.mail.flatMap((gate) => {
      if (gate.receive === undefined) return []
      const of: RunGate = { town, gate: { ...gate, receive: gate.receive } }
      return [
        dnsLooks(of, { resolve, ...(outside === undefined ? {} : { outside }) }),
        certificateLook(of, question.certificate, now).then((one) => [one]),
        hopLooks(of, ca, now),
        storeLooks(data, of, now),
      ]
    }),
  )
  return looks.flat()
}

function resolverOf(server: string | undefined): Resolve {
  const resolver = new Resolver({ timeout: 3_000, tries: 2 })
  if (server !== undefined) resolver.setServers([server])
  return (name, type) => resolver.resolve(name, type) as Promise<string[] | string[][]>
}
