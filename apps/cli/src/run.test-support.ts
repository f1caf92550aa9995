import { main } from './main.ts'

/** What a command wrote, and how it ended. */
export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs the command line in this process, with nobody at the terminal. */
export async function run(...argv: string[]): Promise<Ran> {
  let out = ''
  let err = ''
  const code = await main(argv, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    interactive: false,
    colour: false,
    environment: {},
  })
  return { code, out, err }
}
