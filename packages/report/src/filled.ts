/** A sentence with its `{places}` filled. A place without a value stays as it is. */
export function filled(
  sentence: string,
  values: Readonly<Record<string, string | number>>,
): string {
  return sentence.replaceAll(/\{([a-z]+)\}/gu, (place, name: string) =>
    String(values[name] ?? place),
  )
}
