import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { todayInJapan } from '@sekisho/town'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeCloudTown } from '../../../server/src/cloud/cloud-town.test-support.ts'
import { OUTLOOK, tunnel, writeRecord } from '../../../server/src/cloud/record.test-support.ts'
import { run } from '../run.test-support.ts'

const root = mkdtempSync(join(tmpdir(), 'sekisho-gate-watch-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const data = join(root, 'data')
const TODAY = todayInJapan(new Date())
let places: Awaited<ReturnType<typeof writeCloudTown>>
beforeAll(async () => {
  places = await writeCloudTown(join(root, 'town'))
  await writeRecord(data, [
    ...tunnel(`${TODAY}T10:00:00`, { ...OUTLOOK, up: 90_000_000, down: 5 }),
    {
      on: `${TODAY}T11:00:00`,
      ...OUTLOOK,
      service: '',
      target: '\u001B[2Jevil.example:443',
      reason: 'X11-LISTED',
    },
  ])
})
const web = (verb: string, ...rest: string[]) =>
  run('gate', 'web', verb, ...rest, '--data', data, '--lists', places.lists)

describe('what went through, on a terminal', () => {
  it('is told by service and person, and a name never repaints the screen', async () => {
    const used = await web('use', places.town)
    expect(used.code).toBe(0)
    expect(used.out).toContain('送った 85.8MB')
    expect(used.out).toContain('髙橋 徹')
    expect(used.out).toContain('U+001B')
    expect(used.out).not.toContain('\u001B')
    const csv = await web('use', places.town, '--format', 'csv')
    expect(csv.out).toContain('"90000000"')
    const json = JSON.parse((await web('use', places.town, '--json')).out)
    expect(json).toMatchObject({ kind: 'CloudUse', all: { opened: 1, refused: 1, up: 90_000_000 } })
  })

  it('is asked for by days that there are', async () => {
    expect((await web('use', places.town, '--from', '2026-02-30')).code).toBe(2)
  })
})

describe('an alert, on a terminal', () => {
  it('ends with 3 until another person has taken note of it with a reason', async () => {
    const open = await web('alerts', places.town)
    expect(open.code).toBe(3)
    expect(open.out).toContain('初めからの大きな送信（WATCH-SPIKE）')
    const ids = [...new Set(open.out.match(/A-[0-9a-f]{16}/gu))]
    const ack = (id: string, by: string, reason: string) =>
      web('ack', id, places.town, '--by', by, '--reason', reason)
    expect((await ack('A-1', 's0002', '確かめた')).code).toBe(2)
    expect((await ack('A-0000000000000000', 's0002', '確かめた')).err).toContain('ありません')
    for (const id of ids) {
      expect((await ack(id, 's0003', '確かめた')).code).toBe(4)
      expect((await ack(id, 's0002', '　')).err).toContain('4文字')
    }
    // The officer about whom one of them is may take note of the other only.
    const own = await Promise.all(ids.map((id) => ack(id, 's0001', '自分の仕事です')))
    expect(new Set(own.map(({ code }) => code))).toEqual(new Set([0, 4]))
    for (const id of ids) await ack(id, 's0002', '選挙の資料と聞いた')
    const quiet = await web('alerts', places.town)
    expect([quiet.code, quiet.out.includes('ありません')]).toEqual([0, true])
    const json = JSON.parse((await web('alerts', places.town, '--json')).out)
    expect(json.alerts[0]).toMatchObject({ acknowledged: { by: expect.stringMatching(/^s000/u) } })
  })
})

describe('ways round the gate, on a terminal', () => {
  const log = join(root, 'fw.log')
  const line = (from: string, to: string) =>
    `date=${TODAY} time=12:00:00 tz="+0900" type="traffic" subtype="forward" srcip=${from} srcport=5 dstip=${to} dstport=443 proto=6 action="close" sentbyte=2048 rcvdbyte=1\n`

  it('are told with the person who sits there, and end with 3', async () => {
    writeFileSync(log, line('10.20.5.1', '203.0.113.7') + line('10.20.1.10', '13.107.6.152'))
    const found = await web('discover', '--log', log, '--town', places.town)
    expect(found.code).toBe(3)
    expect(found.out).toContain('関所を通らずに出た通信　1か所')
    expect(found.out).toMatch(/203\.0\.113\.7:443.*2\.0KB.*10\.20\.5\.1.*髙橋 徹/u)
    expect(found.out).toContain('関所の通信 1')
    const csv = await web('discover', '--log', log, '--town', places.town, '--format', 'csv')
    expect(csv.out).toContain('"203.0.113.7"')
  })

  it('are none without a log, beside what the gate itself refused', async () => {
    const found = await web('discover', '--town', places.town)
    expect(found.code).toBe(0)
    expect(found.out).toContain('関所で止めた、一覧にない行き先')
  })

  it('are not said to be none when nothing could be read', async () => {
    writeFileSync(log, 'a letter\n')
    expect((await web('discover', '--log', log, '--town', places.town)).code).toBe(1)
    expect((await web('discover', log, '--town', places.town)).code).toBe(2)
  })
})

describe("a tenant's audit log, on a terminal", () => {
  it('says what the gate did not see, and nothing of what it saw', async () => {
    const file = join(root, 'audit.jsonl')
    const town = resolve(root, 'mails.yaml')
    const text = readFileSync(places.town, 'utf8')
    writeFileSync(town, text.replace('id: s0001,', 'id: s0001, mail: takahashi@kasumi.example.jp,'))
    const event = (Id: string, hour: string) =>
      JSON.stringify({
        Id,
        CreationTime: new Date(`${TODAY}T${hour}:00+09:00`).toISOString().slice(0, 19),
        Operation: 'FileUploaded',
        UserId: 'takahashi@kasumi.example.jp',
        Workload: 'SharePoint',
        ObjectId: '\u202E名簿.xlsx',
      })
    writeFileSync(file, `${event('e1', '10:00')}\n${event('e2', '03:00')}\nnot a record\n`)
    const found = await web('audit-log', file, '--town', town)
    expect(found.code).toBe(3)
    expect(found.out).toContain('関所の記録にない利用　1種')
    expect(found.out).toContain('関所と合うもの 1')
    expect(found.out).toContain('読めないもの 1')
    expect(found.out).not.toContain('\u202E')
    writeFileSync(file, 'x')
    expect((await web('audit-log', file, '--town', town)).code).toBe(1)
  })
})
