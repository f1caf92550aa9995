import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { WebGate } from '@sekisho/core'
import { readTown } from '@sekisho/town'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { acknowledge, noteTold, readAlertRecord } from './alert-record.ts'
import { writeCloudTown } from './cloud-town.test-support.ts'
import { CloudWatch } from './cloud-watch.ts'
import { cutService } from './cuts.ts'
import { OUTLOOK, tunnel, writeRecord } from './record.test-support.ts'
import type { Happened } from './record.test-support.ts'

const root = mkdtempSync(join(tmpdir(), 'sekisho-cloud-watch-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let places: Awaited<ReturnType<typeof writeCloudTown>>
beforeAll(async () => {
  places = await writeCloudTown(join(root, 'town'), {}, new Date('2026-11-01T00:00:00Z'))
})
let dataDir = ''
let count = 0
beforeEach(() => {
  dataDir = join(root, String((count += 1)))
})

/** Thursday. */
const TODAY = '2026-11-26'
const NONE = { service: '', department: '', person: '' }

function watchAt(day = TODAY, watch: WebGate['watch'] = {}): CloudWatch {
  const read = readTown(readFileSync(places.town, 'utf8'))
  if (!read.ok) throw new Error('town')
  const [gate] = read.town.gates.web!
  return new CloudWatch({
    dataDir,
    lists: places.lists,
    town: read.town,
    gate: { ...gate!, watch },
    now: () => new Date(`${day}T20:00:00+09:00`),
  })
}

/** A usual working day: 2 MB to the mail. */
const usual = (day: string) =>
  tunnel(`${day}T09:00:00`, {
    ...OUTLOOK,
    until: `${day}T17:00:00`,
    up: 2_000_000,
    down: 9_000_000,
  })
const DAYS = Array.from({ length: 20 }, (_, nth) => `2026-11-${String(nth + 2).padStart(2, '0')}`)

async function rulesOf(watch = watchAt()): Promise<readonly string[]> {
  const { alerts } = await watch.alerts()
  return alerts
    .filter(({ acknowledged }) => !acknowledged)
    .map(({ alert }) => `${alert.rule} ${alert.person}${alert.from}`.trim())
}

describe('what went through', () => {
  it('is counted by service, section, person, hour and reason, up to the byte', async () => {
    await writeRecord(dataDir, [
      ...usual('2026-11-25'),
      ...tunnel('2026-11-26T10:00:00', { ...OUTLOOK, up: 100, down: 5 }),
      ...tunnel('2026-11-26T11:00:00', {
        ...OUTLOOK,
        client: 's0003',
        department: 'fukushi',
        service: 'teams',
        target: 'teams.microsoft.com:443',
        up: 7,
        down: 3,
      }),
      {
        on: '2026-11-26T12:00:00',
        ...OUTLOOK,
        target: 'x.example:443',
        service: '',
        reason: 'X11-LISTED',
      },
    ])
    const { totals, broken } = await watchAt().totals('2026-11-25', TODAY, NONE)
    expect(broken).toBeUndefined()
    expect(totals.all).toEqual({ opened: 3, refused: 1, up: 2_000_107, down: 9_000_008 })
    expect(totals.services.map(({ key, up }) => [key, up])).toEqual([
      ['exchange', 2_000_100],
      ['teams', 7],
      ['', 0],
    ])
    expect(totals.people.map(({ key, down }) => [key, down])).toEqual([
      ['s0001', 9_000_005],
      ['s0003', 3],
    ])
    expect(totals.hours.map(({ key, up }) => [key, up])).toEqual([
      ['09', 0],
      ['10', 100],
      ['11', 7],
      ['12', 0],
      ['17', 2_000_000],
    ])
    expect(totals.reasons).toMatchObject([{ reason: 'X11-LISTED', count: 1, askers: 1 }])
    const only = await watchAt().totals(TODAY, TODAY, { ...NONE, department: 'fukushi' })
    expect(only.totals.all).toMatchObject({ opened: 1, up: 7 })
    expect(only.totals.destinations.map(({ target }) => target)).toEqual([
      'teams.microsoft.com:443',
    ])
  })

  it('is the same whether a day is counted now, was kept, or is read on while it is written', async () => {
    await writeRecord(dataDir, [...usual('2026-11-25'), ...usual(TODAY)])
    const watch = watchAt()
    const first = await watch.totals('2026-11-01', TODAY, NONE)
    expect(readdirSync(join(dataDir, 'totals'))).toEqual(['2026-11-25.json'])
    expect(await watchAt().totals('2026-11-01', TODAY, NONE)).toEqual(first)
    await writeRecord(dataDir, tunnel(`${TODAY}T18:00:00`, { ...OUTLOOK, up: 1 }))
    const later = await watch.totals('2026-11-01', TODAY, NONE)
    expect(later.totals.all.up).toBe(first.totals.all.up + 1)
    expect(await watchAt().totals('2026-11-01', TODAY, NONE)).toEqual(later)
  })

  it('kept is not believed when it is not of the form, or the day has other bytes', async () => {
    await writeRecord(dataDir, [...usual('2026-11-25'), ...usual(TODAY)])
    const right = await watchAt().totals('2026-11-01', TODAY, NONE)
    const kept = join(dataDir, 'totals/2026-11-25.json')
    for (const text of [
      '{"form":1}',
      'x',
      readFileSync(kept, 'utf8')
        .replace(/"bytes":\d+/u, '"bytes":9')
        .replaceAll('2000000', '7'),
    ]) {
      writeFileSync(kept, text)
      expect(await watchAt().totals('2026-11-01', TODAY, NONE)).toEqual(right)
    }
  })

  it('ends where the record was changed, and an alert says so', async () => {
    await writeRecord(dataDir, [...usual('2026-11-24'), ...usual('2026-11-25'), ...usual(TODAY)])
    const file = join(dataDir, 'requests/2026-11-24.jsonl')
    writeFileSync(file, readFileSync(file, 'utf8').replace('"up":2000000', '"up":2000001'))
    const { broken, totals } = await watchAt().totals('2026-11-24', TODAY, NONE)
    expect(broken).toEqual({ file: '2026-11-25.jsonl', line: 1 })
    expect(totals.days.map(({ key }) => key)).toEqual(['2026-11-24'])
    expect(await rulesOf()).toContain('WATCH-RECORD')
  })
})

describe('an alert', () => {
  /** Three quiet weeks, written once: each line waits for the disk. */
  const weeks = join(root, 'weeks')
  beforeAll(() => writeRecord(weeks, DAYS.flatMap(usual)))
  const afterQuietWeeks = (events: readonly Happened[]): Promise<void> => {
    cpSync(weeks, dataDir, { recursive: true })
    return writeRecord(dataDir, events)
  }

  it('is silent on usual days', async () => {
    await afterQuietWeeks(usual(TODAY))
    expect(await rulesOf()).toEqual([])
  })

  it('tells of much more than usual, by person and by service, and again when it has doubled', async () => {
    const send = (up: number) => tunnel(`${TODAY}T10:00:00`, { ...OUTLOOK, up })
    await afterQuietWeeks(send(60_000_000))
    expect(await rulesOf()).toEqual(['WATCH-SPIKE s0001', 'WATCH-SPIKE'])
    const { alerts } = await watchAt().alerts()
    expect(alerts[0]!.alert).toMatchObject({ bytes: 60_000_000, usual: 2_000_000 })
    for (const { alert } of alerts)
      await acknowledge(dataDir, alert, { by: 's0002', reason: '選挙の資料' }, () => new Date())
    expect(await rulesOf()).toEqual([])
    await writeRecord(dataDir, tunnel(`${TODAY}T15:00:00`, { ...OUTLOOK, up: 100_000_000 }))
    expect(await rulesOf()).toEqual(['WATCH-SPIKE s0001', 'WATCH-SPIKE'])
  })

  it('does not take for unusual what somebody does every day', async () => {
    const heavy = [...DAYS, TODAY].flatMap((day) =>
      tunnel(`${day}T10:00:00`, { ...OUTLOOK, up: 80_000_000 }),
    )
    await writeRecord(dataDir, heavy)
    const { alerts } = await watchAt().alerts()
    const spikes = alerts.filter(({ alert }) => alert.rule === 'WATCH-SPIKE')
    expect(spikes.filter(({ alert }) => alert.day > '2026-11-02')).toEqual([])
    expect(spikes.length).toBeGreaterThan(0)
  })

  it('tells of a destination under a listed wildcard that nobody had been to, and of the next one too', async () => {
    const other = (name: string, hour: number) =>
      tunnel(`${TODAY}T${hour}:00:00`, { ...OUTLOOK, target: `${name}.sharepoint.com:443`, up: 5 })
    await afterQuietWeeks([...other('somebody-else', 10), ...other('third', 10)])
    const { alerts, learning } = await watchAt().alerts()
    expect(learning).toBe(false)
    expect(alerts.map(({ alert }) => [alert.rule, alert.names])).toEqual([
      ['WATCH-NEW', ['somebody-else.sharepoint.com:443', 'third.sharepoint.com:443']],
    ])
    await acknowledge(
      dataDir,
      alerts[0]!.alert,
      { by: 's0002', reason: '県の場所' },
      () => new Date(),
    )
    expect(await rulesOf()).toEqual([])
    await writeRecord(dataDir, other('another', 11))
    expect(await rulesOf()).toEqual(['WATCH-NEW'])
  })

  it('says nothing of new names in the first week, and that it does not', async () => {
    await writeRecord(dataDir, DAYS.slice(0, 6).flatMap(usual))
    expect(await watchAt('2026-11-07').alerts()).toEqual({ alerts: [], learning: true })
  })

  it.each([
    ['in the evening', '2026-11-26T21:00:00', true],
    ['on a Saturday', '2026-11-21T10:00:00', true],
    ['on a holiday', '2026-11-23T10:00:00', true],
    ['on a day the town is closed', '2026-11-24T10:00:00', true],
    ['on a working day', '2026-11-25T10:00:00', false],
  ])('tells of what is sent %s', async (_, on, told) => {
    await writeRecord(dataDir, tunnel(on, { ...OUTLOOK, up: 20_000_000 }))
    const watch = watchAt(TODAY, { closed: ['2026-11-24'] })
    expect((await rulesOf(watch)).includes('WATCH-HOURS s0001')).toBe(told)
  })

  it('does not take a connection of the afternoon for work at night because it ends there', async () => {
    await writeRecord(
      dataDir,
      tunnel(`${TODAY}T15:00:00`, { ...OUTLOOK, until: `${TODAY}T21:00:00`, up: 20_000_000 }),
    )
    expect(await rulesOf()).toEqual([])
  })

  it('tells of names that do not agree, also of a terminal nobody knows, and of other tenants at once', async () => {
    const stopped = (reason: string, times: number, client = 's0001') =>
      Array.from({ length: times }, (_, nth) => ({
        on: `${TODAY}T10:0${nth}:00`,
        ...OUTLOOK,
        client,
        from: '10.20.5.9',
        reason,
      }))
    await writeRecord(dataDir, [
      ...stopped('X11-SNI', 2),
      ...stopped('X11-INNER', 1),
      ...stopped('X11-TWIN', 3, ''),
      ...stopped('WEB-TENANT-OTHER', 1, 's0003').map((one) => ({
        ...one,
        kind: 'noticed' as const,
      })),
      ...stopped('X11-TENANT', 5, 's0002'),
      ...stopped('X11-LISTED', 9),
    ])
    expect(await rulesOf()).toEqual([
      'WATCH-TENANT s0003',
      'WATCH-MISMATCH s0001',
      'WATCH-MISMATCH 10.20.5.9',
    ])
  })

  it('tells of a cut in force and of lists that are soon, or already, too old', async () => {
    await cutService(dataDir, { service: 'exchange', by: 's0001', at: '2026-11-26T01:00:00Z' })
    const watch = watchAt('2026-12-05')
    expect(await rulesOf(watch)).toEqual(['WATCH-CUT', 'WATCH-LIST', 'WATCH-LIST'])
    const out = watchAt('2026-12-20')
    const { alerts } = await out.alerts()
    expect(alerts.at(-1)!.alert).toMatchObject({ rule: 'WATCH-LIST', count: 0 })
  })

  it('that somebody was told of is on record once, and acknowledgements behind a changed line do not count', async () => {
    await afterQuietWeeks(tunnel(`${TODAY}T10:00:00`, { ...OUTLOOK, up: 6e7 }))
    const { alerts } = await watchAt().alerts()
    await noteTold(
      dataDir,
      alerts.map(({ alert }) => alert),
      () => new Date(),
    )
    expect((await watchAt().alerts()).alerts.map(({ told }) => told)).toEqual([true, true])
    await acknowledge(
      dataDir,
      alerts[0]!.alert,
      { by: 's0002', reason: '確かめた' },
      () => new Date(),
    )
    const folder = join(dataDir, 'alerts')
    const file = join(
      folder,
      readdirSync(folder).find((name) => name.endsWith('.jsonl'))!,
    )
    writeFileSync(file, readFileSync(file, 'utf8').replace('"count":0', '"count":1'))
    expect((await readAlertRecord(dataDir)).acknowledged.size).toBe(0)
  })
})
