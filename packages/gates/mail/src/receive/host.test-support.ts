/**
 * A mail gate in a process of its own, to be killed: `node host.test-support.ts FOLDER`. Says its port on its first line.
 */
import { receiving } from './receiving.test-support.ts'

const gate = await receiving({ folder: process.argv[2]! })
process.stdout.write(`${gate.port}\n`)
