/** The bypass suite as it lies in `corpus/cloud/bypass`: plain files, so that anybody can run or add to it. */
import { globSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import type { UploadCase } from '../../../packages/gates/web/src/upload/uploads.test-support.ts'

/** One write of the terminal. */
export type Send = ({ readonly text: string } | { readonly hex: string }) & {
  /** Again and again. */
  readonly times?: number
  /** Bytes of each segment; absent for as few segments as possible. */
  readonly each?: number
  /** Does not wait for an answer before the next. */
  readonly together?: boolean
}

/** What must hold. */
export type Must =
  /** No byte reaches any server. */
  | 'nothing'
  /** This text reaches no server. */
  | { readonly never: string }
  /** No byte reaches the server at this address. */
  | { readonly neverAt: string }
  /** No byte reaches another place than this, `address:port`: the allowed one, for forms that are strange and still mean it. */
  | { readonly only: string }
  /** The name server is never asked about this domain. */
  | { readonly neverAsked: string }

export interface Probe {
  readonly id: string
  readonly title: string
  /** What an attacker gains where it does not hold. */
  readonly gains: string
  readonly send: readonly Send[]
  readonly must: Must
  /** The allowed request beside it: where that does not arrive, nothing was shown. */
  readonly control: string
}

/** A request with a body, inside TLS. */
export interface Upload extends Pick<
  UploadCase,
  'method' | 'path' | 'headers' | 'body' | 'coded' | 'behind'
> {
  readonly version: 'h1' | 'h2'
  /** How HTTP/1.1 is told of the body; `length` when nothing is said. HTTP/2 is never told its length. */
  readonly framing?: 'length' | 'chunked' | 'expect' | 'both' | 'upgrade'
}

/** A request of which no byte may reach the host. */
export interface UploadProbe extends Pick<Probe, 'id' | 'title' | 'gains'> {
  readonly upload: Upload
  /** A body that has to arrive: where it does not, nothing was shown. */
  readonly control: Upload
  /** Which the proxy reads inside. */
  readonly host: string
}

export interface World {
  /** What the proxy under test is to allow, and nothing else. */
  readonly allowed: readonly {
    readonly name: string
    readonly tunnel: readonly number[]
    readonly plain: readonly number[]
  }[]
  /** Where a server counts what reaches it. */
  readonly addresses: readonly string[]
  readonly ports: readonly number[]
  /** The one of them where a server speaks TLS, for what is read inside; on port 443. */
  readonly secure: string
  /** Text that a control has to carry to a server. */
  readonly mark: string
  /** What the name server answers the first time, the second time …; the last again and again. */
  readonly names: Readonly<Record<string, readonly (readonly string[])[]>>
  /** Its answer for every other name. */
  readonly others: readonly string[]
  readonly controls: readonly Pick<Probe, 'id' | 'title' | 'send'>[]
}

const FOLDER = resolve(import.meta.dirname, '../../../corpus/cloud/bypass')
const parsed = (name: string): unknown => JSON.parse(readFileSync(join(FOLDER, name), 'utf8'))

export const readWorld = (): World => parsed('world.json') as World

export function readProbes(): readonly ((Probe | UploadProbe) & { readonly group: string })[] {
  const files = globSync('*.json', { cwd: FOLDER }).filter((name) => name !== 'world.json')
  return files
    .toSorted((a, b) => a.localeCompare(b, 'en'))
    .flatMap((file) => {
      const { probes, ...shared } = parsed(file) as {
        readonly probes: readonly (Probe | UploadProbe)[]
      }
      return probes.map((probe) => ({ ...shared, ...probe, group: basename(file, '.json') }))
    })
}

export function bytesOf(send: Send): Buffer {
  const once = 'hex' in send ? Buffer.from(send.hex, 'hex') : Buffer.from(send.text)
  return Buffer.concat(Array<Buffer>(send.times ?? 1).fill(once))
}
