/**
 * Whom to tell when a service is cut. An AbortSignal looks through all its listeners when one leaves, so with thousands of tunnels open each that ends would cost as much as all of them; it gets one listener here.
 */

const waiting = new WeakMap<AbortSignal, Set<() => void>>()

/** Calls `stop` when `cut` is aborted. It may take itself back then. */
export function whenCut(cut: AbortSignal, stop: () => void): void {
  const known = waiting.get(cut)
  if (known) return void known.add(stop)
  const all = new Set([stop])
  waiting.set(cut, all)
  cut.addEventListener('abort', () => all.forEach((one) => one()), { once: true })
}

/** `stop` is called no more. */
export function notWhenCut(cut: AbortSignal, stop: () => void): void {
  waiting.get(cut)?.delete(stop)
}
