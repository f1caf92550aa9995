/**
 * The worker: reads one file after another from standard input, answers on standard output, knows nothing else. It is started
 * without network, without environment, without the right to read, write, spawn or load native code, and is thrown away after a number
 * of files. Whoever takes it over owns a process that can only lie about the file it was given.
 */
import { serveFrames } from './serve.ts'

await serveFrames()
