/** What the running gate needs to read inside: the town's authority as it is now, who decides bodies, and what staff are told of it. */
import { readFileSync } from 'node:fs'
import type { WebGate } from '@sekisho/core'
import { inspectedHosts, inspectedPage, refusalPage, refusalProblem } from '@sekisho/gates/web'
import type { InsideGuard } from '@sekisho/gates/web'
import { loginHosts } from '@sekisho/town'
import type { OwnPage } from '../plain.ts'
import { fingerprintOf, speaksFor } from './authority.ts'
import type { Authority } from './authority.ts'
import type { TellsMore } from '../tunnel.ts'
import type { InspectOptions } from './inspection.ts'
import { Leaves } from './leaves.ts'

export interface InsideReaderOptions {
  readonly outsideCa?: string
  readonly guard: InsideGuard
  /** What is told beside the reason, as for a request that is not read inside. */
  readonly more: TellsMore
}

/** What is in force, as far as reading inside needs it. */
interface InForce {
  readonly gate: WebGate
  readonly authority?: Authority
}

export class InsideReader {
  readonly #options: InsideReaderOptions
  readonly #roots: readonly string[]
  readonly #now: () => Date
  #leaves: Leaves | undefined
  #fingerprint: string | undefined

  constructor(options: InsideReaderOptions, now: () => Date) {
    this.#options = options
    this.#roots = options.outsideCa === undefined ? [] : [readFileSync(options.outsideCa, 'utf8')]
    this.#now = now
  }

  /** Goes by the authority that is in force now; the same one keeps its certificates. */
  take({ authority }: Pick<InForce, 'authority'>): void {
    const fingerprint = authority && fingerprintOf(authority.certificate)
    if (fingerprint === this.#fingerprint) return
    this.#fingerprint = fingerprint
    this.#leaves = authority && new Leaves(authority, this.#now)
  }

  readable(host: string): boolean {
    return this.#leaves?.speaksFor(host) ?? false
  }

  page(gate: WebGate): OwnPage {
    const fingerprint = this.#fingerprint
    return inspectedPage({
      hosts: inspectedHosts(gate),
      readable: (host) => this.readable(host),
      ...(fingerprint !== undefined && { fingerprint }),
    })
  }

  options({ refusalPages = false }: WebGate): InspectOptions | undefined {
    const leaves = this.#leaves
    if (!leaves) return undefined
    const { guard, more } = this.#options
    return {
      leaves,
      guard,
      roots: this.#roots,
      page: (refused, number, { asked, page }) =>
        (page ? refusalPage : refusalProblem)(refused, number, more(refused, number, asked)),
      ...(refusalPages && leaves.speaksForAny && { refusalPages: leaves }),
    }
  }
}

/** What was declared and cannot hold with the authority there is: said when the gate starts, for it refuses these. */
export function shortcomings({ gate, authority }: InForce): readonly string[] {
  const hosts = [...inspectedHosts(gate).keys()]
  const can = (host: string): boolean => authority !== undefined && speaksFor(authority, host)
  const unread = hosts.filter((host) => !can(host))
  const unlimited = gate.services.filter((one) => {
    const needed = loginHosts(one)
    return (
      one.tenants &&
      !(needed.length > 0 && needed.every((host) => hosts.includes(host) && can(host)))
    )
  })
  const pages = gate.refusalPages === true && authority?.hosts !== 'any'
  return [
    ...unread.map(
      (host) =>
        `「${host}」へは通しません。中を確かめる認証局がありません（sekisho gate web ca）。`,
    ),
    ...unlimited.map(
      ({ service }) =>
        `「${service}」は通しません。テナントの制限をかけられません（sekisho check）。`,
    ),
    ...(pages
      ? ['止めた理由の頁は示しません。そのための認証局がありません（sekisho gate web ca）。']
      : []),
  ]
}
