/**
 * Places in a town file, as text: `flows[3].expires`. The same text is in a finding's `path`, in SARIF and in an edit.
 */

export type PathStep = string | number

/** `['flows', 3, 'expires']` → `flows[3].expires`. */
export function pathText(steps: readonly PathStep[]): string {
  return steps
    .map((step, index) =>
      typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`,
    )
    .join('')
}

/**
 * `flows[3].expires` → `['flows', 3, 'expires']`.
 *
 * @returns `undefined` when the text is not a path; the empty text is the file itself.
 */
export function readPath(text: string): readonly PathStep[] | undefined {
  if (text === '') return []
  if (!/^[^.[\]]+(?:\[\d{1,6}\]|\.[^.[\]]+)*$/u.test(text)) return undefined
  return [...text.matchAll(/\[(\d+)\]|[^.[\]]+/gu)].map(([step, index]) =>
    index === undefined ? step : Number(index),
  )
}
