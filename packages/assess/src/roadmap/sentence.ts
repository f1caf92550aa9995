/** Fills the `{name}` places of a sentence. What is filled in comes from a file: whoever prints it makes it visible. */
export function filled(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{(\w+)\}/gu, (_, name: string) => values[name] ?? '')
}
