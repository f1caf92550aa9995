import { createReadStream } from 'node:fs'

/** Characters of an unfinished line that are kept: a file without line ends must not fill the memory. */
const LONGEST_REST = 64 * 1024

/** Tells the lines of a log one after the other, however large it is. */
export async function readLines(file: string, each: (line: string) => void): Promise<void> {
  let rest = ''
  for await (const chunk of createReadStream(file, { encoding: 'utf8' })) {
    const lines = (rest + String(chunk)).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) each(line)
    // What is cut off here is too long to be read anyway, and is counted as such.
    if (rest.length > LONGEST_REST) rest = rest.slice(0, LONGEST_REST)
  }
  if (rest !== '') each(rest)
}
