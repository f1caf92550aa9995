/** Browsers look at the first 1,024 bytes; some editors put the declaration behind a long comment. */
const WITHIN = 4096

/** What a page says about its charset: `<meta charset>`, `<meta http-equiv>`, or the XML declaration (WHATWG HTML §13.2.3.2). */
export function declaredCharsets(bytes: Uint8Array): readonly string[] {
  const head = Buffer.from(bytes.subarray(0, WITHIN)).toString('latin1')
  const found = /^\s*<\?xml[^>]{0,200}\sencoding\s{0,8}=\s{0,8}["']([^"']{1,40})/i.exec(head)
  const labels = found ? [found[1]!] : []
  for (const [tag] of head.matchAll(/<meta[\s/][^>]{0,500}/gi)) {
    const label = /charset\s{0,8}=\s{0,8}["']?\s{0,8}([^\s"';>/]{1,40})/i.exec(tag)?.[1]
    // A page cannot say in ASCII that it is UTF-16.
    if (label !== undefined) labels.push(/^utf-?16/i.test(label) ? 'utf-8' : label)
  }
  return labels
}
