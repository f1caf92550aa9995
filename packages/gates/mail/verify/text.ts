/**
 * The one text of a rebuilt mail: what is ours in it leads to our own page, and nothing of the sender's looks like it.
 */
import { demand } from './rejection.ts'

/** Files and invitations of a mail that is for the desk in the internet zone. */
export interface Inside {
  /** SHA-256 of each file, lower-case hex. */
  readonly files: readonly string[]
  readonly calendars: number
}

/** What the high side knows of a mail before it reads it. */
export interface Expected {
  /** Page of this mail on our side, `https://…/mail/S-1042`. */
  readonly address: string
  /** Places of the files that wait outside, as they stand behind `#`, in the order of the list. */
  readonly parts: readonly string[]
  /** The first line, when one of ours must stand there. */
  readonly firstLine?: string
  /** How the line begins that opens the list of files. */
  readonly listLine: string
  /** What the certificate says is in the mail beside its text; without it no file is taken for granted. */
  readonly inside?: Inside
  /** The last line: the certificate by its number. */
  readonly lastLine: string
}

/** @throws Rejection */
export function verifyText(
  text: string,
  { address, parts, firstLine, listLine, lastLine, inside }: Expected,
): void {
  const lines = text.replace(/(?:\r\n)+$/u, '').split('\r\n')
  demand(firstLine === undefined || lines[0] === firstLine, 'MAIL-HEAD', 'text')
  demand(lines.at(-1) === lastLine, 'MAIL-FOOTER', 'text')
  const heads = lines.flatMap((line, index) => (bare(line).startsWith(listLine) ? [index] : []))
  // Files that stand in the mail are listed without an address; pictures of the sender's page are not listed at all.
  const mayList = parts.length > 0 || (inside?.files.length ?? 0) > 0
  demand(heads.length <= (mayList ? 1 : 0), 'MAIL-LIST', 'text')
  demand(heads.length > 0 || parts.length === 0, 'MAIL-LIST', 'text')
  const from = heads[0] ?? lines.length
  const named = lines.slice(from).filter((line) => line.includes('://'))
  const wanted = parts.map((part) => `   ${address}#${part}`)
  demand(
    named.length === wanted.length && named.every((line, index) => line === wanted[index]),
    'MAIL-LINK',
    'list',
  )
  // The words of the sender: an address like ours leads elsewhere, or to another mail, and is marked.
  for (const line of lines.slice(0, from))
    demand(!/:\/\/\S*\/mail\/S-\d/iu.test(bare(line)) || line.startsWith('｜'), 'MAIL-LINK', 'text')
}

/** Without what is not seen. */
function bare(line: string): string {
  return line.replaceAll(/[\p{Cf}\p{Cc}]+/gu, '').trimStart()
}
