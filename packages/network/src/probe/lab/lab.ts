import { createInterface } from 'node:readline'
import { z } from 'zod'
import type { Declared } from '../../declared/permit.ts'
import { addressText } from '../../declared/text.ts'
import { readsFiles } from '../../dialects/nftables/load.ts'
import type { Place, PlaceAddress } from '../place.ts'
import type { OwnQuestion } from '../own.ts'
import type { Question } from '../question.ts'
import type { Sighting } from '../sighting.ts'
import { endNamespace, holdNamespace, programOf, runIn, startIn } from './namespace.ts'
import type { Namespace, NoNamespace, Said } from './namespace.ts'
import {
  firewallLines,
  FORGET,
  playedLines,
  SEGMENT_SETTINGS,
  segmentLines,
  segmentsOf,
  witnessText,
} from './wiring.ts'
import type { Segment } from './wiring.ts'
import { remembered } from './witness.ts'
import type { Memory } from './witness.ts'

export interface LabOptions {
  /** The program that asks and answers in each namespace, with its arguments. */
  readonly prober: readonly string[]
  /** Settings of the firewall's kernel, in turn. */
  readonly settings: readonly (readonly [key: string, value: string])[]
}

/**
 * A town in namespaces of this machine: one for the firewall, one for all that is behind each of its plugs, with one interface and MAC address for each
 * machine. Nothing of it can reach the machine's own network. When the lab, or whoever holds it, ends, all of it is gone.
 */
export interface Lab {
  /** Puts a text in the place of what the firewall has; gives what its kernel then holds. */
  load(text: string): Promise<{ readonly ok: true; readonly listing: unknown } | NotTaken>
  /** What the firewall's kernel holds now, with its counters. */
  listing(): Promise<unknown>
  /** Really sends each question, all of them at once, and says what became of it. */
  ask(questions: readonly Question[]): Promise<readonly Sighting[]>
  /** Has the firewall itself send each, and says whether it arrived: `stopped` also where it was never sent. */
  send(questions: readonly OwnQuestion[]): Promise<readonly Sighting[]>
  /** Opens TCP connections and keeps them; whether each was made. */
  hold(questions: readonly Question[]): Promise<readonly boolean[]>
  /** Says something on each connection that is kept; what became of it, in the order of `hold`. */
  say(): Promise<readonly Sighting[]>
  /** Runs a program in the firewall, or in the segment of a plug. */
  run(where: string | undefined, program: readonly string[], input?: string): Promise<Said>
  /** Ends every program of the lab, and with it every namespace. */
  close(): Promise<void>
}

export interface NotTaken {
  readonly ok: false
  readonly says: string
}

interface Opened extends Segment {
  readonly namespace: Namespace
  readonly prober: Prober
}

/** A question with the port that it is asked from. */
type Ported = Question & { readonly sourcePort: number }

/** Ports of senders: above those of services, below the kernel's own choice of a client port ends. */
const FIRST_PORT = 20_000
const LAST_PORT = 48_000
/** Milliseconds. The kernels know whether a packet came; only for the answer to one that came it is worth to wait, and not when it was stopped on its way back. */
const WAIT = { first: 100, again: 3_000 } as const

export async function openLab(
  declared: Declared,
  places: readonly Place[],
  options: LabOptions,
): Promise<Lab | NoNamespace> {
  const nft = programOf('nft')
  const ip = programOf('ip')
  const missing = nft === undefined ? 'nft' : ip === undefined ? 'ip' : undefined
  if (nft === undefined || ip === undefined) return { reason: 'PROBE-NO-LAB', says: missing! }
  const strange = declared.plugs.find(({ name }) => !/^[\w.-]{1,15}$/u.test(name))
  if (strange) return { reason: 'PROBE-NO-LAB', says: strange.name }
  const opened: Namespace[] = []
  const undo = async (): Promise<void> => void (await Promise.all(opened.map(endNamespace)))
  const failed = async (says: string): Promise<NoNamespace> => {
    await undo()
    return { reason: 'PROBE-NO-LAB', says }
  }
  const firewall = await holdNamespace()
  if ('reason' in firewall) return firewall
  opened.push(firewall)
  const planned = segmentsOf(declared, places)
  const started = await Promise.all(planned.map(() => startIn(firewall, options.prober)))
  opened.push(...started.filter((one) => 'process' in one))
  const none = started.find((one) => 'reason' in one)
  if (none) return failed(none.says)
  const segments = planned.map((segment, at): Opened => {
    const namespace = started[at] as Namespace
    return { ...segment, namespace, prober: proberOf(namespace) }
  })
  const pids = segments.map((one) => ({ ...one, pid: one.namespace.process.pid }))
  const fitted = await inTurn([
    () => runIn(firewall, [ip, '-batch', '-'], firewallLines(pids)),
    () => set(firewall, options.settings),
  ])
  // Each builds on the cables that the firewall laid, and on nothing of another's.
  const all = await Promise.all(
    segments.map((one) =>
      inTurn([
        () => runIn(one.namespace, [ip, '-4', '-batch', '-'], segmentLines(one, 4)),
        () => runIn(one.namespace, [ip, '-6', '-batch', '-'], segmentLines(one, 6)),
        () => set(one.namespace, SEGMENT_SETTINGS),
        () => runIn(one.namespace, [nft, '-f', '-'], witnessText(one)),
      ]),
    ),
  )
  const wrong = [fitted, ...all].find((says) => says !== undefined)
  if (wrong !== undefined) return failed(wrong)
  for (const { prober, places: here } of segments) {
    prober.send({ answer: here.flatMap(({ place }) => place.addresses.map(textOf)) })
  }
  return lab({ firewall, segments, places, nft, ip, undo, prober: options.prober })
}

