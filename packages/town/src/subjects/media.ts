import { DISPOSAL_POINTS, MEDIUM_CONTENTS, MEDIUM_USE_POINTS } from '@sekisho/core'
import type { Asset, IsoDate, Medium, MediumContent, Town, TownFacts } from '@sekisho/core'
import { isInForce, type KindOf, type Subject } from './subject.ts'

/**
 * Two questions about a medium: whether its end is adequate (4.5, 図表41), when one is declared, and whether it may be used as declared, as long as it exists. What it
 * holds is the heaviest of what the town says and of the assets that are or were on it.
 */
export function mediumSubjects(
  town: Town,
  at: IsoDate,
  base: TownFacts,
  kindOf: KindOf,
): readonly Subject[] {
  const contentOf = assetContents(town, kindOf)
  return town.media.flatMap((medium, index): readonly Subject[] => {
    const path = `media[${index}]`
    const content = heaviest([medium.content, ...medium.assets.map(contentOf)])
    const isGone = medium.disposed !== undefined && medium.disposed.date <= at
    return [
      ...(medium.use === undefined || isGone ? [] : [useSubject(medium, medium.use, content, at)]),
      ...(medium.disposed === undefined
        ? []
        : [disposalSubject(medium, medium.disposed, content, at)]),
    ].map(({ facts, question, at: key }) => ({
      path,
      label: medium.number === undefined ? medium.name : `${medium.name}（${medium.number}）`,
      blame: { '*': `${path}.${key}` },
      question: { question, facts: { ...base, ...facts } },
    }))
  })
}

interface Asked {
  readonly question: 'dispose' | 'removable-media'
  /** Key of the medium that the question is about. */
  readonly at: 'use' | 'disposed'
  readonly facts: Readonly<Record<string, string | boolean>>
}

function disposalSubject(
  { kind, number, certificate }: Medium,
  { date, method, hands, witness, reuse, leased, confirmed }: NonNullable<Medium['disposed']>,
  content: MediumContent,
  at: IsoDate,
): Asked {
  return {
    question: 'dispose',
    at: 'disposed',
    facts: {
      ...pointsOf(DISPOSAL_POINTS, confirmed),
      disposalMedium: kind,
      disposalContent: content,
      eraseMethod: method,
      reuseWanted: reuse,
      deviceLeased: leased,
      disposalHands: hands,
      staffWitnessed: witness !== undefined,
      disposalCertificate: isInForce(certificate, at),
      // Day, method and persons stand in the declaration itself; what may lack is the number of the very thing.
      disposalRecorded: number !== undefined && date <= at,
    },
  }
}

function useSubject(
  { holder, number, encrypted }: Medium,
  { from, to, by, approvedBy, until, virusCheck, confirmed }: NonNullable<Medium['use']>,
  content: MediumContent,
  at: IsoDate,
): Asked {
  const approved = approvedBy?.trim() === by.trim() ? 'self' : 'other'
  return {
    question: 'removable-media',
    at: 'use',
    facts: {
      ...pointsOf(MEDIUM_USE_POINTS, confirmed),
      mediaOwner: holder,
      mediaFrom: from,
      mediaTo: to,
      mediaContent: content === 'one' ? 'one' : 'two-or-more',
      mediaNamed: number !== undefined,
      mediaApproval: approvedBy === undefined ? 'none' : approved,
      mediaPeriod: until !== undefined && at <= until,
      mediaUntil: until ?? '',
      mediaEncrypted: encrypted,
      mediaVirusCheck: virusCheck,
    },
  }
}

// What is not confirmed is not so.
const pointsOf = <Point extends string>(
  all: readonly Point[],
  confirmed: readonly Point[],
): Readonly<Record<string, boolean>> =>
  Object.fromEntries(all.map((point) => [point, confirmed.includes(point)]))

const heaviest = (contents: readonly MediumContent[]): MediumContent =>
  MEDIUM_CONTENTS.findLast((content) => contents.includes(content)) ?? 'mynumber-resident'

/** What an asset makes of a medium. One that is not known is taken for the heaviest. */
function assetContents(town: Town, kindOf: KindOf): (asset: string) => MediumContent {
  const zones = new Map(town.systems.map(({ id, zone }) => [id, kindOf(zone)]))
  const governmentCloud = new Set(
    town.services.filter(({ kind }) => kind === 'gov-cloud').map(({ id }) => id),
  )
  const contentOf = ({ class: { level }, personal, place }: Asset): MediumContent => {
    const resident = personal !== 'none' && personal !== 'staff'
    // The systems of the My Number zone may stand in the Government Cloud.
    if (resident && (zones.get(place) === 'mynumber' || governmentCloud.has(place)))
      return 'mynumber-resident'
    return level === '1' ? 'one' : 'two-or-more'
  }
  const known = new Map(town.assets.map((asset) => [asset.id, contentOf(asset)]))
  return (id) => known.get(id) ?? 'mynumber-resident'
}
