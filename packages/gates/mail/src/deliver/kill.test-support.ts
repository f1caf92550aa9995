/** The process that is killed: submits messages, tells each once it is acknowledged, and sends at the same time. */
import { writeSync } from 'node:fs'
import { hopAt, letter, openBench } from './queue.test-support.ts'

const [folder, port, begin, count] = process.argv.slice(2)
const first = Number(begin)
const bench = await openBench([hopAt(Number(port))], {}, folder, Date.now())
const sending = (async () => {
  for (;;) {
    bench.now = Date.now()
    await bench.queue.runDue()
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
})()
for (let n = first; n < first + Number(count); n += 1) {
  await bench.queue.submit(letter(`k-${n}`))
  writeSync(1, `k-${n}\n`)
}
await sending
