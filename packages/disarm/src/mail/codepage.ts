/** Windows code pages that mails come in. */
export function charsetOf(codepage: number): string {
  const known: Readonly<Record<number, string>> = {
    932: 'shift_jis',
    20932: 'euc-jp',
    51932: 'euc-jp',
    50220: 'iso-2022-jp',
    50221: 'iso-2022-jp',
    50222: 'iso-2022-jp',
    65001: 'utf-8',
    936: 'gbk',
    949: 'euc-kr',
    950: 'big5',
    1200: 'utf-16le',
  }
  return (
    known[codepage] ??
    (codepage >= 1250 && codepage <= 1258 ? `windows-${codepage}` : 'windows-1252')
  )
}
