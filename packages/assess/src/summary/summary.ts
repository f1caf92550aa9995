/**
 * Many bodies as counts: for the nation and for each prefecture. Bodies go by one at a time and nothing of them is kept but numbers, unless names are asked for.
 */
import type { IsoDate } from '@sekisho/core'
import type { BodyResult } from './body.ts'
import { LEAST_TOGETHER } from './few.ts'
import { PREFECTURES, belongingOf } from './prefecture.ts'
import type { PrefectureId } from './prefecture.ts'
import { regionsOf } from './region.ts'
import type { RegionOutcome, Region } from './region.ts'
import { Tally } from './tally.ts'

/** A declaration that could not be read. */
export interface UnreadFile {
  /** Path below the folder that is assessed. */
  readonly file: string
  /** Reason id of the reader, or the code of the file system. */
  readonly reason: string
  readonly message: string
  readonly line?: number
}

/** A prefecture, or the bodies of which nobody can say in which they are. */
export type Place = PrefectureId | 'unknown'

export interface UnreadCount {
  readonly place: Place
  readonly reason: string
  readonly files: number
}

export interface SummaryOptions {
  /** The day on which dates count. */
  readonly at: IsoDate
  /** Keep what is known of each body by name, and hide no small counts. Default false. */
  readonly names?: boolean
}

export interface Summary {
  readonly at: IsoDate
  /** Fewest bodies that are counted together; 1 when nothing is hidden. */
  readonly least: number
  readonly nation: Region
  /** Every place with a declaration, read or not, north to south, `unknown` last. */
  readonly places: readonly (Region & { readonly place: Place })[]
  /** Those places together that have too few bodies to be shown. */
  readonly few?: RegionOutcome
  /** Sorted by place and reason. */
  readonly unread: readonly UnreadCount[]
  /** Declarations with a code that another one has too: counted, and to be looked at. */
  readonly doubled: number
  /** Declarations in the folder of another prefecture than that of their code. */
  readonly disagreeing: number
  /** Only when names are asked for, in the order they came. */
  readonly named?: {
    readonly bodies: readonly BodyResult[]
    readonly unread: readonly UnreadFile[]
  }
}

/** A summary that is being counted. */
export class SummaryCount {
  readonly #options: SummaryOptions
  readonly #places = new Map<Place, Tally>()
  readonly #unread = new Map<string, UnreadCount>()
  /** Ten thousand codes at most: four digits, a check digit and the prefecture's. */
  readonly #codes = new Set<string>()
  readonly #named: { bodies: BodyResult[]; unread: UnreadFile[] } = { bodies: [], unread: [] }
  #doubled = 0
  #disagreeing = 0

  constructor(options: SummaryOptions) {
    this.#options = options
  }

  /** @returns what makes it doubtful, when something does */
  add(body: BodyResult): 'doubled' | 'disagrees' | undefined {
    this.#tally(body.prefecture ?? 'unknown').add(body)
    if (this.#options.names === true) this.#named.bodies.push(body)
    const doubled = body.code !== undefined && this.#codes.has(body.code)
    if (body.code !== undefined) this.#codes.add(body.code)
    if (doubled) this.#doubled += 1
    if (body.disagrees) this.#disagreeing += 1
    return doubled ? 'doubled' : body.disagrees ? 'disagrees' : undefined
  }

  addUnread(file: UnreadFile): void {
    const place = belongingOf(undefined, file.file).prefecture ?? 'unknown'
    this.#tally(place).unread += 1
    const key = `${place} ${file.reason}`
    const files = (this.#unread.get(key)?.files ?? 0) + 1
    this.#unread.set(key, { place, reason: file.reason, files })
    if (this.#options.names === true) this.#named.unread.push(file)
  }

  #tally(place: Place): Tally {
    const known = this.#places.get(place)
    if (known !== undefined) return known
    const fresh = new Tally()
    this.#places.set(place, fresh)
    return fresh
  }

  /** What was counted so far. */
  summary(): Summary {
    const { at, names = false } = this.#options
    const least = names ? 1 : LEAST_TOGETHER
    const order: readonly Place[] = [...PREFECTURES, 'unknown']
    const tallies = order.flatMap((place) => {
      const counted = this.#places.get(place)
      if (counted === undefined) return []
      // A copy: what is handed out does not change when counting goes on.
      const tally = new Tally()
      tally.addAll(counted)
      return [{ place, tally }]
    })
    return {
      at,
      least,
      ...regionsOf(tallies, least),
      unread: [...this.#unread.values()].toSorted(
        (a, b) => order.indexOf(a.place) - order.indexOf(b.place) || (a.reason < b.reason ? -1 : 1),
      ),
      doubled: this.#doubled,
      disagreeing: this.#disagreeing,
      ...(names && { named: this.#named }),
    }
  }
}
