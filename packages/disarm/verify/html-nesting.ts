/** What is open around the place where a tag is read. */
export interface Surroundings {
  readonly parent: string
  readonly depth: number
  readonly paragraph: boolean
  readonly heading: boolean
  readonly link: boolean
  /** A list item, or a term or its description, that a following one would close. */
  readonly item: boolean
  readonly definition: boolean
}

const list = (names: string): ReadonlySet<string> => new Set(names.split(/\s+/u))

const BLOCKS =
  list(`address article aside blockquote center dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6
header hr li main nav ol p pre section summary table ul`)
const INLINES =
  list(`a abbr b bdi big br cite code del dfn em font i img ins kbd mark q rp rt ruby s samp small span strong sub sup
time tt u var wbr`)
const HEADINGS = list('h1 h2 h3 h4 h5 h6')
const CELLS = list('td th caption')
export const VOIDS = list('br col hr img wbr')
/** Elements that hold nothing but these; text neither. */
export const PARTS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['table', list('caption colgroup thead tbody tfoot')],
  ['thead', list('tr')],
  ['tbody', list('tr')],
  ['tfoot', list('tr')],
  ['tr', list('td th')],
  ['colgroup', list('col')],
])
const MAX_DEPTH = 128

/** False where a browser would close something first, or move the element (WHATWG HTML §13.2.6.4.7). */
export function mayOpen(name: string, around: Surroundings): boolean {
  const parts = PARTS.get(around.parent)
  if (parts) return parts.has(name)
  const block = BLOCKS.has(name)
  if (!block && !INLINES.has(name)) return false
  if (around.depth >= (name === 'table' ? MAX_DEPTH - 4 : MAX_DEPTH)) return false
  if (block && around.paragraph) return false
  switch (name) {
    case 'a':
      return !around.link
    case 'li':
      return !around.item
    case 'dd':
    case 'dt':
      return !around.definition
    case 'rt':
    case 'rp':
      return around.parent === 'ruby'
    default:
      return !(HEADINGS.has(name) && around.heading)
  }
}

/** What is open around the content of an element that was opened here. */
export function openIn(name: string, around: Surroundings): Surroundings {
  const depth = around.depth + 1
  if (CELLS.has(name)) {
    const fresh = { paragraph: false, heading: false, item: false, definition: false }
    return { ...fresh, parent: name, depth, link: around.link }
  }
  // A block stops the search for an open item, but for these three.
  const stops = (BLOCKS.has(name) && !/^(?:address|div|p)$/u.test(name)) || PARTS.has(name)
  return {
    parent: name,
    depth,
    paragraph: around.paragraph || name === 'p',
    heading: around.heading || HEADINGS.has(name),
    link: around.link || name === 'a',
    item: name === 'li' || (around.item && !stops),
    definition: name === 'dd' || name === 'dt' || (around.definition && !stops),
  }
}
