/** A table of names per prefix, written as words between white space. */
export function words(
  rows: Readonly<Record<string, string>>,
): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    Object.entries(rows).map(([prefix, list]) => [prefix, new Set(list.trim().split(/\s+/))]),
  )
}