/** @returns what the first step says that does not end well */
async function inTurn(steps: readonly (() => Promise<Said>)[]): Promise<string | undefined> {
  for (const step of steps) {
    // oxlint-disable-next-line no-await-in-loop -- each builds on the one before
    const { code, errors } = await step()
    if (code !== 0) return errors.slice(0, 500)
  }
  return undefined
}

const textOf = ({ family, address }: PlaceAddress): string => addressText(family, address)

/** Writes settings by the kernel's own files: `/proc/sys/net` shows the namespace of who looks. */
const set = (
  where: Namespace,
  settings: readonly (readonly [key: string, value: string])[],
): Promise<Said> =>
  runIn(
    where,
    ['/bin/sh', '-e'],
    settings
      .map(([key, value]) => `echo '${value}' > '/proc/sys/${key.replaceAll('.', '/')}'\n`)
      .join(''),
  )

interface Parts {
  readonly firewall: Namespace
  readonly segments: readonly Opened[]
  readonly places: readonly Place[]
  readonly nft: string
  readonly ip: string
  readonly undo: () => Promise<void>
  readonly prober: readonly string[]
}

function lab({ firewall, segments, places, nft, ip, undo, prober: program }: Parts): Lab {
  const listing = async (): Promise<unknown> =>
    JSON.parse((await runIn(firewall, [nft, '-j', 'list', 'ruleset'])).out)
  const forget = (): Promise<unknown> =>
    Promise.all(segments.map(({ namespace }) => runIn(namespace, [nft, '-f', '-'], FORGET)))
  const segmentOf = (question: Question): Opened =>
    segments.find(({ plug }) => plug.name === places[question.from]!.plug)!
  // As asked, and as the probers keep them: segment by segment.
  let order: readonly Ported[] = []
  let kept: readonly Ported[] = []
  let lastPort = FIRST_PORT
  /** A port of its own for every sender and each time, so that no two packets can be taken for each other, in no kernel's memory. */
  const withPorts = (questions: readonly Question[]): readonly Ported[] => {
    const ports = new Map<string, number>()
    return questions.map((question) => {
      const key = `${question.from} ${question.source}`
      const known = ports.get(key)
      if (known === undefined) lastPort = lastPort < LAST_PORT ? lastPort + 1 : FIRST_PORT
      ports.set(key, known ?? lastPort)
      return { ...question, sourcePort: question.sourcePort ?? known ?? lastPort }
    })
  }
  const memory = async (): Promise<ReadonlyMap<string, Memory>> => {
    const all = segments.map(async ({ namespace, plug }) => {
      const { out } = await runIn(namespace, [nft, '-j', 'list', 'table', 'inet', 'witness'])
      return [plug.name, remembered(JSON.parse(out))] as const
    })
    return new Map(await Promise.all(all))
  }
  /** Lets machines speak as others, until the returned function is called. */
  const play = async (questions: readonly Question[]): Promise<() => Promise<void>> => {
    const played = playedBy(questions, places)
    const run = async (when: 'begin' | 'end'): Promise<void> => {
      for (const [index, addresses] of played) {
        const segment = segments.find(({ plug }) => plug.name === places[index]!.plug)!
        for (const family of [4, 6] as const) {
          const lines = playedLines(segment, index, addresses, family)[when]
          // oxlint-disable-next-line no-await-in-loop -- few
          if (lines !== '') await runIn(segment.namespace, [ip, `-${family}`, '-batch', '-'], lines)
        }
      }
    }
    await run('begin')
    return () => run('end')
  }
  const look = async (questions: readonly Ported[], wait: number): Promise<readonly Seen[]> => {
    if (questions.length === 0) return []
    const answered = await asked(segments, questions, segmentOf, wait)
    const memories = await memory()
    return questions.map((question, at) => {
      const here = memories.get(places[question.from]!.plug)!
      const there = memories.get(places[question.to]!.plug)!
      const [key, back] = [keyOf(question), answerKeyOf(question)]
      if (!there.came.has(key)) {
        return here.left.has(key) ? { sighting: 'stopped', late: false } : UNSENT
      }
      if (answered[at] === true) return { sighting: 'answered', late: false }
      // A busy machine answers late. An answer that left and came nowhere was stopped, and none finds its way back to a liar.
      const stopped = there.left.has(back) && !here.came.has(back)
      const lie = !isOwn(places[question.from]!, question.source)
      return { sighting: 'arrived', late: !stopped && !lie }
    })
  }
  const askRound = async (questions: readonly Ported[]): Promise<readonly Sighting[]> => {
    const end = await play(questions)
    const first = await look(questions, WAIT.first)
    // Asked once more, with patience.
    const late = [...first.keys()].filter((at) => first[at]!.late)
    const again = await look(
      late.map((at) => questions[at]!),
      WAIT.again,
    )
    await end()
    const later = new Map(late.map((at, index) => [at, again[index]!]))
    return first.map((one, at) => (later.get(at) ?? one).sighting)
  }
  return {
    listing,
    load: async (text) => {
      // Hostile: here it is read by whoever runs the lab.
      if (readsFiles(text)) return { ok: false, says: 'include' }
      const said = await runIn(firewall, [nft, '-f', '-'], `flush ruleset\n${text}`)
      if (said.code !== 0) return { ok: false, says: said.errors.slice(0, 2_000) }
      return { ok: true, listing: await listing() }
    },
    ask: async (questions) => {
      const first: Sighting[] = []
      const ported = withPorts(questions)
      for (const round of roundsOf(questions, places)) {
        // oxlint-disable-next-line no-await-in-loop -- what is remembered of one round is not read again with the next
        await forget()
        // oxlint-disable-next-line no-await-in-loop -- who plays whom is undone before the next
        const seen = await askRound(round.map((at) => ported[at]!))
        for (const [index, one] of seen.entries()) first[round[index]!] = one
      }
      return first
    },
    send: async (questions) => {
      await forget()
      const ports = questions.map((_, at) => FIRST_PORT + at)
      const ask = questions.map((question, at) => ({
        protocol: question.protocol,
        // Whatever address of its own the kernel takes.
        source: question.family === 4 ? '0.0.0.0' : '::',
        target: addressText(question.family, question.target),
        port: question.port,
        sourcePort: ports[at],
        wait: WAIT.first,
      }))
      await runIn(firewall, program, `${JSON.stringify({ ask })}\n`)
      const memories = await memory()
      return questions.map(({ to, family, target, protocol, port }, at): Sighting => {
        const { came } = memories.get(places[to]!.plug)!
        const tuple = ` ${addressText(family, target)} ${protocol} ${ports[at]} ${port}`
        return [...came].some((one) => one.endsWith(tuple)) ? 'arrived' : 'stopped'
      })
    },
    hold: async (questions) => {
      const ported = withPorts(questions)
      order = ported
      kept = segments.flatMap((one) => ported.filter((question) => segmentOf(question) === one))
      const made = await held(segments, ported, segmentOf)
      return ported.map((question) => made[kept.indexOf(question)] === true)
    },
    say: async () => {
      await forget()
      const said = await Promise.all(segments.map(({ prober }) => prober.call({ say: WAIT.first })))
      const answered = said.flatMap((one) => answers.parse(one).answers)
      const seen = await memory()
      return order.map((question): Sighting => {
        const came = seen.get(places[question.to]!.plug)!.came.has(keyOf(question))
        if (!came) return 'stopped'
        return answered[kept.indexOf(question)] === true ? 'answered' : 'arrived'
      })
    },
    run: (where, other, input) => {
      const at = segments.find(({ plug }) => plug.name === where)?.namespace
      return runIn(at ?? firewall, other, input)
    },
    close: undo,
  }
}

