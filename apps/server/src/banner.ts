import { demoCodes } from './demo.ts'
import type { RunningTown } from './start-town.ts'
import words from './words/start.json' with { type: 'json' }

/** What is printed when both sides serve: addresses, accounts, current codes. */
export async function bannerOf(
  town: RunningTown,
  dataDir: string,
  now = new Date(),
): Promise<string> {
  const lines = [
    words.ready.replace('{town}', town.name),
    '',
    `  ${words.low}`,
    `    ${town.low.url}`,
    `  ${words.high}`,
    `    ${town.high.url}`,
  ]
  if (town.mailPort !== undefined)
    lines.push(`  ${words.mail}`, `    127.0.0.1:${town.mailPort}`, `    ${words.mailWaits}`)
  if (town.accounts.length > 0) {
    const codes = await demoCodes(dataDir, now)
    lines.push('', `  ${words.accounts}`)
    for (const { role, name, email, password } of town.accounts) {
      const code = codes.find((one) => one.email === email)?.code ?? ''
      lines.push(`    ${words.roles[role]}  ${name}  ${email}  ${password}  ${code}`)
    }
    lines.push(`  ${words.codes}`)
  }
  return [...lines, '', words.stop].join('\n')
}
