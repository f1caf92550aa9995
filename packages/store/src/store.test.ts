import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
  vi,
} from 'vitest'
import { isConflict, migrate, openStore } from './index.ts'
import type { Migration, Store } from './index.ts'
import { postgresMissing, startPostgres } from './postgres.test-support.ts'
import type { TestPostgres } from './postgres.test-support.ts'
import { UNIT_TIMEOUT_MS } from './unit.ts'

interface Tables {
  note: { id: string; text: string; count: number; bytes: Uint8Array | null }
}

const notes: Migration<Tables> = {
  id: '0001-note',
  up: async (tx, kind) => {
    await tx.schema
      .createTable('note')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('text', 'text', (column) => column.notNull())
      .addColumn('count', 'bigint', (column) => column.notNull())
      .addColumn('bytes', kind === 'sqlite' ? 'blob' : 'bytea')
      .execute()
  },
}

function aNote(id: string, text = ''): Tables['note'] {
  return { id, text, count: 0, bytes: null }
}

async function addIfEmpty(store: Store<Tables>, id: string): Promise<void> {
  await store.write(async (tx) => {
    const rows = await tx.selectFrom('note').select('id').execute()
    if (rows.length === 0) await tx.insertInto('note').values(aNote(id)).execute()
  })
}

/** Stopped also when the test fails. */
async function serverOfItsOwn(settings: Readonly<Record<string, string>>): Promise<TestPostgres> {
  const server = await startPostgres(settings)
  onTestFinished(() => server.stop())
  return server
}

const missing = postgresMissing()
let postgres: TestPostgres | undefined
const folder = mkdtempSync(join(tmpdir(), 'sekisho-store-'))

beforeAll(async () => {
  if (missing === undefined) postgres = await startPostgres()
})

afterAll(async () => {
  await postgres?.stop()
  rmSync(folder, { recursive: true })
})

let opened = 0
async function open(kind: 'sqlite' | 'postgres'): Promise<Store<Tables>> {
  if (postgres !== undefined && kind === 'postgres')
    return openStore({ url: await postgres.freshUrl() })
  return openStore({ path: join(folder, `${(opened += 1)}`, 'store.sqlite') })
}

