/**
 * Cuts the records out of a tenant's audit log, whether it is one JSON array or a record on each line. The file comes from outside and may be of any size or shape: it is never parsed as a whole.
 */

/** Characters of one record; Exchange writes some of 100,000. */
const LONGEST = 262_144

export class RecordTexts {
  readonly #each: (text: string) => void
  readonly #longest: number
  #text = ''
  #depth = 0
  #inString = false
  #escaped = false
  #tooLong = false
  #outside = false
  #before = '\n'
  /** What is no record: too long, cut off, or something between records that does not belong there. */
  unread = 0

  constructor(each: (text: string) => void, longest = LONGEST) {
    this.#each = each
    this.#longest = longest
  }

  push(chunk: string): void {
    let start = this.#depth > 0 ? 0 : -1
    for (let at = 0; at < chunk.length; at += 1) {
      const letter = chunk[at]!
      if (this.#depth > 0 && this.#isBroken(letter)) {
        this.#drop()
        start = -1
      }
      this.#before = letter
      if (this.#depth === 0) {
        this.#between(letter)
        if (letter === '{') [this.#depth, start] = [1, at]
      } else if (this.#ends(letter)) {
        this.#keep(chunk.slice(start, at + 1))
        this.#end()
        start = -1
      }
    }
    if (start >= 0) this.#keep(chunk.slice(start))
  }

  /** No string goes over a line end, and no part of a record begins a line: one that was cut off must not take those behind it along. */
  #isBroken(letter: string): boolean {
    return (this.#inString && letter === '\n') || (letter === '{' && this.#before === '\n')
  }

  #drop(): void {
    this.unread += 1
    this.#depth = 0
    this.#inString = this.#escaped = this.#tooLong = false
    this.#text = ''
  }

  /** Takes one letter of a record; true for its last. */
  #ends(letter: string): boolean {
    if (this.#inString) this.#string(letter)
    else if (letter === '"') this.#inString = true
    else if (letter === '{' || letter === '[') this.#depth += 1
    else if (letter === '}' || letter === ']') this.#depth -= 1
    return this.#depth === 0
  }

  /** A record that was begun and not ended is none. */
  end(): void {
    if (this.#depth > 0) this.#drop()
  }

  #string(letter: string): void {
    if (this.#escaped) this.#escaped = false
    else if (letter === '\\') this.#escaped = true
    else if (letter === '"') this.#inString = false
  }

  #keep(piece: string): void {
    if (this.#text.length + piece.length > this.#longest) [this.#tooLong, this.#text] = [true, '']
    else if (!this.#tooLong) this.#text += piece
  }

  #end(): void {
    if (this.#tooLong) this.unread += 1
    else this.#each(this.#text)
    this.#text = ''
    this.#tooLong = false
  }

  /** Only white space, commas and the brackets of the array stand between records; what else is there counts once until the next record. */
  #between(letter: string): void {
    const right = letter === '{' || /[\s,[\]\uFEFF]/u.test(letter)
    if (right) {
      if (letter === '{') this.#outside = false
    } else if (!this.#outside) {
      this.#outside = true
      this.unread += 1
    }
  }
}
