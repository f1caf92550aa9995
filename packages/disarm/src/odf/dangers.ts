/** What happens to an element that is not in the vocabulary: it goes with all it holds, or only its tags go. */
export interface Danger {
  /** Empty: not worth a line of its own. */
  readonly rule: string
  readonly unwrap?: true
}

/**
 * Elements with a line of their own in the report. The vocabulary decides what is written; this table says what goes with
 * its content (a script, the cache of a foreign table) and what leaves its text behind (a field that asked a database).
 */
export const DANGERS: ReadonlyMap<string, Danger> = new Map<string, Danger>([
  ...gone('ODF-MACRO', 'office:scripts office:script text:script table:error-macro'),
  ...gone('ODF-EVENT', 'office:event-listeners script:event-listener presentation:event-listener'),
  ...gone('ODF-EVENT', 'script:event script:events script:event-listeners'),
  ...gone('ODF-OBJ', 'draw:object-ole draw:plugin draw:applet draw:floating-frame draw:param'),
  ...gone('ODF-OBJ', 'anim:audio anim:command anim:param presentation:sound'),
  ...gone(
    'ODF-LINK',
    'office:dde-source office:database table:table-source table:cell-range-source',
  ),
  ...gone(
    'ODF-LINK',
    'table:dde-link table:dde-links table:database-source-query table:source-service',
  ),
  ...gone('ODF-LINK', 'table:database-source-sql table:database-source-table text:section-source'),
  ...gone('ODF-LINK', 'text:dde-connection-decl text:dde-connection-decls text:database-next'),
  ...gone('ODF-LINK', 'text:database-row-select text:alphabetical-index-auto-mark-file'),
  ...gone('ODF-FORM', 'form:file form:connection-resource'),
  ...gone('OX-FONT', 'svg:font-face-src svg:font-face-uri svg:font-face-format svg:font-face-name'),
  ...gone('ODF-META', 'meta:template meta:auto-reload meta:hyperlink-behaviour'),
  ...gone('ODF-PKG', 'math:annotation-xml math:mglyph svg:definition-src'),
  ...unwrapped('ODF-MACRO', 'text:execute-macro'),
  ...unwrapped('ODF-LINK', 'text:dde-connection text:database-display text:database-name'),
  ...unwrapped('ODF-LINK', 'text:database-row-number'),
])

function gone(rule: string, keys: string): [string, Danger][] {
  return keys.split(' ').map((key) => [key, { rule }])
}

function unwrapped(rule: string, keys: string): [string, Danger][] {
  return keys.split(' ').map((key) => [key, { rule, unwrap: true }])
}

/**
 * Attributes outside of the vocabulary with a line of their own: prefix or `prefix:local` → rule. An empty rule is for
 * hints that we work out anew (types of pictures) and for names of printers and engines.
 */
export const ATTRIBUTE_DANGERS: ReadonlyMap<string, string> = new Map([
  ['script', 'ODF-MACRO'],
  ['db', 'ODF-LINK'],
  ['xforms', 'ODF-FORM'],
  ['form', 'ODF-FORM'],
  ['presentation:action', 'ODF-EVENT'],
  ['office:server-map', 'ODF-LINK'],
  ['office:target-frame', ''],
  ['draw:mime-type', ''],
  ['loext:mime-type', ''],
  ['draw:filter-name', ''],
  ['style:filter-name', ''],
  ['draw:engine', ''],
  ['draw:class-id', 'ODF-OBJ'],
  ['style:paper-tray-name', ''],
  ['text:connection-name', 'ODF-LINK'],
  ['text:database-name', 'ODF-LINK'],
  ['text:table-name', 'ODF-LINK'],
  ['text:table-type', 'ODF-LINK'],
  ['text:column-name', 'ODF-LINK'],
  ['table:database-name', 'ODF-LINK'],
  ['table:filter-name', 'ODF-LINK'],
  ['table:filter-options', 'ODF-LINK'],
  ['meta', 'ODF-META'],
])

/** Namespaces outside of the output that have a name in these tables. */
export const DANGEROUS_NAMESPACES: ReadonlyMap<string, string> = new Map([
  ['urn:oasis:names:tc:opendocument:xmlns:script:1.0', 'script'],
  ['urn:oasis:names:tc:opendocument:xmlns:database:1.0', 'db'],
  ['http://www.w3.org/2002/xforms', 'xforms'],
  ['http://www.w3.org/2001/xml-events', 'script'],
])
