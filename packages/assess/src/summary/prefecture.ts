import words from '../../words/prefectures.json' with { type: 'json' }

/** The first two digits of the code of a body (全国地方公共団体コード): `01` 北海道 to `47` 沖縄県. */
export type PrefectureId = keyof typeof words

/** All 47, north to south. Sorted here: a JSON object puts keys such as `10` before `01`. */
export const PREFECTURES: readonly PrefectureId[] = (
  Object.keys(words) as PrefectureId[]
).toSorted()

export const prefectureName = (id: PrefectureId): string => words[id]

/** Where a declaration belongs, and whether the folder it lies in says something else than its code. */
export interface Belonging {
  /** Absent when neither the code nor the folder names one. */
  readonly prefecture?: PrefectureId
  readonly disagrees: boolean
}

/**
 * The prefecture of a body: by its code, else by the first folder its file lies in. The code decides, for it has a check digit and a folder is
 * moved by hand.
 *
 * @param file path below the folder that is assessed
 */
export function belongingOf(code: string | undefined, file: string): Belonging {
  const byFolder = prefectureOfFolder(file)
  const byCode = code === undefined ? undefined : known(code.slice(0, 2))
  const prefecture = byCode ?? byFolder
  return {
    ...(prefecture !== undefined && { prefecture }),
    disagrees: byCode !== undefined && byFolder !== undefined && byCode !== byFolder,
  }
}

/** `13`, `13-東京` and `東京都` are folders of 13; `131016` is none, for it may be anything. */
function prefectureOfFolder(file: string): PrefectureId | undefined {
  const [folder, ...below] = file.split(/[\\/]/u)
  if (folder === undefined || below.length === 0) return undefined
  const digits = /^(\d{2})(?!\d)/u.exec(folder)?.[1]
  return digits === undefined
    ? PREFECTURES.find((id) => folder.startsWith(words[id]))
    : known(digits)
}

const known = (digits: string): PrefectureId | undefined => PREFECTURES.find((id) => id === digits)
