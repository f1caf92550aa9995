#!/usr/bin/env node
// Plain JavaScript on purpose: an old runtime must be able to read this file far enough to say that it is too old.
const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  process.stderr.write(
    `この Node.js は ${process.versions.node} です。Sekisho には 24 以上が要ります。\n` +
      'プロジェクトのフォルダで `npm ci` のあと `npx sekisho …` と打つと、同梱の 24 で動きます。\n' +
      `(Sekisho needs Node.js 24 or newer; this is ${process.versions.node}. Run it with npx after npm ci.)\n`,
  )
  process.exit(1)
}
const { main } = await import('../src/main.ts')
process.exitCode = await main(process.argv.slice(2))
