/**
 * Threats × assets × kinds of path. The list of threats and the points are general knowledge of ours (GK), not the guideline's; what can be reached over what
 * is computed from the declaration.
 */
import type { Asset, IsoDate, Town } from '@sekisho/core'
import threats from '../data/threats.json' with { type: 'json' }
import words from '../words/ja.json' with { type: 'json' }
import { pathsWith, type PathKind, type Paths } from './asset-paths.ts'
import { exposureOf, type Exposure } from './exposure.ts'
import type { ModelGap } from './gap.ts'

/** 1 small, 2 middle, 3 large. */
export type Degree = 1 | 2 | 3
export type RiskLevel = 'low' | 'middle' | 'high'

export interface Rated {
  readonly likelihood: Degree
  readonly impact: Degree
  /** `likelihood × impact`: 1, 2, 3, 4, 6 or 9. */
  readonly points: number
  /** `high` from 6, `middle` from 3. */
  readonly level: RiskLevel
}

/** One threat to one asset over one kind of path. */
export interface RiskRow {
  /** e.g. `R-T01-juki-daicho-file`: the same thing has the same id on every day. */
  readonly id: string
  readonly threat: string
  readonly threatName: string
  readonly asset: string
  readonly assetName: string
  readonly path: PathKind
  /** Ids of the gates, flows, hosts or services of this kind that lead to the asset. */
  readonly over: readonly string[]
  /** Declared steps from the Internet to the asset's system; absent when no way leads there or it is in a service. */
  readonly stepsFromInternet?: number
  readonly inherent: Rated
  /** Controls that lower it: only those that are met. */
  readonly lowering: readonly string[]
  /** Controls that would lower it and are asked of this model, but are not met or were not checked. */
  readonly missing: readonly string[]
  readonly residual: Rated
  /** Name of the department that owns the asset. */
  readonly owner: string
  readonly date: IsoDate
}

export interface RiskAssessment {
  readonly at: IsoDate
  /** By residual points, largest first, then by id. */
  readonly rows: readonly RiskRow[]
  readonly counts: Readonly<Record<RiskLevel, number>>
  /** Assets that no path of any threat leads to. */
  readonly unreached: readonly string[]
  readonly scale: typeof SCALE
  /** Says that list and points are ours. */
  readonly note: string
  /** Always false: the list is general knowledge. */
  readonly verified: false
  readonly sources: readonly string[]
}

interface Threat {
  readonly id: string
  readonly harm: string
  readonly paths: readonly string[]
  /** Controls that make it less likely. */
  readonly likelihood: readonly string[]
  /** Controls that make it less harmful. */
  readonly impact: readonly string[]
  readonly source: string
}
const THREATS: readonly Threat[] = threats
const SCALE = { likelihood: words.risk.likelihood, impact: words.risk.impact } as const

/** Risks of the assets of a town as of a day, with the controls that one model's table shows as met. */
export function riskOf(town: Town, gap: ModelGap, at: IsoDate): RiskAssessment {
  const context: Context = {
    exposure: exposureOf(town),
    owners: new Map(town.departments.map(({ id, name }) => [id, name])),
    met: new Set(gap.rows.filter(({ state }) => state === 'met').map(({ control }) => control)),
    asked: new Set(
      gap.rows.filter(({ state }) => state !== 'not-asked').map(({ control }) => control),
    ),
    services: new Set(town.services.map(({ id }) => id)),
    at,
  }
  const pathsTo = pathsWith(town)
  const rows = town.assets.flatMap((asset) => rowsOf(asset, pathsTo(asset), context))
  const reached = new Set(rows.map(({ asset }) => asset))
  return Object.freeze({
    at,
    rows: Object.freeze(rows.toSorted(byPoints)),
    counts: countLevels(rows),
    unreached: town.assets.map(({ id }) => id).filter((id) => !reached.has(id)),
    scale: SCALE,
    note: words.risk.note,
    verified: false,
    sources: [...new Set(THREATS.map(({ source }) => source))],
  })
}

