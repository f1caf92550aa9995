const MAX_VALUE = 1000
const MAX_LINES = 3000
const MAX_SHEET = 400_000

const NUMBER = String.raw`(?:0|-?(?:0|[1-9]\d{0,4})(?:\.\d{0,2}[1-9])|-?[1-9]\d{0,4})`
const PLAIN = new RegExp(`^${NUMBER}$`, 'u')
const LENGTH = new RegExp(`^${NUMBER}(?:px|pt|em|rem|ex|ch|mm|cm|in|pc|q|vw|vh|vmin|vmax|%)$`, 'u')
const FUNCTION = new RegExp(`^(?:rgba?|hsla?)\\((?:${NUMBER}%?,){2,3}${NUMBER}%?\\)$`, 'u')
const COLOUR = /^(?:#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|[a-z]{3,20})$/u
const FAMILY = /^[\p{L}\p{N}][\p{L}\p{N}\p{M} ._\u30FB&+-]{0,59}$/u
const GENERIC = new Set(
  'serif sans-serif monospace cursive fantasy system-ui inherit initial'.split(' '),
)

interface Rule {
  readonly kinds: string
  readonly most: number
  readonly words: ReadonlySet<string>
}

const LINE = 'none hidden dotted dashed solid double groove ridge inset outset thin medium thick'
const SIDES = ['top', 'right', 'bottom', 'left']
const WIDTH = 'thin medium thick'
const FONT =
  'xx-small x-small small medium large x-large xx-large smaller larger normal italic oblique bold bolder lighter small-caps'
const BREAK = 'auto always avoid left right page column avoid-page'
const MARK =
  'none disc circle square decimal decimal-leading-zero lower-roman upper-roman lower-alpha upper-alpha lower-latin upper-latin cjk-decimal hiragana katakana hiragana-iroha katakana-iroha japanese-informal japanese-formal cjk-ideographic inside outside'
const ALIGN = 'left right center justify start end'

/** l length, n number, c colour. */
const RULES: ReadonlyMap<string, Rule> = new Map(
  [
    ['color background-color', 'c', 1, ''],
    ['background', 'c', 1, 'none'],
    ['border-color', 'c', 4, ''],
    [sided('border', '-color'), 'c', 1, ''],
    [`border outline ${sided('border', '')}`, 'lc', 3, LINE],
    ['border-style', '', 4, LINE],
    [sided('border', '-style'), '', 1, LINE],
    ['border-width', 'l', 4, WIDTH],
    [sided('border', '-width'), 'l', 1, WIDTH],
    ['border-radius', 'l', 4, ''],
    ['border-collapse', '', 1, 'collapse separate'],
    ['border-spacing', 'l', 2, ''],
    ['width height min-width min-height', 'l', 1, 'auto'],
    ['max-width max-height', 'l', 1, 'none'],
    ['margin', 'l', 4, 'auto'],
    [sided('margin', ''), 'l', 1, 'auto'],
    ['padding', 'l', 4, ''],
    [sided('padding', ''), 'l', 1, ''],
    ['text-indent', 'l', 1, ''],
    ['text-align', '', 1, ALIGN],
    ['text-align-last', '', 1, `${ALIGN} auto`],
    ['text-justify', '', 1, 'auto none inter-word inter-character inter-ideograph'],
    [
      'text-decoration',
      'c',
      4,
      'none underline overline line-through solid double dotted dashed wavy',
    ],
    ['text-decoration-line', '', 3, 'none underline overline line-through'],
    ['text-transform', '', 1, 'none capitalize uppercase lowercase full-width'],
    ['text-emphasis', 'c', 3, 'none filled open dot circle double-circle triangle sesame'],
    ['text-combine-upright', '', 1, 'none all'],
    ['text-orientation', '', 1, 'mixed upright sideways'],
    ['writing-mode', '', 1, 'horizontal-tb vertical-rl vertical-lr tb-rl lr-tb'],
    ['direction', '', 1, 'ltr rtl'],
    ['line-height', 'ln', 1, 'normal'],
    ['letter-spacing word-spacing', 'l', 1, 'normal'],
    ['vertical-align', 'l', 1, 'baseline top middle bottom sub super text-top text-bottom'],
    ['white-space', '', 1, 'normal nowrap pre pre-wrap pre-line'],
    ['word-break', '', 1, 'normal break-all keep-all break-word'],
    ['overflow-wrap', '', 1, 'normal break-word anywhere'],
    ['word-wrap', '', 1, 'normal break-word'],
    ['line-break', '', 1, 'auto normal loose strict anywhere'],
    ['hyphens', '', 1, 'none manual auto'],
    ['tab-size', 'ln', 1, ''],
    ['font', 'ln', 6, FONT],
    ['font-family', '', 0, ''],
    ['font-size', 'l', 1, FONT],
    ['font-style', '', 1, 'normal italic oblique'],
    ['font-weight', 'n', 1, 'normal bold bolder lighter'],
    ['font-variant', '', 2, 'normal small-caps'],
    ['font-stretch', 'l', 1, 'normal condensed expanded'],
    ['list-style', '', 2, MARK],
    ['list-style-type', '', 1, MARK],
    ['list-style-position', '', 1, 'inside outside'],
    [
      'display',
      '',
      1,
      'none block inline inline-block list-item table table-row table-cell table-row-group table-column ruby ruby-text',
    ],
    ['visibility', '', 1, 'visible hidden'],
    ['opacity orphans widows', 'n', 1, ''],
    ['float', '', 1, 'left right none'],
    ['clear', '', 1, 'left right both none'],
    ['box-sizing', '', 1, 'border-box content-box'],
    ['table-layout', '', 1, 'auto fixed'],
    ['caption-side', '', 1, 'top bottom'],
    ['empty-cells', '', 1, 'show hide'],
    ['ruby-position', '', 1, 'over under'],
    ['ruby-align', '', 1, 'start center space-between space-around'],
    [
      'page-break-before page-break-after page-break-inside break-before break-after break-inside',
      '',
      1,
      BREAK,
    ],
  ].flatMap((row) => rulesOf(row as [string, string, number, string])),
)

function sided(start: string, end: string): string {
  return SIDES.map((side) => `${start}-${side}${end}`).join(' ')
}

function rulesOf([names, kinds, most, words]: [string, string, number, string]): [string, Rule][] {
  const rule = { kinds, most, words: new Set([...words.split(' '), 'inherit', 'initial']) }
  return names.split(' ').map((name) => [name, rule])
}

/** `name:value;name:value`, each name once, with values that neither load nor run nor move anything. */
export function isStyle(style: string): boolean {
  const names = new Set<string>()
  const parts = style.split(';')
  if (parts.length > 100) return false
  for (const part of parts) {
    const colon = part.indexOf(':')
    const name = part.slice(0, Math.max(0, colon))
    if (names.has(name) || !isValue(name, part.slice(colon + 1))) return false
    names.add(name)
  }
  return true
}

function isValue(name: string, whole: string): boolean {
  const rule = RULES.get(name)
  if (!rule || whole.length > MAX_VALUE || /behavior|-moz-binding/iu.test(whole)) return false
  const value = whole.endsWith('!important') ? whole.slice(0, -10) : whole
  if (name === 'font-family') return isFamilies(value)
  if (name === 'font') return isFont(value, rule)
  const pieces = value.split(' ')
  return pieces.length <= rule.most && pieces.every((piece) => isPiece(piece, rule))
}

function isPiece(piece: string, { kinds, words }: Rule): boolean {
  if (words.has(piece)) return piece !== ''
  if (piece === '0' || PLAIN.test(piece)) return piece === '0' || kinds.includes('n')
  if (LENGTH.test(piece)) return kinds.includes('l')
  return kinds.includes('c') && (COLOUR.test(piece) || FUNCTION.test(piece))
}

function isFamilies(value: string): boolean {
  const names = value.split(',')
  return names.length <= 20 && names.every(isFamily)
}

function isFamily(name: string): boolean {
  if (GENERIC.has(name)) return true
  const inner = name.startsWith("'") && name.endsWith("'") ? name.slice(1, -1) : ''
  return FAMILY.test(inner) && inner === inner.trim() && !inner.includes('  ')
}

/** Style and size, the last of it a number, then the families. */
function isFont(value: string, rule: Rule): boolean {
  const comma = value.indexOf(',')
  const first = comma < 0 ? value : value.slice(0, comma)
  const split = /^([^']+) ('[^']*'|[a-z-]+)$/u.exec(first)
  if (!split || !isFamilies(split[2]! + (comma < 0 ? '' : value.slice(comma)))) return false
  const pieces = split[1]!.split(/[ /]/u)
  const tidy = pieces.length <= rule.most && pieces.every((piece) => isPiece(piece, rule))
  return tidy && /\d(?:[a-z]{1,4}|%)?$/u.test(split[1]!)
}

const COMPOUND =
  /^(?:\*|[a-z][a-z0-9]{0,15})?(?:[.#][A-Za-z_][A-Za-z0-9_-]{0,63}|:(?:link|visited|hover|active|first-child|last-child)){0,6}$/u

/** A rule a line: `selector,selector{name:value;…}`. */
export function isSheet(sheet: string): boolean {
  const lines = sheet.split('\n')
  if (lines.length > MAX_LINES || sheet.length - lines.length + 1 > MAX_SHEET) return false
  return lines.every((line) => {
    const brace = line.indexOf('{')
    return (
      line.endsWith('}') && isSelectors(line.slice(0, brace)) && isStyle(line.slice(brace + 1, -1))
    )
  })
}

function isSelectors(text: string): boolean {
  const selectors = text.split(',')
  return new Set(selectors).size === selectors.length && selectors.every(isSelector)
}

function isSelector(selector: string): boolean {
  if (selector.length > 600) return false
  const compounds = selector.split(/ > | /u)
  return compounds.length <= 6 && compounds.every((one) => one !== '' && COMPOUND.test(one))
}
