import { runSide } from '../host/process.ts'
import { serveHigh } from './high.ts'

runSide(serveHigh)
