/** Characters that could end a comment or repaint a terminal: controls, line ends of Unicode, and those that change the direction of text. */
const UNSAFE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu

/** A name from a declaration for a comment line: on one line, as it is read. */
export const plain = (text: string): string => text.replaceAll(UNSAFE, ' ')
