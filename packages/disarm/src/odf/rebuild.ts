import type { Context, Rebuilt } from '../family.ts'
import { refuse } from '../family.ts'
import { writeZip } from '../zip/write.ts'
import { rebuildDocument } from './document.ts'
import { MANIFEST_NAME, manifestOf } from './manifest.ts'
import { OdfPackage } from './package.ts'
import type { Part } from './pictures.ts'
import type { DocumentKind } from './types.ts'

/**
 * Rebuilds an OpenDocument package. `mimetype` comes first and stored, then the document with what it names under names of ours,
 * then a manifest of exactly that. What nothing names does not exist any more.
 */
export function rebuildPackage(input: Uint8Array, kind: DocumentKind, context: Context): Rebuilt {
  const pack = new OdfPackage(input, context)
  const seen = new Set(['mimetype', MANIFEST_NAME])
  const { body, version, parts } = rebuildDocument(pack, context, seen)
  // A spreadsheet that calls itself a text is opened as one thing here and another there.
  if (body !== kind.body) refuse('ODF-PKG')
  for (const name of pack.names) {
    if (!seen.has(name)) context.removed(leftOutRule(name), name)
  }
  const output = writeZip(entriesOf(kind.mimetype, version, parts))
  if (output.length > context.limits.outputBytes) refuse('LIMIT-SIZE')
  return { ok: true, outputType: kind.type, output }
}

function entriesOf(mimetype: string, version: string, parts: readonly Part[]) {
  const members = parts.flatMap(({ name, bytes }) => (bytes ? [{ name, bytes }] : []))
  return [
    { name: 'mimetype', bytes: new TextEncoder().encode(mimetype), stored: true },
    ...members,
    { name: MANIFEST_NAME, bytes: manifestOf(mimetype, version, parts) },
  ]
}

/** What the members are that nothing names, by where programs put them. */
const LEFT_OUT: readonly (readonly [pattern: RegExp, rule: string])[] = [
  [/^(?:Basic|Scripts|Dialogs)\/|(?:^|\/)script-l[bc]\.xml$/, 'ODF-MACRO'],
  [/^META-INF\/.*signatures?\.xml$/i, 'ODF-SIG'],
  [
    /^(?:Configurations2?|Thumbnails|Versions)\/|^(?:VersionList|layout-cache|manifest\.rdf)/,
    'ODF-META',
  ],
  [/^(?:.*\/)?(?:Configurations2|Thumbnails)\//, 'ODF-META'],
  [/^(?:.*\/)?(?:meta|settings)\.xml$/, 'ODF-META'],
  [/^(?:Fonts|.*\/Fonts)\//, 'OX-FONT'],
  [/^(?:Media|.*\/Media)\/|^(?:.*\/)?Object [0-9]+(?:\/|$)/, 'ODF-OBJ'],
]

function leftOutRule(name: string): string {
  return LEFT_OUT.find(([pattern]) => pattern.test(name))?.[1] ?? 'ODF-PKG'
}
