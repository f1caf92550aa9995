// Plain JavaScript on purpose: an old runtime must be able to read this file far enough to say that it is too old.
const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  process.stderr.write(
    `この Node.js は ${process.versions.node} です。Sekisho には 24 以上が要ります。\n` +
      'まず `npm ci` を打ってください。同梱の 24 が入り、`npm start` と `npm test` はそれで動きます。\n' +
      `(Sekisho needs Node.js 24 or newer; this is ${process.versions.node}. Run npm ci first: it brings its own.)\n`,
  )
  process.exit(1)
}
const [task, ...rest] = process.argv.slice(2)
switch (task) {
  case 'start': {
    const { main } = await import('../apps/cli/src/main.ts')
    process.exitCode = await main(['serve', '--demo', ...rest])
    break
  }
  case 'test': {
    const { test } = await import('./test.ts')
    process.exitCode = await test(rest)
    break
  }
  case 'system-packages': {
    const { systemPackages } = await import('./system-packages.ts')
    process.exitCode = (await systemPackages()).missing.length === 0 ? 0 : 1
    break
  }
  default:
    process.stderr.write(`知らない仕事です: ${task ?? ''}\n`)
    process.exitCode = 2
}
