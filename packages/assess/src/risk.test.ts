import { describe, expect, test } from 'vitest'
import { exposureOf } from './exposure.ts'
import { assess } from './gap.ts'
import { riskOf } from './risk.ts'
import { DAY, kasumi, mended } from './town.test-support.ts'

const riskIn = (read: ReturnType<typeof kasumi>) =>
  riskOf(read.town, assess(read, { at: DAY }).models[0]!, DAY)
const asset = (place: string, level = '3B') => ({
  path: 'assets',
  value: [
    {
      id: 'ledger',
      name: '台帳',
      class: `自治体機密性${level}`,
      integrity: '自治体完全性2',
      availability: '自治体可用性2',
      personal: 'resident',
      place,
      owner: 'soumu',
    },
  ],
})

describe('the distance from the Internet', () => {
  test('is counted over declared flows and gates', () => {
    const exposure = exposureOf(mended().town)
    expect(exposure.get('mail')).toBe(1)
    expect(exposure.get('renkei')).toBe(1)
    expect(exposure.get('juki')).toBeUndefined()
  })
  test('a flow from the LGWAN zone into the My Number zone brings it two steps near', () => {
    const read = mended(
      { path: 'flows[0].from', value: 'host:renkei-sv' },
      { path: 'flows[0].to', value: 'host:juki-cs' },
    )
    expect(exposureOf(read.town).get('juki')).toBe(2)
  })
  test('a peer that the Internet does not reach passes nothing on, and one that it reaches does', () => {
    const closed = mended({ path: 'flows[2].to', value: 'peer:bank' })
    expect(exposureOf(closed.town).get('juki')).toBeUndefined()
    const open = mended({ path: 'peers[3].internetCapable', value: true })
    expect(exposureOf(open.town).get('juki')).toBe(2)
  })
  test('what is sent to a peer that the Internet does not reach does not come back from it elsewhere', () => {
    const read = mended(
      { path: 'flows[3].to', value: 'peer:bank' },
      { path: 'flows[3].from', value: 'host:renkei-sv' },
      { path: 'flows[2].from', value: 'peer:bank' },
      { path: 'flows[2].to', value: 'host:juki-cs' },
    )
    expect(exposureOf(read.town).get('renkei')).toBe(1)
    expect(exposureOf(read.town).get('juki')).toBeUndefined()
  })
  test('a zone as an end does not join its systems with one another', () => {
    const read = mended(
      { path: 'flows[0].from', value: 'host:renkei-sv' },
      { path: 'flows[0].to', value: 'zone:mynumber' },
      { path: 'gates.file', remove: true },
      { path: 'gates.mail', remove: true },
      { path: 'gates.screen', remove: true },
    )
    expect(exposureOf(read.town).get('renkei')).toBeUndefined()
    expect(exposureOf(read.town).get('juki')).toBeUndefined()
  })
})

describe('the rows', () => {
  test('have ids of their own and name only what leads to the asset', () => {
    const read = kasumi()
    const { rows } = riskIn(read)
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
    const flows = new Map(read.town.flows.map((flow) => [flow.id, flow]))
    const hosts = new Map(
      read.town.systems.flatMap(({ id, hosts: own }) => own.map((host) => [`host:${host.id}`, id])),
    )
    const zones = new Map(read.town.systems.map(({ id, zone }) => [id, zone]))
    for (const { path, over, asset: id } of rows.filter((row) => row.path === 'flow'))
      for (const flow of over) {
        const place = read.town.assets.find((one) => one.id === id)!.place
        const { from, to } = flows.get(flow)!
        const ends = [from, to].map((end) => hosts.get(end) ?? end.split(':')[1])
        expect([path, ends.includes(place) || ends.includes(zones.get(place))]).toEqual([
          'flow',
          true,
        ])
      }
  })
  test('rate as the stated scale says', () => {
    const { rows } = riskIn(mended(asset('renkei')))
    const file = rows.find(({ id }) => id === 'R-T01-ledger-file')!
    expect(file).toMatchObject({
      over: ['file-in', 'file-eye'],
      stepsFromInternet: 1,
      inherent: { likelihood: 3, impact: 3, points: 9, level: 'high' },
      owner: '総務課',
      date: DAY,
    })
  })
  test('public information matters less, unless its loss does harm', () => {
    const of = (level: string, id: string) =>
      riskIn(mended(asset('renkei', level))).rows.find((row) => row.id === id)!.inherent.impact
    expect(of('1', 'R-T03-ledger-screen')).toBe(1)
    expect(of('2', 'R-T03-ledger-screen')).toBe(2)
    expect(of('3C', 'R-T03-ledger-screen')).toBe(3)
    expect(of('1', 'R-T01-ledger-file')).toBe(3)
  })
  test('only a control that is met lowers a risk', () => {
    const { rows } = riskIn(mended(asset('renkei')))
    const mail = rows.find(({ id }) => id === 'R-T02-ledger-mail')!
    expect(mail.lowering).toEqual(['ZN-07'])
    expect(mail.residual.likelihood).toBe(2)
    const file = rows.find(({ id }) => id === 'R-T01-ledger-file')!
    expect(file.missing).toEqual(expect.arrayContaining(['ZN-08', 'ZN-09', 'OP-04']))
    expect(file.lowering).toEqual(['ZN-05'])
    const open = riskIn(
      mended(asset('renkei'), { path: 'gates.mail[0].attachments', value: 'keep' }),
    )
    expect(open.rows.find(({ id }) => id === 'R-T02-ledger-mail')!).toMatchObject({
      lowering: [],
      residual: { likelihood: 3 },
    })
  })
  test('an asset that nothing leads to is named, not forgotten', () => {
    const read = mended(asset('juki'), { path: 'flows', remove: true })
    expect(riskIn(read).unreached).toEqual(['ledger'])
  })
  test('say that the list is ours, and are the same every time', () => {
    const risk = riskIn(kasumi())
    expect(risk).toMatchObject({ verified: false })
    expect(risk.note).toContain('ガイドラインでは確かめていません')
    expect(JSON.stringify(riskIn(kasumi()))).toBe(JSON.stringify(risk))
  })
})
