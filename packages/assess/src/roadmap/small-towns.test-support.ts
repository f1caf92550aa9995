/**
 * Small towns, and a second planner that shares no code with the first: it writes each town on the way as a file, reads and checks it, and
 * tries every order.
 */
import { readFileSync } from 'node:fs'
import { createJudge } from '@sekisho/judge'
import { checkTown, readTown, type TownReading } from '@sekisho/town'

/** A day on which every dated thing in the small town is in force. */
export const DAY = '2026-11-22'

/** A declaration that a test may bend as it likes. */
// oxlint-disable-next-line typescript/no-explicit-any -- a test writes wherever it wants to
export type Loose = Record<string, any>

const MENDED = new URL('../../../../corpus/town/mended/town.yaml', import.meta.url)
const CARD = '02:00:5e:10:00:01'
const AP = Array.from({ length: 14 }, (_, index) => `AP-${String(index + 1).padStart(2, '0')}`)
const judge = createJudge()

/** The town with nothing to mend, as plain values, with every paper for α′ except those a toggle brings. */
export function smallTown(): Loose {
  const town = reading(readFileSync(MENDED, 'utf8')).document.toJS() as Loose
  for (const control of AP.filter((one) => !['AP-01', 'AP-09'].includes(one)))
    town['controls'].push({ control, title: `${control}の確認票`, date: '2026-10-05' })
  town['systems'][1].hosts.push({
    id: 'lg-t1',
    name: '業務端末1',
    role: 'terminal',
    addresses: ['10.20.2.11'],
  })
  town['assets'] = [asset('public', '1', 'mail'), asset('plans', '2', 'renkei')]
  town['services'] = []
  town['flows'] = town['flows'].filter((one: Loose) => !['juki-renkei', 'bank'].includes(one['id']))
  return town
}

/** One thing that may be so or not so. Two towns that differ in it differ by exactly one change. */
export interface Toggle {
  readonly subject: string
  readonly on: (town: Loose) => void
}

/** Things that depend on each other in every way the checks know: names, papers, the model, the separation. */
export const TOGGLES: readonly Toggle[] = [
  paper('AP-01'),
  paper('AP-09'),
  { subject: 'town.model', on: (town) => (town['town'].model = 'α′') },
  adding('peers', {
    id: 'meet',
    name: '会議の接続先',
    network: 'internet',
    addresses: ['203.0.113.64/28'],
  }),
  adding('flows', flow('breakout', 'host:lg-t1', 'peer:meet', { via: ['local-breakout'] })),
  adding('flows', flow('juki-renkei', 'host:juki-cs', 'host:renkei-sv', { fixed: registered() })),
  adding('flows', flow('renkei-mail', 'host:renkei-sv', 'host:mail-sv', {})),
  adding('services', {
    id: 'meeting',
    name: '会議のサービス',
    kind: 'contract',
    ismap: { registered: true, checked: '2026-10-05' },
    dataCentre: '国内',
    withinJapaneseLaw: true,
    dutiesDocument: { title: '利用判断書', date: '2026-10-05' },
  }),
  { subject: 'assets.plans', on: (town) => (town['assets'][1].place = 'meeting') },
  { subject: 'file.file-in', on: (town) => (town['gates'].file[0].method = 'none') },
  { subject: 'mail.mail-in', on: (town) => (town['gates'].mail[0].attachments = 'keep') },
  {
    subject: 'flows.web',
    on: (town) => delete town['flows'].find((one: Loose) => one['id'] === 'web').via,
  },
  { subject: 'hosts.juki-t2', on: (town) => (hostsOf(town)[2]!['authentication'] = ['knowledge']) },
  // A network card that moves from one machine to the other, and the registered flow with it.
  { subject: 'hosts.juki-cs', on: (town) => delete hostsOf(town)[0]!['mac'] },
  { subject: 'hosts.juki-t1', on: (town) => (hostsOf(town)[1]!['mac'] = CARD) },
  {
    subject: 'flows.juki-net',
    on: (town) => (flowOf(town, 'juki-net')['from'] = 'host:juki-t1'),
  },
]