describe.each(['sqlite', 'postgres'] as const)('on %s', (kind) => {
  const absent = kind === 'postgres' && missing !== undefined
  let store: Store<Tables>

  beforeEach(async (context) => {
    if (absent) context.skip(missing)
    store = await open(kind)
    await migrate(store, [notes])
  })
  afterEach(async () => {
    if (!absent) await store.close()
  })

  async function ids(): Promise<string[]> {
    const rows = await store.db.selectFrom('note').select('id').orderBy('id').execute()
    return rows.map(({ id }) => id)
  }

  test('is what it says it is', () => {
    expect(store.kind).toBe(kind)
  })

  test('names, bytes and numbers come back exactly as given', async () => {
    const given = {
      id: '葛󠄂城 𠮷野 髙 﨑',
      text: 'か\u3099 が\n"\'\\',
      count: Number.MAX_SAFE_INTEGER,
      bytes: Uint8Array.of(0, 255, 10),
    }
    await store.write((tx) => tx.insertInto('note').values(given).execute())
    const row = await store.db.selectFrom('note').selectAll().executeTakeFirstOrThrow()
    expect({ ...row, bytes: Uint8Array.from(row.bytes ?? []) }).toEqual(given)
  })

  test('a count is a number', async () => {
    const row = await store.db
      .selectFrom('note')
      .select(({ fn }) => [
        fn.countAll<number>().as('all'),
        fn.sum<number | null>('count').as('sum'),
      ])
      .executeTakeFirst()
    expect(row).toEqual({ all: 0, sum: null })
  })

  test('a unit that fails leaves nothing, and its neighbours everything', async () => {
    const results = await Promise.allSettled([
      store.write((tx) => tx.insertInto('note').values(aNote('a')).execute()),
      store.write(async (tx) => {
        await tx.insertInto('note').values(aNote('b')).execute()
        throw new Error('changed my mind')
      }),
      store.write((tx) => tx.insertInto('note').values(aNote('c')).execute()),
    ])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await ids()).toEqual(['a', 'c'])
  })

  test('a row that is there already is a conflict, and nothing else is', async () => {
    const put = (): Promise<unknown> =>
      store.write((tx) => tx.insertInto('note').values(aNote('a')).execute())
    await put()
    const again: unknown = await put().catch((error: unknown) => error)
    expect(isConflict(again)).toBe(true)
    const other: unknown = await sql`select nonsense`
      .execute(store.db)
      .catch((error: unknown) => error)
    expect(other).toBeInstanceOf(Error)
    expect(isConflict(other)).toBe(false)
  })

  test('units mean the same as one after another, however many come at once', async () => {
    await store.write((tx) => tx.insertInto('note').values(aNote('counter')).execute())
    const increments = Array.from({ length: 8 }, () =>
      store.write(async (tx) => {
        const { count } = await tx.selectFrom('note').select('count').executeTakeFirstOrThrow()
        await tx
          .updateTable('note')
          .set({ count: count + 1 })
          .execute()
      }),
    )
    await Promise.all(increments)
    const row = await store.db.selectFrom('note').select('count').executeTakeFirst()
    expect(row).toEqual({ count: 8 })
  })

  test('two units that each see no row cannot both add one', async () => {
    await Promise.all(['a', 'b'].map((id) => addIfEmpty(store, id)))
    expect(await ids()).toHaveLength(1)
  })

  test('what a unit wrote is not seen before it is durable', async () => {
    await store.write(async (tx) => {
      await tx.insertInto('note').values(aNote('a')).execute()
      expect(await ids()).toEqual([])
    })
    expect(await ids()).toEqual(['a'])
  })

  test('a unit inside a unit is refused', async () => {
    const nested = store.write(() => store.write(async () => {}))
    await expect(nested).rejects.toMatchObject({ code: 'BUG' })
  })

  test('a unit gives back its result', async () => {
    expect(await store.write(async () => 42)).toBe(42)
  })

  test('reading in a transaction sees one state throughout', async () => {
    const seen = await store.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (tx) => {
        const before = await tx.selectFrom('note').select('id').execute()
        await store.write((other) => other.insertInto('note').values(aNote('a')).execute())
        return [before, await tx.selectFrom('note').select('id').execute()]
      })
    expect(seen).toEqual([[], []])
    expect(await ids()).toEqual(['a'])
  })

  test('migrations run once, in order, and are recorded', async () => {
    const second: Migration<Tables> = {
      id: '0002-more',
      up: async (tx) => {
        await tx.insertInto('note').values(aNote('from migration')).execute()
      },
    }
    expect(await migrate(store, [notes, second])).toEqual(['0002-more'])
    expect(await migrate(store, [notes, second])).toEqual([])
    expect(await ids()).toEqual(['from migration'])
  })

  test('a migration that fails leaves the store as it was', async () => {
    const broken: Migration<Tables> = {
      id: '0002-broken',
      up: async (tx) => {
        await tx.schema.alterTable('note').addColumn('extra', 'text').execute()
        throw new Error('no')
      },
    }
    await expect(migrate(store, [notes, broken])).rejects.toThrow('no')
    await expect(sql`select extra from note`.execute(store.db)).rejects.toThrow(Error)
    expect(await migrate(store, [notes])).toEqual([])
  })

  test('a store of a newer program is refused, and one with another past', async () => {
    await migrate(store, [notes, { id: '0002-future', up: async () => {} }])
    const other = { id: '0002-other', up: async (): Promise<void> => {} }
    for (const list of [[notes], [], [notes, other]])
      await expect(migrate(store, list)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })

  test('two programs that migrate at once do it once', async () => {
    const more = { id: '0002-more', up: async (): Promise<void> => {} }
    const done = await Promise.all([migrate(store, [notes, more]), migrate(store, [notes, more])])
    expect(done.flat()).toEqual(['0002-more'])
  })
})

