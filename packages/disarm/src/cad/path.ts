/**
 * Names of files that a drawing may still mention: without a folder, a drive, a server or a scheme, so that opening the drawing
 * makes no program look anywhere but beside it.
 */

/** True for text that a program could take for a place outside of the drawing's own folder. */
export function leadsElsewhere(text: string): boolean {
  return /^\s*(?:[A-Za-z][A-Za-z0-9+.-]{0,30}:[\\/]|[\\/]{2}|~[\\/]|\.{1,2}[\\/])/.test(text)
}

/** The last part of a path; empty when that is no name. */
export function baseName(text: string): string {
  const name = text.slice(
    Math.max(text.lastIndexOf('\\'), text.lastIndexOf('/'), text.lastIndexOf(':')) + 1,
  )
  return /^[^\u0000-\u001F"*<>?|]{1,128}$/.test(name.trim()) && !/^\.+$/.test(name.trim())
    ? name.trim()
    : ''
}
