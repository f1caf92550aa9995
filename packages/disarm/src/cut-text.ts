/**
 * Text in pieces of whole characters, each as long as fits; one piece at least.
 *
 * @param first most bytes of the first piece in UTF-8
 * @param further most bytes of each other
 */
export function cutText(text: string, first: number, further = first): readonly string[] {
  const pieces: string[] = []
  let piece = ''
  let left = first
  for (const character of text) {
    const bytes = Buffer.byteLength(character)
    if (bytes > left) {
      pieces.push(piece)
      piece = ''
      left = further
    }
    piece += character
    left -= bytes
  }
  return [...pieces, piece]
}
