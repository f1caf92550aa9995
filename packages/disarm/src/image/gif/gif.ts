/** A decoded GIF (GIF89a specification, CompuServe 1990). */

export interface GifScreen {
  readonly width: number
  readonly height: number
  /** RGB triples, 2 to 256 of them, a power of two; absent when each frame brings its own. */
  readonly palette: Uint8Array | undefined
  readonly background: number
}

/** Graphic control extension, §23. */
export interface GifControl {
  /** 0 none, 1 leave, 2 background, 3 previous. */
  readonly disposal: number
  /** Hundredths of a second, 0 to 65,535. */
  readonly delay: number
  readonly transparent: number | undefined
}

export interface GifFrame {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  readonly palette: Uint8Array | undefined
  readonly control: GifControl | undefined
  /** One palette index per pixel, rows from top to bottom, not interlaced. */
  readonly pixels: Uint8Array
}
