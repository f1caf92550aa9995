/**
 * Which facts a rule reads.
 */

/** Names of the facts in the text of a rule. One in a comment counts too: too many do no harm where rules are searched, too few would. */
export function readsOf(text: string): ReadonlySet<string> {
  return new Set(
    Array.from(text.matchAll(/\bcontext\s*(?:\.\s*|\[\s*")(\w+)/gu), ([, fact]) => fact!),
  )
}
