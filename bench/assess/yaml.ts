/** A declaration as text, as a person would lay it out: lists of things in blocks, small things on one line. */
export function yamlText(declaration: Readonly<Record<string, unknown>>): string {
  return Object.entries(declaration)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => entry(key, value, ''))
    .join('')
}

/** Characters of a thing on one line. */
const SHORT = 400

function entry(key: string, value: unknown, indent: string): string {
  const flat = JSON.stringify(value)
  const isBlock = typeof value === 'object' && value !== null && flat.length > SHORT
  if (!isBlock) return `${indent}${key}: ${flat}\n`
  if (Array.isArray(value)) {
    return `${indent}${key}:\n${value.map((item) => listItem(item, `${indent}  `)).join('')}`
  }
  return `${indent}${key}:\n${fields(value, `${indent}  `)}`
}

function listItem(item: unknown, indent: string): string {
  const flat = JSON.stringify(item)
  if (typeof item !== 'object' || item === null || flat.length <= SHORT)
    return `${indent}- ${flat}\n`
  return `${indent}- ${fields(item, `${indent}  `).slice(indent.length + 2)}`
}

const fields = (value: object, indent: string): string =>
  Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .map(([key, one]) => entry(key, one, indent))
    .join('')