/** The town with these toggles on; always in the order of the list. */
export function townWith(on: readonly Toggle[]): TownReading | undefined {
  const town = smallTown()
  for (const toggle of TOGGLES.filter((one) => on.includes(one))) toggle.on(town)
  const read = readTown(JSON.stringify(town, undefined, 1))
  return read.ok ? read : undefined
}

export function reading(text: string): TownReading {
  const read = readTown(text)
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join('\n'))
  return read
}

/** True when the towns between, and the last, have nothing but what they may have. */
export function isSafe(
  on: readonly Toggle[],
  today: readonly Toggle[],
  target: readonly Toggle[],
): boolean {
  const here = findingsOf(on)
  const [before, after] = [findingsOf(today)!, findingsOf(target)!]
  if (here === undefined) return false
  return [...here].every(([key, severe]) => before.has(key) || (!severe && after.has(key)))
}

/** Tries every order of the toggles in which the two differ. */
export function someOrderIsSafe(today: readonly Toggle[], target: readonly Toggle[]): boolean {
  const differing = TOGGLES.filter((one) => today.includes(one) !== target.includes(one))
  return permutations(differing).some((order) => {
    let on = today
    return order.every((toggle) => {
      on = on.includes(toggle) ? on.filter((one) => one !== toggle) : [...on, toggle]
      return isSafe(on, today, target)
    })
  })
}

const checked = new Map<string, ReadonlyMap<string, boolean> | undefined>()

// Each finding by rule and by name of the thing, and whether it may never come on the way.
function findingsOf(on: readonly Toggle[]): ReadonlyMap<string, boolean> | undefined {
  const key = TOGGLES.filter((one) => on.includes(one))
    .map(({ subject }) => subject)
    .join()
  if (!checked.has(key)) {
    const read = townWith(on)
    const plain = read?.document.toJS()
    const found = read && checkTown(read, { at: DAY, judge }).findings
    checked.set(
      key,
      found &&
        new Map(
          found.map(({ rule, path, severity }) => [
            `${rule} ${nameAt(plain, path!)}`,
            severity === 'statutory' || ['ZN-01', 'ZN-02', 'ZN-03'].includes(rule),
          ]),
        ),
    )
  }
  return checked.get(key)
}

function nameAt(plain: Loose | undefined, path: string): string {
  const at = path
    .split(/[.[\]]+/u)
    .filter((step) => step !== '')
    .reduce<Loose | undefined>((value, step) => value?.[step] as Loose | undefined, plain)
  return path.startsWith('controls') ? 'controls' : (at?.['id'] ?? at?.['between']?.join() ?? path)
}

function permutations<Item>(list: readonly Item[]): Item[][] {
  if (list.length === 0) return [[]]
  return list.flatMap((one) =>
    permutations(list.filter((other) => other !== one)).map((rest) => [one, ...rest]),
  )
}

const hostsOf = (town: Loose): Loose[] => town['systems'][0].hosts
const flowOf = (town: Loose, id: string): Loose =>
  town['flows'].find((one: Loose) => one['id'] === id)

function adding(list: string, item: Loose): Toggle {
  return { subject: `${list}.${item['id']}`, on: (town) => town[list].push(item) }
}

function paper(control: string): Toggle {
  const entry = { control, title: `${control}の確認票`, date: '2026-10-05' }
  return { subject: `controls.${control}`, on: (town) => town['controls'].push(entry) }
}

function flow(id: string, from: string, to: string, more: Loose): Loose {
  const known = { purpose: '業務の連携', owner: 'soumu', expires: '2029-03-31' }
  return { id, name: `通信${id}`, from, to, ports: [443], ...known, ...more }
}

function registered(): Loose {
  return { number: '特-9', approvedBy: '総務課長', date: '2026-04-01', macLimited: true }
}

function asset(id: string, level: string, place: string): Loose {
  return {
    id,
    name: `情報${id}`,
    class: `自治体機密性${level}`,
    integrity: '自治体完全性1',
    availability: '自治体可用性1',
    personal: 'none',
    place,
    owner: 'soumu',
  }
}
