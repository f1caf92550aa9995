/**
 * A mail with bytes above 127, or lines too long for SMTP, in seven bits: parts that need it become base64, and nothing else of it changes.
 */
import { fieldValue, readEntity } from '@sekisho/disarm/mail'

/** RFC 5321 §4.5.3.1.6: a line has 998 letters at most. */
const MAX_LINE = 998
/** Parts in parts. */
const MAX_DEPTH = 20

/** @param raw lines end with CR LF, a letter is a byte. What cannot be told apart stays as it is, and is then not in seven bits. */
export function inSevenBits(raw: string, depth = 0): string {
  const end = raw.startsWith('\r\n') ? 0 : raw.indexOf('\r\n\r\n') + 2
  if (end < 2 && !raw.startsWith('\r\n')) return raw
  const head = raw.slice(0, end)
  const body = raw.slice(end + 2)
  if (fitsSmtp(body) || depth > MAX_DEPTH) return raw
  const { fields } = readEntity(`${head}\r\n`)
  const type = fieldValue(fields, 'content-type') ?? ''
  const boundary = /^multipart\/.*?;\s*boundary\s*=\s*(?:"([^"]{1,70})"|([^\s;"]{1,70}))/isu.exec(
    type,
  )
  if (boundary) {
    const parted = parts(body, boundary[1] ?? boundary[2] ?? '', depth)
    return `${withEncoding(head, '7bit')}\r\n${parted}`
  }
  const encoding = (fieldValue(fields, 'content-transfer-encoding') ?? '7bit').trim().toLowerCase()
  // A coded part with such bytes is damaged, and not ours to guess.
  if (!/^(?:7bit|8bit|binary)$/u.test(encoding)) return raw
  if (/^message\/rfc822/iu.test(type))
    return `${withEncoding(head, '7bit')}\r\n${inSevenBits(body, depth + 1)}`
  const coded = Buffer.from(body, 'latin1')
    .toString('base64')
    .replaceAll(/.{76}(?=.)/gu, '$&\r\n')
  return `${withEncoding(head, 'base64')}\r\n${coded}\r\n`
}

/** Whether every byte may go as it is. */
export function fitsSmtp(text: string): boolean {
  if (/[\u0000\u0080-\u00FF]|\r(?!\n)|(?<!\r)\n/u.test(text)) return false
  return text.split('\r\n').every((line) => line.length <= MAX_LINE)
}

function parts(body: string, boundary: string, depth: number): string {
  const mark = `--${boundary}`
  const lines = body.split('\r\n')
  const out: string[] = []
  let part: string[] | undefined
  const close = (): void => {
    if (part) out.push(inSevenBits(part.join('\r\n'), depth + 1).replace(/\r\n$/u, ''))
    part = undefined
  }
  for (const line of lines) {
    const bare = line.trimEnd()
    if (bare === mark || bare === `${mark}--`) {
      close()
      out.push(line)
      if (bare === mark) part = []
    } else if (part) part.push(line)
    else out.push(line)
  }
  close()
  return out.join('\r\n')
}

/** The field is replaced where it stands, or added where there was none. */
function withEncoding(head: string, encoding: string): string {
  const field = `Content-Transfer-Encoding: ${encoding}\r\n`
  const known = /^Content-Transfer-Encoding[ \t]*:.*\r\n(?:[ \t].*\r\n)*/imu
  return known.test(head) ? head.replace(known, field) : `${head}${field}`
}
