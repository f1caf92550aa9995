import type { PlaceId } from '../reach/place.ts'

/** A town as shapes with places, for whoever draws it: lengths are pixels of 1/96 inch, the origin is the upper left corner. */
export interface Drawing {
  readonly width: number
  readonly height: number
  readonly title: string
  /** Day and digest of what is drawn. */
  readonly subtitle: string
  readonly head: readonly Label[]
  readonly frames: readonly Frame[]
  /** In reading order: column by column, from the top. */
  readonly boxes: readonly Box[]
  readonly arrows: readonly Arrow[]
  readonly gates: readonly GateMark[]
  readonly legend: readonly LegendEntry[]
}

export interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Text with the left end of its base line, or the middle of it. */
export interface Label {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly middle?: boolean
  readonly bold?: boolean
}

/** A line with the head at its end, both as the data of an SVG path. */
export interface Stroke {
  readonly line: string
  readonly head: string
  readonly width: number
  /** Lengths of dashes and gaps (`stroke-dasharray`), or `none`. */
  readonly dashes: string
}

export type Point = readonly [x: number, y: number]

/** A zone, or the parties behind one network outside. */
export interface Frame extends Area {
  readonly id: string
  readonly name: string
  readonly outside: boolean
  readonly dashes: string
  readonly texts: readonly Label[]
}

/** A system, a party outside, or a whole zone as the end of a flow. */
export interface Box extends Area {
  readonly id: PlaceId
  /** The whole name, fit to be shown. */
  readonly name: string
  /** The name as it fits in. */
  readonly texts: readonly Label[]
  /** For who cannot see where it stands. */
  readonly label: string
}

/** A flow, from who opens it to who is reached. */
export interface Arrow {
  /** Id of the flow. */
  readonly id: string
  /** Its number in the declaration, from 1: the same in every picture and table of a town. */
  readonly number: number
  readonly from: PlaceId
  readonly to: PlaceId
  readonly points: readonly Point[]
  /** `shut`: declared, and not let through on this day. */
  readonly kind: ArrowKind
  readonly stroke: Stroke
  /** What stands at its beginning: a text on a white ground. */
  readonly mark: Area & { readonly label: Label }
  readonly label: string
}

export type ArrowKind = 'open' | 'fixed' | 'shut'

/** A gate between two zones, above them. */
export interface GateMark extends Area {
  readonly kind: 'file' | 'mail' | 'screen'
  readonly id: string
  readonly name: string
  readonly stroke: Stroke
  readonly texts: readonly Label[]
  readonly label: string
}

export interface LegendEntry {
  readonly kind: ArrowKind | 'gate'
  readonly stroke: Stroke
  readonly text: Label
}
