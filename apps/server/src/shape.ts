/**
 * Checks for values that came over a wire. Strict: unknown keys, wrong types and values beyond a limit are all the
 * same answer, `undefined`.
 */

/** The checked value, or `undefined`. */
export type Check<T> = (value: unknown) => T | undefined

/** Text of at most `max` UTF-16 units, optionally of a pattern, without lone surrogates. */
export function text(max: number, pattern?: RegExp): Check<string> {
  return (value) =>
    typeof value === 'string' &&
    value.length <= max &&
    value.isWellFormed() &&
    (pattern === undefined || pattern.test(value))
      ? value
      : undefined
}

/** Whole number within limits, both inclusive. */
export function whole(min: number, max: number): Check<number> {
  return (value) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max
      ? value
      : undefined
}

export const flag: Check<boolean> = (value) => (typeof value === 'boolean' ? value : undefined)

export function oneOf<const T extends string>(values: readonly T[]): Check<T> {
  return (value) => values.find((one) => one === value)
}

export function list<T>(check: Check<T>, max: number): Check<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value) || value.length > max) return undefined
    const checked: T[] = []
    for (const one of value) {
      const good = check(one)
      if (good === undefined) return undefined
      checked.push(good)
    }
    return checked
  }
}

/** An object with exactly these keys; those in `optional` may be absent. */
export function shape<T extends object>(
  fields: { readonly [Key in keyof T]-?: Check<Exclude<T[Key], undefined>> },
  optional: readonly (keyof T & string)[] = [],
): Check<T> {
  const checks = new Map<string, Check<unknown>>(Object.entries(fields))
  const required = [...checks.keys()].filter((key) => !optional.some((one) => one === key))
  return (value) => {
    if (!isRecord(value) || !required.every((key) => Object.hasOwn(value, key))) return undefined
    const result: Record<string, unknown> = {}
    for (const [key, one] of Object.entries(value)) {
      const good = checks.get(key)?.(one)
      if (good === undefined) return undefined
      result[key] = good
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every field was just checked by its own check
    return result as T
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** JSON text to a checked value; text that is no JSON is `undefined` too. */
export function fromJson<T>(json: string, check: Check<T>): T | undefined {
  try {
    return check(JSON.parse(json))
  } catch {
    return undefined
  }
}
