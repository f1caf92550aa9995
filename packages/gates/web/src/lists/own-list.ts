/**
 * Our own form of list, for services whose provider publishes none in a form that a program reads. YAML (or JSON, which is YAML too), written by an
 * official from the provider's page. `schema/cloud-list.schema.json` is exactly this shape.
 */
import { parseText, readPorts } from '@sekisho/town'
import { z } from 'zod'
import { CATEGORIES } from './destination-list.ts'
import type { ComingChange, Destination } from './destination-list.ts'
import { fit } from './fit.ts'
import { MAX_CHANGES, MAX_DESTINATIONS, MAX_LIST_BYTES, MAX_NAMES, MAX_NOTE } from './limits.ts'
import { registered } from './list-name.ts'
import { told } from './list-problem.ts'
import { noTwice } from './microsoft-365.ts'
import type { ReadList } from './microsoft-365.ts'
import { Findings, isVersion, readDay, readNames, readRanges } from './parts.ts'

const text = (label: string) => z.string().min(1).max(MAX_NOTE).describe(label)
const items = (label: string) => z.array(z.string().min(1).max(300)).max(MAX_NAMES).describe(label)
const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/u)
  .describe('識別名。英小文字、数字、ハイフン。')
const day = z.string().max(10).describe('日付。2027-03-31 の形。')
const ports = z
  .array(z.union([z.number().int().min(1).max(65_535), z.string().regex(/^\d+-\d+$/u)]))
  .min(1)
  .max(100)
  .describe('ポート。[443, "8000-8010"] の形。')

export const ownListShape = z.strictObject({
  list: id.describe('一覧の識別名。町の定義の gates.web がこの名前で指します。'),
  version: z
    .string()
    .max(10)
    .describe('版。年月日と2桁の番号（2026103100）。引用符で囲んでください。'),
  domains: items('提供者が持つドメイン。名前は、どれもこの下になければなりません。').min(1),
  source: text('写したもとのページか文書。'),
  destinations: z
    .array(
      z.strictObject({
        id,
        area: z
          .string()
          .regex(/^[A-Za-z0-9-]{1,40}$/u)
          .describe('サービスの中の区分。書かなければ Common（いつも使う）。')
          .optional(),
        names: items('接続先の名前。「*.」は左端にだけ書けます。'),
        ranges: items('提供者が公開している番号の範囲。公開していなければ書きません。').optional(),
        tcp: ports,
        udp: ports.optional(),
        category: z.enum(CATEGORIES).describe('書かなければ Default。').optional(),
        required: z
          .boolean()
          .describe('なければサービスが動かない。書かなければ true。')
          .optional(),
        note: text('なければ何が動かないか。').optional(),
      }),
    )
    .min(1)
    .max(MAX_DESTINATIONS)
    .describe('接続先'),
  coming: z
    .array(
      z.strictObject({
        destination: id,
        effective: day.describe('使われ始める日。'),
        names: items('増える名前').optional(),
        ranges: items('増える番号の範囲').optional(),
      }),
    )
    .max(MAX_CHANGES)
    .describe('予告されている変更')
    .optional(),
})
type OwnList = z.infer<typeof ownListShape>

/** Reads a list of ours, all or nothing. A name that would open more than the declared domains is a problem: whoever wrote it can mend it. */
export function readOwnList(written: string): ReadList {
  const findings = new Findings()
  if (written.length > MAX_LIST_BYTES)
    findings.add('LIST-TOO-BIG', '', { limit: `${MAX_LIST_BYTES / 1024 / 1024}MB` })
  const parsed = findings.problems.length === 0 ? parseText(written) : undefined
  if (parsed?.ok === false)
    for (const { line, message } of parsed.problems)
      findings.add('LIST-YAML', `${line}行`, { value: message })
  const shape = parsed?.ok === true ? fit(ownListShape, parsed.value, KNOWN, findings) : undefined
  if (!shape) return { ok: false, problems: told(findings.problems) }
  if (!isVersion(shape.version)) findings.add('LIST-VERSION', 'version', { value: shape.version })
  const destinations = shape.destinations.map((one, index) => destinationOf(one, index, findings))
  noTwice(destinations, findings)
  const coming = (shape.coming ?? []).flatMap((one, index) => comingOf(one, index, findings))
  checkDomains(shape, findings)
  if (findings.problems.length > 0) return { ok: false, problems: told(findings.problems) }
  const { list, version } = shape
  return { ok: true, list: { list, form: 'sekisho', version, destinations, coming, leftOut: [] } }
}

/** The JSON Schema that editors complete a list with. */
export function ownListSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(ownListShape, { target: 'draft-07', io: 'input' })
  return { $schema, title: 'クラウドの接続先の一覧', ...schema }
}

const KNOWN = [
  ...Object.keys(ownListShape.shape),
  ...Object.keys(ownListShape.shape.destinations.element.shape),
]

function destinationOf(
  one: OwnList['destinations'][number],
  index: number,
  findings: Findings,
): Destination {
  const path = `destinations[${index}]`
  const portsOf = (written: (number | string)[] | undefined, key: string) => {
    const read = readPorts(written ?? [])
    if (!read) findings.add('LIST-PORTS', `${path}.${key}`, { value: String(written) })
    return read ?? []
  }
  return {
    id: one.id,
    area: one.area ?? 'Common',
    names: readNames(
      one.names,
      { path: `${path}.names`, destination: one.id, foreign: false },
      findings,
    ),
    ranges: readRanges(one.ranges ?? [], `${path}.ranges`, findings),
    tcp: portsOf(one.tcp, 'tcp'),
    udp: portsOf(one.udp, 'udp'),
    category: one.category ?? 'Default',
    required: one.required ?? true,
    note: one.note ?? '',
  }
}

function comingOf(
  one: NonNullable<OwnList['coming']>[number],
  index: number,
  findings: Findings,
): readonly ComingChange[] {
  const path = `coming[${index}]`
  const effective = readDay(one.effective)
  if (effective === undefined)
    findings.add('LIST-DAY', `${path}.effective`, { value: one.effective })
  const place = { path: `${path}.names`, destination: one.destination, foreign: false }
  const names = readNames(one.names ?? [], place, findings)
  const ranges = readRanges(one.ranges ?? [], `${path}.ranges`, findings)
  return [{ destination: one.destination, effective: effective ?? '', names, ranges }]
}

// Never wider than the service: a name of somebody else in a list for this one is a mistake or worse.
function checkDomains({ domains, destinations, coming = [] }: OwnList, findings: Findings): void {
  const own = new Set(domains.map((one) => one.toLowerCase()))
  for (const [index, one] of domains.entries())
    if (registered(one) !== one.toLowerCase())
      findings.add('LIST-DOMAIN', `domains[${index}]`, { value: one })
  const check = (names: readonly string[] | undefined, path: string): void => {
    for (const [index, name] of (names ?? []).entries())
      if (!own.has(registered(name.toLowerCase()) ?? ''))
        findings.add('LIST-FOREIGN', `${path}[${index}]`, { value: name })
  }
  destinations.forEach((one, index) => check(one.names, `destinations[${index}].names`))
  coming.forEach((one, index) => check(one.names, `coming[${index}].names`))
}
