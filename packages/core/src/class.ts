/**
 * Information classes (情報資産の分類).
 *
 * A class always carries its scheme: a bare "機密性3" means one thing to the state and another to a town
 * (検討会第9回 議事概要), so classes of different schemes are never compared.
 */

export const CONFIDENTIALITY_LEVELS = ['1', '2', '3C', '3B', '3A'] as const
/** Level within the municipal scheme, lowest first. Source: MIC guideline slides, 令和8年度, p. 9. */
export type ConfidentialityLevel = (typeof CONFIDENTIALITY_LEVELS)[number]

/** A scheme-qualified confidentiality class. `national` levels are '1' | '2' | '3' of 政府統一基準. */
export type Class =
  | { readonly scheme: '自治体機密性'; readonly level: ConfidentialityLevel }
  | { readonly scheme: '国機密性'; readonly level: '1' | '2' | '3' }

/** 自治体完全性: 2 when alteration would infringe residents' rights or hamper administrative work. */
export type Integrity = '自治体完全性2' | '自治体完全性1'
/** 自治体可用性: 2 when loss would infringe residents' rights or hamper administrative work. */
export type Availability = '自治体可用性2' | '自治体可用性1'

/** What kind of personal information an asset holds; decides placement together with the class. */
export const PERSONAL_DATA_KINDS = [
  'none',
  'staff',
  'resident',
  'special-care',
  'specific',
] as const
/** `special-care` is 要配慮個人情報, `specific` is 特定個人情報 (contains an Individual Number). */
export type PersonalDataKind = (typeof PERSONAL_DATA_KINDS)[number]

/**
 * Reads a label such as 「自治体機密性3B」.
 *
 * @returns the class, or `undefined` when the scheme is missing or the level unknown. A bare 「機密性3」 is
 *   `undefined` on purpose.
 */
export function readClass(label: string): Class | undefined {
  const municipal = /^自治体機密性(3A|3B|3C|2|1)$/u.exec(label)
  if (municipal) return { scheme: '自治体機密性', level: municipal[1] as ConfidentialityLevel }
  const national = /^国機密性([123])$/u.exec(label)
  if (national) return { scheme: '国機密性', level: national[1] as '1' | '2' | '3' }
  return undefined
}

/** The label as officials write it: 「自治体機密性3B」. */
export function classLabel(value: Class): string {
  return `${value.scheme}${value.level}`
}

/** Two classes, one after the other, or why they have no order. */
export type ClassComparison =
  | { readonly ok: true; readonly order: number }
  | { readonly ok: false; readonly problem: ClassMismatch }

/**
 * Orders two classes of one scheme: negative, zero or positive as usual. Classes of two schemes are not comparable, whatever their digits: that is a
 * value which names the mapping, and a caller refuses rather than guesses.
 */
export function compareClass(a: Class, b: Class): ClassComparison {
  if (a.scheme !== b.scheme) {
    const foreign = a.scheme === '自治体機密性' ? b : a
    return { ok: false, problem: foreignClass(classLabel(foreign))! }
  }
  const rank = (value: Class): number =>
    value.scheme === '自治体機密性'
      ? CONFIDENTIALITY_LEVELS.indexOf(value.level)
      : Number(value.level)
  return { ok: true, order: rank(a) - rank(b) }
}

/** Which classes of the three schemes mean the same. More than one where a scheme parts finer: then a person decides. */
export interface ClassRow {
  /** 自治体機密性 since R6.10. */
  readonly municipal: string
  /** 国の機密性 (政府統一基準). */
  readonly national: string
  /** 機密性 of the municipal guideline before R6.10, which spelled three levels like the national ones and meant others. */
  readonly former: string
}

/** Source: MIC guideline slides, 令和8年度, p. 9. */
export const CLASS_TABLE: readonly ClassRow[] = [
  { municipal: '自治体機密性3A', national: '国機密性3', former: '旧機密性3' },
  { municipal: '自治体機密性3B', national: '国機密性2', former: '旧機密性3' },
  { municipal: '自治体機密性3C', national: '国機密性2', former: '旧機密性2' },
  { municipal: '自治体機密性2', national: '国機密性2', former: '旧機密性2' },
  { municipal: '自治体機密性1', national: '国機密性1', former: '旧機密性1' },
]

/**
 * The rows of the table in which a label of any scheme stands.
 *
 * @param label e.g. `旧機密性3`. A bare 「機密性3」 is in no row: it means one thing to the state and another to a town.
 */
export function correspondingClasses(label: string): readonly ClassRow[] {
  return CLASS_TABLE.filter((row) => Object.values(row).includes(label))
}

/** A class of another scheme stands where one of 自治体機密性 belongs. */
export interface ClassMismatch {
  readonly reason: 'CLASS-SCHEME'
  /** As the table spells it, never as it was sent. */
  readonly label: string
  /** `bare`: the scheme is not said, so it may be either. */
  readonly scheme: 'national' | 'former' | 'bare'
  /** Labels of 自治体機密性 that mean the same, highest first. One: it can be put in its place. More: a person decides. */
  readonly candidates: readonly string[]
}

/**
 * Tells a label of the national scheme, of the municipal scheme before R6.10, or of no scheme (「機密性3」) from anything else.
 *
 * @returns what the label may mean in 自治体機密性; `undefined` for a label of that scheme, and for what is no label of a class.
 */
export function foreignClass(text: string): ClassMismatch | undefined {
  if (text.length > MOST_LETTERS) return undefined
  const found = /^(国|旧)?の?機密性([123])$/u.exec(text.normalize('NFKC').replaceAll(/\s/gu, ''))
  if (!found) return undefined
  const [, mark = '', level = ''] = found
  const labels = mark === '' ? [`国機密性${level}`, `旧機密性${level}`] : [`${mark}機密性${level}`]
  const rows = CLASS_TABLE.filter(({ national, former }) =>
    labels.some((label) => label === national || label === former),
  )
  return {
    reason: 'CLASS-SCHEME',
    label: `${mark}機密性${level}`,
    scheme: mark === '国' ? 'national' : mark === '旧' ? 'former' : 'bare',
    candidates: rows.map(({ municipal }) => municipal),
  }
}

/** Longer than any label of a class. */
const MOST_LETTERS = 20

/** 「自治体機密性3（うち3B）」: the five levels shown as the three that staff know (O8). What is judged and recorded stays five. */
export function foldedClassLabel(label: string): string {
  const value = readClass(label)
  if (value?.scheme !== '自治体機密性' || !value.level.startsWith('3')) return label
  return `${value.scheme}3（うち${value.level}）`
}