describe('SQLite alone', () => {
  test('what is only for reading cannot write', async () => {
    const store = await open('sqlite')
    await migrate(store, [notes])
    const write = store.db.insertInto('note').values(aNote('a')).execute()
    await expect(write).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    await store.close()
  })

  test('a query that a unit forgot to wait for is refused instead of written somewhere else', async () => {
    const store = await open('sqlite')
    await migrate(store, [notes])
    let late: (() => Promise<unknown>) | undefined
    await store.write(async (tx) => {
      late = () => tx.insertInto('note').values(aNote('late')).execute()
    })
    await expect(late?.()).rejects.toMatchObject({ code: 'BUG' })
    await store.close()
  })

  test('a unit that never ends is given up, and the next one runs', async () => {
    const store = await open('sqlite')
    await migrate(store, [notes])
    vi.useFakeTimers()
    const stuck = store.write(async (tx) => {
      await tx.insertInto('note').values(aNote('stuck')).execute()
      await new Promise(() => {})
    })
    const outcome = stuck.catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(UNIT_TIMEOUT_MS)
    expect(await outcome).toMatchObject({ code: 'TIMEOUT' })
    vi.useRealTimers()
    await store.write((tx) => tx.insertInto('note').values(aNote('next')).execute())
    expect(await store.db.selectFrom('note').select('id').execute()).toEqual([{ id: 'next' }])
    await store.close()
  })

  test.each([true, new Date(0), undefined])(
    '%s is refused: PostgreSQL would store it differently',
    async (value) => {
      const store = await open('sqlite')
      await migrate(store, [notes])
      const write = store.write((tx) =>
        tx
          .insertInto('note')
          .values({ ...aNote('a'), text: value as never })
          .execute(),
      )
      await expect(write).rejects.toBeInstanceOf(Error)
      await store.close()
    },
  )

  test('a file that is no database is refused as corrupt', async () => {
    const path = join(folder, 'broken.sqlite')
    writeFileSync(path, 'not a database, but long enough to be read as one'.repeat(100))
    await expect(openStore({ path })).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
  })

  test('rows are there after closing and opening again', async () => {
    const path = join(folder, 'again', 'store.sqlite')
    const store = await openStore<Tables>({ path })
    await migrate(store, [notes])
    await store.write((tx) => tx.insertInto('note').values(aNote('a')).execute())
    await store.close()
    await expect(store.write(async () => {})).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    const again = await openStore<Tables>({ path })
    expect(await again.db.selectFrom('note').select('id').execute()).toEqual([{ id: 'a' }])
    await again.close()
  })
})

describe.skipIf(missing !== undefined)('PostgreSQL alone', () => {
  test('a server that would lose acknowledged writes is refused', async () => {
    const careless = await serverOfItsOwn({ fsync: 'off' })
    const opening = openStore({ url: await careless.freshUrl() })
    await expect(opening).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })

  test('a server that is set to acknowledge early is overruled', async () => {
    const hasty = await serverOfItsOwn({ synchronous_commit: 'off' })
    const store = await openStore({ url: await hasty.freshUrl() })
    const { rows } = await sql<{ synchronous_commit: string }>`show synchronous_commit`.execute(
      store.db,
    )
    expect(rows).toEqual([{ synchronous_commit: 'on' }])
    await store.close()
  })

  test('programs that begin an empty store at once begin it once', async () => {
    const url = (await postgres?.freshUrl()) ?? ''
    const programs = await Promise.all([1, 2, 3, 4].map(() => openStore<Tables>({ url })))
    const done = await Promise.all(programs.map((program) => migrate(program, [notes])))
    expect(done.flat()).toEqual(['0001-note'])
    await Promise.all(programs.map((program) => program.close()))
  })

  test('a server that goes away is a store that is unavailable, before and after', async () => {
    const server = await serverOfItsOwn({})
    const url = await server.freshUrl()
    const store = await openStore<Tables>({ url })
    await migrate(store, [notes])
    await server.stop()
    const write = store.write((tx) => tx.insertInto('note').values(aNote('a')).execute())
    await expect(write).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    await expect(store.db.selectFrom('note').selectAll().execute()).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    })
    await expect(openStore({ url })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    await store.close()
  })
})
