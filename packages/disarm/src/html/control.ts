/** The text that a form field showed to a person; empty for hidden ones. */
export function controlText(attributes: ReadonlyMap<string, string>): string {
  const type = attributes.get('type')?.trim().toLowerCase() ?? 'text'
  const value = attributes.get('value') ?? ''
  if (type === 'hidden' || type === 'password' || type === 'file') return ''
  if (type === 'checkbox') return attributes.has('checked') ? '☑' : '☐'
  if (type === 'radio') return attributes.has('checked') ? '◉' : '○'
  if (type === 'image') return attributes.get('alt') ?? ''
  return value
}
