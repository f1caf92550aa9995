/**
 * Run inside a network namespace by the test: takes command lines as JSON, one a line, and answers each with what the command wrote.
 */
import { createInterface } from 'node:readline'
import { run } from '../run.test-support.ts'

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await run(...(JSON.parse(line) as string[])))}\n`)
}
