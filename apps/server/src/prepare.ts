/**
 * The first start of a side: its secrets, its log, its model. Each is made once and explicitly; what is missing later
 * is an error, never made anew.
 */
import { existsSync } from 'node:fs'
import { chmod, mkdir, rename, rm } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { SekishoError } from '@sekisho/core'
import { createLog, createLogKey, openLog, syncFolder } from '@sekisho/evidence'
import { activateModel, activeModel, loadTown } from './host/active-model.ts'
import type { LoadedTown } from './host/active-model.ts'
import type { SideConfig } from './host/config.ts'
import { createSecrets, originOfSigner, readSecrets } from './host/secrets.ts'

export interface Prepared extends LoadedTown {
  readonly first: boolean
  readonly activated: boolean
}

/**
 * Makes a side ready to serve.
 *
 * @param activate puts a changed declaration in force, on record; without it a changed one is refused
 * @throws SekishoError CONFIG_INVALID when the declaration cannot be read, or differs from the one in force
 */
export async function prepareSide(config: SideConfig, activate = false): Promise<Prepared> {
  const { dataDir, side } = config
  const loaded = await loadTown(config.town)
  const first = !existsSync(join(dataDir, 'active-model'))
  if (first) await makeSide(config, loaded)
  const before = await activeModel(dataDir)
  if (before === loaded.model) return { ...loaded, first, activated: false }
  if (!activate && !first)
    throw new SekishoError(
      'CONFIG_INVALID',
      '町の宣言が、効いているものと違います。見直してから --activate を付けて始めてください。',
    )
  if (side === 'high') await recordModel(dataDir, before ?? '', loaded.model)
  await activateModel(dataDir, loaded.model)
  return { ...loaded, first, activated: !first }
}

/** The file `active-model` is written last: a first start that was cut short goes on where it stopped. */
async function makeSide({ side, dataDir }: SideConfig, { town }: LoadedTown): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  await chmod(dataDir, 0o700)
  const origin = `sekisho.${town.code ?? 'town'}/${randomUUID()}`
  if (!existsSync(join(dataDir, 'secrets.json')))
    await createSecrets(dataDir, side === 'high' ? createLogKey(origin).signer : '')
  if (side === 'high') await makeLog(dataDir)
}

/** Made aside and moved into place as a whole. One that is there stays. */
async function makeLog(dataDir: string): Promise<void> {
  const dir = join(dataDir, 'log')
  if (existsSync(dir)) return
  const { signer } = await readSecrets(dataDir)
  await rm(`${dir}.new`, { recursive: true, force: true })
  const log = await createLog({ dir: `${dir}.new`, origin: originOfSigner(signer), signer })
  await log.close()
  await rename(`${dir}.new`, dir)
  await syncFolder(dataDir)
}

async function recordModel(dataDir: string, before: string, model: string): Promise<void> {
  const { signer } = await readSecrets(dataDir)
  const log = await openLog({ dir: join(dataDir, 'log'), origin: originOfSigner(signer), signer })
  try {
    await log.append(`model:${before}:${model}:${randomUUID()}`, {
      v: 1,
      kind: 'changed',
      at: new Date().toISOString(),
      side: 'high',
      model,
      actor: 'system',
      detail: { what: 'model', before, after: model },
    })
  } finally {
    await log.close()
  }
}
