/** Text for a page: no character of it is markup. */
export function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/gu, (one) => `&#${one.codePointAt(0)};`)
}
