import { runSide } from '../host/process.ts'
import { serveLow } from './low.ts'

runSide(serveLow)
