/**
 * Personal data by count: not what a text says, only how many rows of it look like a ledger.
 */

export interface PersonalData {
  /** Different numbers of 12 digits that are Individual Numbers (個人番号) as far as digits can tell. */
  readonly myNumbers: number
  /** Rows with an address, or with two of telephone, day of birth, e-mail and postcode. */
  readonly rows: number
}

export function countPersonalData(texts: readonly string[]): PersonalData {
  const numbers = new Set<string>()
  let named = false
  const rows = new Set<string>()
  for (const raw of texts) {
    const text = raw.normalize('NFKC')
    named ||= NAMED.test(text)
    for (const digits of twelves(text)) if (hasCheckDigit(digits)) numbers.add(digits)
    for (const row of rowsIn(text)) rows.add(row)
  }
  // One number in eleven has a fitting check digit by chance, and a parcel has 12 digits too: alone and without a name for it, it is none.
  const meant = named || numbers.size >= BY_NUMBER
  return { myNumbers: meant ? numbers.size : 0, rows: rows.size }
}

/** Programs name it in their own letters: `my_number`, `myNumber`, `kojinBango`. */
const NAMED =
  /個人番号|マイナンバー|特定個人情報|(?<![a-z])my[ _-]?number|individual[ _-]?number|kojin[ _-]?bang(?:o|ou)(?![a-z])/iu
const BY_NUMBER = 3
/** 12 digits, three groups of four with one sign between them, or each digit in a box of its own. */
const TWELVE =
  /(?<![\d-])(?:\d{12}|\d{4} ?[-,/.・\t ] ?\d{4} ?[-,/.・\t ] ?\d{4}|\d(?:[\t |,]{1,2}\d){11})(?![\d-])/gu
/** Signs without width, which people do not see, and the dashes that they take for a hyphen. */
const UNSEEN = /[\u00AD\u200B-\u200F\u2060\uFEFF]/gu
const DASHES = /[\u2010-\u2015\u2212\u30FC]/gu
/** A number is cut by what makes half of it bold. */
const TAGS = /<!\[CDATA\[|\]\]>|<(?!!\[CDATA\[)[^<>]{1,200}>/gu

function* twelves(text: string): Generator<string> {
  const plain = text.replaceAll(UNSEEN, '').replaceAll(DASHES, '-')
  const views = plain.includes('<') ? [plain, plain.replaceAll(TAGS, '')] : [plain]
  for (const view of views)
    for (const [number] of view.matchAll(TWELVE)) yield number.replaceAll(/\D/gu, '')
}

/** 平成26年総務省令第85号 第5条: weights 2 to 7 from the right, modulus 11. */
export function hasCheckDigit(digits: string): boolean {
  if (!/^\d{12}$/u.test(digits) || /^(\d)\1{11}$/u.test(digits)) return false
  let sum = 0
  for (let n = 1; n <= 11; n += 1) sum += Number(digits[11 - n]) * (n <= 6 ? n + 1 : n - 5)
  const rest = sum % 11
  return Number(digits[11]) === (rest <= 1 ? 0 : 11 - rest)
}

/** Of a municipality or an island of houses, with a number behind it. */
const ADDRESS =
  /(?:[\p{Script=Han}々ヶケ]{1,8}[都道府県])?[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}々ヶケー]{1,10}[市区町村郡][\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}々ヶケー字]{0,16}\d{1,5}(?:丁目|番地?|号|-\d{1,5})/gu
const KINDS: readonly RegExp[] = [
  /(?<!\d)0\d{1,4}-\d{1,4}-\d{3,4}(?!\d)/u,
  /(?:(?:明治|大正|昭和|平成|令和)\d{1,2}年\d{1,2}月\d{1,2}日|(?<!\d)(?:19|20)\d\d[/.年-]\d{1,2}[/.月-]\d{1,2}日?(?!\d)|(?<![A-Za-z])[MTSHR]\d{1,2}\.\d{1,2}\.\d{1,2})/u,
  /[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,100}/u,
  /〒?(?<!\d)\d{3}-\d{4}(?![\d-])/u,
]

function* rowsIn(text: string): Generator<string> {
  for (const line of text.split('\n')) {
    const addresses = line.match(ADDRESS) ?? []
    if (addresses.length > 0) yield* addresses
    else if (line.length < MAX_LINE && KINDS.filter((kind) => kind.test(line)).length >= 2)
      yield line
  }
}

/** A line of a ledger is short; a page without line ends is one line and no row. */
const MAX_LINE = 2_000
