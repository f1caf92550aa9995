/** A small generator of numbers, so that every run writes the same file (Numerical Recipes' LCG). */
let seed = 20_260_401
export const random = (below: number): number => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((seed / 0x1_0000_0000) * below)
}
export const pick = (words: readonly string[]): string => words[random(words.length)]!

const WORDS = (
  '葛󠄂城市 髙橋 﨑田 𠮷野 令和八年度 補正予算 住民基本台帳 国民健康保険 介護保険料 固定資産税 水道使用料 学校給食費 道路占用許可 起案 決裁 供覧 ' +
  '申請書 届出 交付決定 実績報告 委託契約 随意契約 入札公告 仕様書 別紙 様式第一号 記載要領 添付書類 期限 までに 提出 してください について 及び 並びに 又は 若しくは ' +
  'により に基づき 総務課 税務課 福祉課 教育委員会 会計年度任用職員 備考 なし 済 確認中'
).split(' ')
/** Words that no list has, for text is not as easily packed as a list of words. */
const kanji = (): string =>
  String.fromCodePoint(...Array.from({ length: 1 + random(4) }, () => 0x4e00 + random(3000)))
export const sentence = (): string =>
  Array.from({ length: 4 + random(14) }, () => (random(5) < 3 ? pick(WORDS) : kanji())).join('')