/** A tuple as the witnesses remember it. */
const keyOf = ({ family, source, target, protocol, sourcePort, port }: Ported): string =>
  `${addressText(family, source)} ${addressText(family, target)} ${protocol} ${sourcePort} ${port}`

/** The tuple of the answer to it. */
const answerKeyOf = ({ family, source, target, protocol, sourcePort, port }: Ported): string =>
  `${addressText(family, target)} ${addressText(family, source)} ${protocol} ${port} ${sourcePort}`

/** What was seen of a question, and whether more may be seen by whoever is patient. */
interface Seen {
  readonly sighting: Sighting
  readonly late: boolean
}

const UNSENT: Seen = { sighting: 'unsent', late: true }

/**
 * Questions that can be asked at the same time, by their index. Who plays somebody else has that address: meanwhile nobody beside it can send anything there,
 * answer what comes from there, or be the one who is played.
 */
function roundsOf(
  questions: readonly Question[],
  places: readonly Place[],
): readonly (readonly number[])[] {
  const rounds: Round[] = []
  for (const [at, { from, to, source, target }] of questions.entries()) {
    const plays = !isOwn(places[from]!, source)
    const as = `${places[from]!.plug} ${source}`
    const uses = [
      `${places[from]!.plug} ${target}`,
      `${places[to]!.plug} ${source}`,
      ...(plays ? [] : [as]),
    ]
    const fits = ({ played, used }: Round): boolean =>
      !uses.some((one) => played.has(one)) && !(plays && used.has(as))
    let round = rounds.find(fits)
    if (!round) {
      round = { at: [], played: new Set(), used: new Set() }
      rounds.push(round)
    }
    round.at.push(at)
    for (const one of uses) round.used.add(one)
    if (plays) round.played.add(as)
  }
  return rounds.map((round) => round.at)
}