interface Context {
  readonly exposure: Exposure
  readonly owners: ReadonlyMap<string, string>
  readonly met: ReadonlySet<string>
  readonly asked: ReadonlySet<string>
  readonly services: ReadonlySet<string>
  readonly at: IsoDate
}

function rowsOf(asset: Asset, paths: Paths, context: Context): readonly RiskRow[] {
  return THREATS.flatMap((threat) =>
    [...paths]
      .filter(([kind]) => threat.paths.includes(kind))
      .map(([kind, over]) => rowOf(threat, asset, kind, over, context)),
  )
}

function rowOf(
  threat: Threat,
  asset: Asset,
  path: PathKind,
  over: readonly string[],
  context: Context,
): RiskRow {
  const steps = context.exposure.get(asset.place)
  const inherent = rated(likelihoodOf(asset, path, steps, context), impactOf(asset, threat.harm))
  const lowering = {
    likelihood: threat.likelihood.filter((id) => context.met.has(id)),
    impact: threat.impact.filter((id) => context.met.has(id)),
  }
  const wanted = [...threat.likelihood, ...threat.impact]
  return Object.freeze({
    id: `R-${threat.id}-${asset.id}-${path}`,
    threat: threat.id,
    threatName: (words.threats as Readonly<Record<string, string>>)[threat.id] ?? threat.id,
    asset: asset.id,
    assetName: asset.name,
    path,
    over,
    ...(steps !== undefined && { stepsFromInternet: steps }),
    inherent,
    lowering: [...lowering.likelihood, ...lowering.impact],
    missing: wanted.filter((id) => context.asked.has(id) && !context.met.has(id)),
    residual: rated(
      lowered(inherent.likelihood, lowering.likelihood.length),
      lowered(inherent.impact, lowering.impact.length),
    ),
    owner: context.owners.get(asset.owner) ?? asset.owner,
    date: context.at,
  })
}

/** One step down, however many controls: controls of one threat fail together. */
const lowered = (degree: Degree, controls: number): Degree =>
  controls === 0 || degree === 1 ? degree : degree === 3 ? 2 : 1

/** A service stands on the Internet; a medium is carried by hand past every gate. */
function likelihoodOf(
  asset: Asset,
  path: PathKind,
  steps: number | undefined,
  { services }: Context,
): Degree {
  if (services.has(asset.place)) return 3
  if (path === 'media') return 2
  if (steps === undefined) return 1
  return steps <= 1 ? 3 : 2
}

function impactOf(asset: Asset, harm: string): Degree {
  const parts: readonly Degree[] = [
    ...(harm === 'confidentiality' || harm === 'all' ? [confidentialityImpact(asset)] : []),
    ...(harm === 'integrity' || harm === 'all' ? [integrityImpact(asset)] : []),
    ...(harm === 'availability' || harm === 'all' ? [availabilityImpact(asset)] : []),
  ]
  return parts.reduce((most, one) => (one > most ? one : most), 1)
}

/** Classes of another scheme are not comparable: taken for the highest. */
function confidentialityImpact({ class: { scheme, level }, personal }: Asset): Degree {
  if (scheme !== '自治体機密性') return 3
  if (level === '1') return 1
  if (level !== '2') return 3
  return personal === 'special-care' || personal === 'specific' ? 3 : 2
}

const integrityImpact = ({ integrity }: Asset): Degree => (integrity === '自治体完全性2' ? 3 : 1)
const availabilityImpact = ({ availability }: Asset): Degree =>
  availability === '自治体可用性2' ? 3 : 1

function rated(likelihood: Degree, impact: Degree): Rated {
  const points = likelihood * impact
  return {
    likelihood,
    impact,
    points,
    level: points >= 6 ? 'high' : points >= 3 ? 'middle' : 'low',
  }
}

function countLevels(rows: readonly RiskRow[]): Readonly<Record<RiskLevel, number>> {
  const counts = { high: 0, middle: 0, low: 0 }
  for (const { residual } of rows) counts[residual.level] += 1
  return counts
}

const byPoints = (a: RiskRow, b: RiskRow): number =>
  b.residual.points - a.residual.points || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
