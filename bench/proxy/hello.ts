import { readFileSync } from 'node:fs'

/** Name that the bench connects to. */
export const HOST = 'bench.example'

/** A ClientHello for `HOST` as OpenSSL writes it, made by `openssl s_client` once and kept as bytes. */
export const HELLO = readFileSync(new URL('hello.bin', import.meta.url))
