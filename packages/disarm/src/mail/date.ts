const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const ZONES: ReadonlyMap<string, string> = new Map([
  ['ut', '+0000'],
  ['gmt', '+0000'],
  ['utc', '+0000'],
  ['z', '+0000'],
  ['jst', '+0900'],
  ['est', '-0500'],
  ['edt', '-0400'],
  ['cst', '-0600'],
  ['cdt', '-0500'],
  ['mst', '-0700'],
  ['mdt', '-0600'],
  ['pst', '-0800'],
  ['pdt', '-0700'],
])
const DATE =
  /(\d{1,2})[ \t-]{1,8}([A-Za-z]{3})[a-z]{0,6}[ \t-]{1,8}(\d{2,4})[ \t,]{1,8}(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?(?:\.\d{1,9})?[ \t]{0,8}([+-]\d{3,4}|[A-Za-z]{1,4})?/

/** A date as `Wed, 25 Nov 2026 14:38:49 +0900` (RFC 5322 §3.3, lenient in, strict out); `undefined` for none. */
export function canonicalDate(raw: string): string | undefined {
  const found = DATE.exec(raw.slice(0, 200))
  if (!found) return undefined
  const month = MONTHS.indexOf(found[2]!.toLowerCase())
  const zone = found[7] ?? '+0000'
  // Some programs leave the first zero of the hours out.
  const offset = /^[+-]/.test(zone)
    ? zone.replace(/^(.)(?=\d{3}$)/, '$10')
    : (ZONES.get(zone.toLowerCase()) ?? '+0000')
  return dateText(
    [fullYear(Number(found[3])), month, ...[1, 4, 5, 6].map((at) => Number(found[at] ?? 0))],
    offset,
  )
}

/** The same from a moment, in a time zone given as `+0900`. */
export function dateOf(milliseconds: number, zone: string): string | undefined {
  if (!Number.isFinite(milliseconds) || Math.abs(milliseconds) > 8e15) return undefined
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3))
  const local = new Date(milliseconds + (zone.startsWith('-') ? -minutes : minutes) * 60_000)
  const parts = [local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate()]
  return dateText(
    [...parts, local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds()],
    zone,
  )
}

/** RFC 5322 §4.3. */
function fullYear(year: number): number {
  if (year >= 1000) return year
  return year < 50 ? year + 2000 : year + 1900
}

const DAYS = 'Sun Mon Tue Wed Thu Fri Sat'.split(' ')

function dateText(parts: readonly number[], zone: string): string | undefined {
  const [year = 0, month = -1, day = 0, hour = 0, minute = 0, second = 0] = parts
  const date = new Date(Date.UTC(year, month, day))
  const fits = month >= 0 && date.getUTCMonth() === month && hour < 24 && minute < 60 && second < 60
  const offset = Number(zone.slice(1, 3)) <= 14 && Number(zone.slice(3)) < 60
  if (!fits || !offset || year < 1900 || year > 9999) return undefined
  const name = MONTHS[month]!
  const two = (number: number): string => String(number).padStart(2, '0')
  const clock = [hour, minute, second].map(two).join(':')
  const zero = zone === '-0000' ? '+0000' : zone
  return `${DAYS[date.getUTCDay()]}, ${two(day)} ${name.charAt(0).toUpperCase()}${name.slice(1)} ${year} ${clock} ${zero}`
}
