/** A digest, breakable anywhere and easy to copy. */
export function Digest({ children }: { readonly children: string }) {
  return <code className="text-mono-14N-150 break-all">{children}</code>
}