interface Round {
  readonly at: number[]
  /** `plug address` that somebody plays. */
  readonly played: Set<string>
  /** `plug address` that somebody needs to be what it is. */
  readonly used: Set<string>
}

const isOwn = ({ addresses }: Place, address: bigint): boolean =>
  addresses.some((one) => one.address === address)

/** Who speaks as somebody else, and as whom. */
function playedBy(
  questions: readonly Question[],
  places: readonly Place[],
): ReadonlyMap<number, readonly (PlaceAddress & { readonly foreign: boolean })[]> {
  const played = new Map<number, Map<bigint, PlaceAddress & { readonly foreign: boolean }>>()
  for (const { from, family, source: address } of questions) {
    if (isOwn(places[from]!, address)) continue
    const local = places.some((place) => place.plug === places[from]!.plug && isOwn(place, address))
    const known = played.get(from) ?? new Map()
    played.set(from, known.set(address, { family, address, foreign: !local }))
  }
  return new Map([...played].map(([from, known]) => [from, [...known.values()]]))
}

const answers = z.object({ answers: z.array(z.boolean()) })

async function asked(
  segments: readonly Opened[],
  questions: readonly Ported[],
  segmentOf: (question: Question) => Opened,
  wait: number,
): Promise<readonly boolean[]> {
  const numbered = questions.map((question, at) => ({ question, at }))
  const by = Map.groupBy(numbered, ({ question }) => segmentOf(question))
  const result: boolean[] = []
  await Promise.all(
    segments.map(async (segment) => {
      const own = by.get(segment) ?? []
      const said = await segment.prober.call({
        ask: own.map(({ question }) => wireOf(question, wait)),
      })
      for (const [index, yes] of answers.parse(said).answers.entries()) result[own[index]!.at] = yes
    }),
  )
  return result
}

async function held(
  segments: readonly Opened[],
  questions: readonly Ported[],
  segmentOf: (question: Question) => Opened,
): Promise<readonly boolean[]> {
  const parts = await Promise.all(
    segments.map(async (segment) => {
      const own = questions.filter((question) => segmentOf(question) === segment)
      return answers.parse(
        await segment.prober.call({ hold: own.map((one) => wireOf(one, WAIT.again)) }),
      ).answers
    }),
  )
  return parts.flat()
}

const wireOf = (question: Ported, wait: number) => ({
  protocol: question.protocol,
  source: addressText(question.family, question.source),
  target: addressText(question.family, question.target),
  port: question.port,
  sourcePort: question.sourcePort,
  wait,
})

/** The program in a segment, spoken to line by line: one call, one answer. */
interface Prober {
  send(message: object): void
  call(message: object): Promise<unknown>
}

function proberOf({ process: child }: Namespace): Prober {
  const lines = createInterface({ input: child.stdout! })
  const waiting: ((value: unknown) => void)[] = []
  lines.on('line', (line) => waiting.shift()?.(JSON.parse(line)))
  // A prober that died answers nothing, which reads as nothing answered: never as passed.
  lines.on('close', () => waiting.splice(0).forEach((resolve) => resolve({ answers: [] })))
  const send = (message: object): void => void child.stdin!.write(`${JSON.stringify(message)}\n`)
  return {
    send,
    call: (message) => {
      send(message)
      return new Promise((resolve) => waiting.push(resolve))
    },
  }
}
