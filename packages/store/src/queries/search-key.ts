/**
 * The key under which a name is found: compatibility forms folded, variation selectors left out, lower case. Only
 * ever compared with another key; the name itself is stored and shown as it was given.
 */
export function searchKey(name: string): string {
  return name
    .normalize('NFKC')
    .replaceAll(/[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]/gu, '')
    .toLowerCase()
}
