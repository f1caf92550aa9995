import { join } from 'node:path'
import { openStore } from '@sekisho/store'
import type { AccountsOptions } from './accounts.ts'
import type { SideConfig } from './config.ts'

/** Where the high side keeps its rows: a server when one is given, else a file. */
export function databaseUrlOf(config: SideConfig): string | undefined {
  if (config.side === 'low') return undefined
  return process.env['SEKISHO_DATABASE_URL'] ?? config.databaseUrl
}

/** Where the accounts of a side are: beside its rows on a server, in a file of their own otherwise. */
export async function accountsDatabase(
  config: SideConfig,
): Promise<{ database: AccountsOptions['database']; close: () => Promise<void> }> {
  const url = databaseUrlOf(config)
  if (url === undefined)
    return { database: join(config.dataDir, 'accounts.sqlite'), close: () => Promise.resolve() }
  const store = await openStore<object>({ url })
  return { database: { db: store.db, type: 'postgres' }, close: () => store.close() }
}
