/** The town of `corpus/cloud` on disk, as one that reads its mail service and the sign-in inside, limits the tenants, and shows refusals as pages. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeCloudTown } from '../../apps/server/src/cloud/cloud-town.test-support.ts'
import type { CloudTown } from '../../apps/server/src/cloud/cloud-town.test-support.ts'
import { KEYS } from '../../packages/gates/web/src/destination/destination.test-support.ts'

export const MAIL = 'outlook.office.com'
export const LOGIN = 'login.microsoftonline.com'
export const LOGINS = [LOGIN, 'login.microsoft.com', 'login.windows.net', 'login.live.com']
export const DIRECTORY = '11111111-2222-3333-4444-555555555555'

/** In the ranges that Microsoft publishes for them. */
export const ADDRESSES = { mail: '13.107.6.152', login: '20.190.128.1' } as const

export interface InsideTown extends CloudTown {
  /** Of the CISO, who may approve a file of somebody else. */
  readonly key: string
}

export async function writeInsideTown(folder: string): Promise<InsideTown> {
  const places = await writeCloudTown(folder)
  const hosts = [MAIL, ...LOGINS].map((host) => `{ host: ${host}, reason: 試し }`).join(', ')
  const tenants = `tenants: { allowed: [kasumi.example.jp], directory: ${DIRECTORY} }`
  const file =
    '{ id: file-in, from: internet, to: lgwan, method: sanitise, unknownMalwareBlocked: true, record: true, approval: never, originalDays: 7, maxBytes: 1048576 }'
  const text = readFileSync(places.town, 'utf8')
    .replace(/inspect: \[.*\]\n/u, `inspect: [${hosts}]\n          ${tenants}\n`)
    .replace('mode: enforce\n', 'mode: enforce\n      refusalPages: true\n')
    .replace('gates:\n', `gates:\n  file:\n    - ${file}\n`)
  writeFileSync(places.town, text)
  const key = join(folder, 'ciso.key')
  writeFileSync(key, `${KEYS.ciso.signer}\n`, { mode: 0o600 })
  return { ...places, key }
}
