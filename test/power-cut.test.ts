import { describe, expect, test } from 'vitest'
import { cutPower, killHard } from '../scripts/power-cut.ts'
import { disksImpossible } from '../scripts/power-cut/disk.ts'

const impossible = disksImpossible()
const reason = impossible === undefined ? '' : ` (skipped: ${impossible})`

/** Writers at once, one round each. `node scripts/power-cut.ts --rounds 50` for longer. */
const WRITERS = [1, 4]

describe.skipIf(impossible !== undefined)(`a power cut at a random instant${reason}`, () => {
  describe.each(['store', 'blobs', 'vault', 'evidence'] as const)('the %s', (name) => {
    test.each(WRITERS)('keeps everything it acknowledged to %i at once', async (writers) => {
      const { promised, broken } = await cutPower(name, writers)
      expect(broken).toEqual([])
      expect(promised).toBeGreaterThan(0)
    })
  })

  test('is noticed: a writer that does not sync loses what it acknowledged', async () => {
    const { broken } = await cutPower('careless', 1)
    expect(broken.length).toBeGreaterThan(0)
  })
})

describe('kill -9 at a random instant', () => {
  test.each(['store', 'blobs', 'vault', 'evidence'] as const)(
    'the %s keeps everything it acknowledged',
    async (name) => {
      const { promised, broken } = await killHard(name)
      expect(broken).toEqual([])
      expect(promised).toBeGreaterThan(0)
    },
  )
})
