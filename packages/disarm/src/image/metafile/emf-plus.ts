import { RecordReader } from './bytes.ts'

const SIGNATURE = 0x2b464d45
const HEADER = 0x4001
/** Records of GDI+ that paint: from Clear to DrawString, StrokeFillPath, DrawDriverString. */
const FIRST_PAINTING = 0x4009
const LAST_PAINTING = 0x401c
const STROKE_FILL_PATH = 0x4037
const DRIVER_STRING = 0x4036

/** What the GDI+ comments of one metafile said ([MS-EMFPLUS] 2.3). */
export class EmfPlus {
  #dual = false
  #paints = false

  /**
   * True when the picture is in the GDI+ records alone: what is left without them is not the picture. Some writers say that both
   * paint and leave the others empty.
   *
   * @param others whether any record but those of GDI+ paints
   */
  isAlone(others: boolean): boolean {
    return this.#paints && !(this.#dual && others)
  }

  /** Looks through the data of one EMR_COMMENT. */
  read(comment: RecordReader): void {
    const size = Math.min(comment.u32(), comment.left)
    if (comment.u32() !== SIGNATURE) return
    for (let left = size - 4; left >= 12;) {
      const [type, flags, bytes] = [comment.u16(), comment.u16(), comment.u32()]
      if (bytes < 12 || bytes > left) return
      this.#note(type, flags)
      comment.take(bytes - 8)
      left -= bytes
    }
  }

  #note(type: number, flags: number): void {
    if (type === HEADER) this.#dual = (flags & 1) === 1
    const paints = type >= FIRST_PAINTING && type <= LAST_PAINTING
    if (paints || type === STROKE_FILL_PATH || type === DRIVER_STRING) this.#paints = true
  }
}
