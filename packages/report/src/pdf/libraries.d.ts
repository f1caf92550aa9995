/** The part of pdfkit 0.20.2 and fontkit 2.0.4 that is used here. Neither package brings types of its own. */

declare module 'fontkit' {
  export interface Glyph {
    readonly id: number
    readonly codePoints: readonly number[]
  }
  export interface Font {
    readonly type: string
    readonly postscriptName: string
    readonly unitsPerEm: number
    hasGlyphForCodePoint(codePoint: number): boolean
    layout(text: string): { readonly glyphs: readonly Glyph[]; readonly advanceWidth: number }
  }
  /** `postscriptName` picks one face of a collection; `null` when the collection has no such face. */
  export function create(
    bytes: Uint8Array,
    postscriptName?: string,
  ): Font | { fonts: readonly Font[] } | null
}

declare module 'pdfkit' {
  import type { Font } from 'fontkit'

  interface StructureContent {
    readonly refs: readonly unknown[]
  }
  interface StructureElement {
    add(child: StructureElement | StructureContent): this
    end(): void
  }
  interface Range {
    readonly start: number
    readonly count: number
  }
  class PDFDocument {
    constructor(options: {
      size: string
      margin: number
      pdfVersion: string
      subset: string
      tagged: boolean
      lang: string
      displayTitle: boolean
      bufferPages: boolean
      autoFirstPage: boolean
      font: null
      info: Readonly<Record<string, string | Date>>
    })
    /** What becomes the XMP of the file: it is asked for when the document ends. */
    metadata: { append(): void; end(): void; getXML(): string; getLength(): number }
    on(event: 'data', listener: (bytes: Uint8Array) => void): this
    on(event: 'end', listener: () => void): this
    on(event: 'error', listener: (error: Error) => void): this
    font(font: Font): this
    fontSize(size: number): this
    text(
      text: string,
      x: number,
      y: number,
      options: { lineBreak: false; baseline: 'alphabetic' },
    ): this
    fillColor(colour: string): this
    lineWidth(width: number): this
    rect(x: number, y: number, width: number, height: number): this
    moveTo(x: number, y: number): this
    lineTo(x: number, y: number): this
    fill(colour: string): this
    stroke(colour: string): this
    addPage(): this
    switchToPage(page: number): unknown
    bufferedPageRange(): Range
    markContent(tag: string, options?: { type?: string; actual?: string }): this
    markStructureContent(tag: string): StructureContent
    endMarkedContent(): this
    struct(
      type: string,
      options?: { title?: string; scope?: string },
      children?: readonly StructureContent[],
    ): StructureElement
    addStructure(element: StructureElement): this
    end(): void
  }
  export type { StructureContent, StructureElement }
  export default PDFDocument
}
