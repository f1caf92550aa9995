/** One way to write an address of a terminal: a dual socket sees `::ffff:10.20.5.1`, a log `10.20.5.1`. */
export function addressOf(text: string): string {
  return text.replace(/^::ffff:(?=\d+\.)/iu, '').toLowerCase()
}
