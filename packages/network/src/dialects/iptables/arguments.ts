/**
 * A line of iptables-save as the arguments that iptables-restore makes of it: blanks separate, double quotes hold together, a backslash inside quotes takes
 * the next character as it is (`add_param_to_argv` in iptables/xshared.c).
 *
 * @returns `undefined` when a quote is never closed
 */
export function argumentsOf(line: string): readonly string[] | undefined {
  const found: string[] = []
  let open = false
  let word: string | undefined
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at]!
    if (open && character === '\\' && at + 1 < line.length) word = (word ?? '') + line[(at += 1)]!
    else if (character === '"') {
      open = !open
      word ??= ''
    } else if (!open && (character === ' ' || character === '\t')) {
      if (word !== undefined) found.push(word)
      word = undefined
    } else word = (word ?? '') + character
  }
  if (open) return undefined
  if (word !== undefined) found.push(word)
  return found
}
