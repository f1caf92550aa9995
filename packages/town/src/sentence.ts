import { shown } from './shown.ts'

/** Fills `{name}` places of a sentence with texts from a town, escaped and cut. */
export function sentence(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{(\w+)\}/gu, (_, name: string) => shown(values[name] ?? '', 200))
}
