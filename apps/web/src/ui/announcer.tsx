/** Reads a sentence out when it changes, without showing it. One per page. */
export function Announcer({ children }: { readonly children: string }) {
  return (
    <output aria-live="polite" aria-atomic="true" className="sr-only">
      {children}
    </output>
  )
}
