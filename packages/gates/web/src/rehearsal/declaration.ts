/**
 * 「この宣言を足すと通ります」: the text that a town would have to write for a destination to pass. It only says how; whether it should is question 5 (breakout), and two people who sign the list.
 * What nobody but a person can know is left open in the text, and on the careful side.
 */
import type { CloudPattern, IsoDate, Town, WebGate } from '@sekisho/core'
import { daysAfter } from '@sekisho/town'
import words from '../../words/rehearsal.json' with { type: 'json' }
import { readTarget } from '../destination/host.ts'
import { readName, registered } from '../lists/list-name.ts'
import { filled } from '../lists/list-problem.ts'

export interface Missing {
  readonly reason: string
  /** `host:port` as asked for; of a name alone, port 443. */
  readonly target: string
  /** Declared service it belongs to; empty when none. */
  readonly service: string
  readonly pattern?: CloudPattern | undefined
  /** Ids of the departments that want it. */
  readonly departments: readonly string[]
  readonly addresses: readonly string[]
}

/** One piece of text, and where it goes. */
export interface DeclarationPart {
  readonly where: string
  readonly text: string
}

/** @returns nothing when no declaration of the town would make it pass */
export function declarationFor(
  missing: Missing,
  town: Town,
  gate: WebGate,
  at: IsoDate,
): readonly DeclarationPart[] {
  const target = readTarget(missing.target, 443)
  if (target.form !== 'name') return []
  if (missing.reason === 'X11-PERSON') return forPeople(missing, gate)
  if (missing.reason !== 'X11-LISTED') return []
  // A name under which anybody can rent one would open more than the service.
  const domain = registered(target.host)
  if (domain === undefined || !readName(target.host).ok) return []
  return forService(missing, { ...target, domain }, { town, gate, at })
}

function forPeople({ service, departments }: Missing, gate: WebGate): readonly DeclarationPart[] {
  const declared = gate.services.find((one) => one.service === service)
  if (!declared || declared.departments === 'all' || departments.length === 0) return []
  const all = [...new Set([...declared.departments, ...departments])]
  return [{ where: filled(words.people, { service }), text: `departments: ${flow(all)}` }]
}

interface Place {
  readonly host: string
  readonly port: number
  readonly domain: string
}

interface Around {
  readonly town: Town
  readonly gate: WebGate
  readonly at: IsoDate
}

function forService(
  { pattern = 'communication', departments, addresses }: Missing,
  { host, port, domain }: Place,
  { town, gate, at }: Around,
): readonly DeclarationPart[] {
  const id = freeId(domain, town)
  const { open, listFile } = words
  const owner = departments[0] ?? town.systems.find((one) => one.id === gate.system)?.owner ?? ''
  const ranges = addresses.map((one) => `${one}/${one.includes(':') ? 128 : 32}`)
  const list = [
    `list: ${id}`,
    `version: "${at.replaceAll('-', '')}00"`,
    `domains: ${flow([domain])}`,
    `source: ${open}`,
    'destinations:',
    `  - ${flow({ id: 'main', names: [host], tcp: [port] })}`,
  ]
  const service = { id, name: domain, kind: 'terms', dataCentre: open, withinJapaneseLaw: false }
  const peer = {
    id: `${id}-net`,
    name: domain,
    network: 'internet',
    service: id,
    addresses: ranges,
  }
  const line = {
    id: `${id}-out`,
    name: domain,
    from: `system:${gate.system}`,
    to: `peer:${peer.id}`,
    ports: [port],
    purpose: open,
    owner,
    expires: daysAfter(at, 365),
    via: ['local-breakout'],
    gate: gate.id,
  }
  const used = { service: id, list: id, pattern, departments: [...departments] }
  return [
    { where: filled(listFile, { list: id }), text: list.join('\n') },
    { where: words.services, text: `- ${flow(service)}` },
    { where: words.peers, text: `- ${flow(peer)}` },
    { where: words.flows, text: `- ${flow(line)}` },
    { where: filled(words.gate, { gate: gate.id }), text: `- ${flow(used)}` },
  ]
}

/** An id that the town has not used yet. */
function freeId(domain: string, { services, peers, flows }: Town): string {
  const used = new Set([services, peers, flows].flatMap((all) => all.map(({ id }) => id)))
  const base = domain.replaceAll('.', '-').slice(0, 40)
  const names = [base, ...Array.from({ length: 99 }, (_, index) => `${base}-${index + 2}`)]
  return names.find((id) => [id, `${id}-net`, `${id}-out`].every((one) => !used.has(one))) ?? base
}

/** YAML on one line, which is JSON: it may stand at any depth, and no text in it can become a key. */
const flow = (value: unknown): string => JSON.stringify(value)
