import words from '../../words/pdf.json' with { type: 'json' }

/** Every sentence and word of the document that is not a rule's own. */
export const WORDS = words

/** A sentence with its `{places}` filled. A place without a value stays as it is. */
export function filled(
  sentence: string,
  values: Readonly<Record<string, string | number>>,
): string {
  return sentence.replaceAll(/\{([a-z]+)\}/gu, (place, name: string) =>
    String(values[name] ?? place),
  )
}
