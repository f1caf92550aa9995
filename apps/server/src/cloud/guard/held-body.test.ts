/** What waits in the gate: one terminal must not fill the disk that everybody's record is on. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { holdBody } from './held-body.ts'
import { ALL_MOST, PERSON_MOST, WaitingRoom } from './waiting-room.ts'

const MIB = 1024 * 1024
const terms = { most: 8 * MIB, person: 's0003' }

let room: WaitingRoom
beforeEach(async () => {
  room = new WaitingRoom(await mkdtemp(join(tmpdir(), 'sekisho-waiting-')))
})
afterEach(() => rm(room.folder, { recursive: true }))

async function* pieces(count: number, bytes = MIB): AsyncGenerator<Uint8Array> {
  for (let nth = 0; nth < count; nth += 1) yield new Uint8Array(bytes).fill(nth)
}

/** Room that is left for the person. */
function left(person: string): number {
  let free = 0
  while (room.enter(person, MIB)) free += MIB
  room.leave(person, free)
  return free
}

it('gives its room back when it was read, given back, or cut off', async () => {
  const one = await holdBody(pieces(3), { ...terms, room })
  expect(left('s0003')).toBe(PERSON_MOST - 3 * MIB)
  for await (const piece of one?.stream() ?? []) expect(piece.length).toBeGreaterThan(0)
  expect(left('s0003')).toBe(PERSON_MOST)
  const other = await holdBody(pieces(2), { ...terms, room })
  await other?.drop()
  await other?.drop()
  expect(left('s0003')).toBe(PERSON_MOST)
  expect(await holdBody(pieces(9), { ...terms, room })).toBeUndefined()
  expect(left('s0003')).toBe(PERSON_MOST)
})

it('holds no more for one person than their share, and others still have room', async () => {
  room.enter('s0003', PERSON_MOST - 2 * MIB)
  await expect(holdBody(pieces(3), { ...terms, room })).rejects.toThrow('too much waits')
  expect(left('s0003')).toBe(2 * MIB)
  expect((await holdBody(pieces(3), { ...terms, room, person: 's0004' }))?.bytes).toBe(3 * MIB)
})

it('holds no more for all than there is room', async () => {
  for (let nth = 0; nth < ALL_MOST / PERSON_MOST; nth += 1)
    expect(room.enter(`p${nth}`, PERSON_MOST)).toBe(true)
  await expect(holdBody(pieces(1), { ...terms, room })).rejects.toThrow('too much waits')
})

it('leaves no name on the disk that somebody else could open', async () => {
  const held = await holdBody(pieces(2), { ...terms, room })
  expect(await readdir(room.folder)).toEqual([])
  expect((await held?.read())?.length).toBe(2 * MIB)
  await held?.drop()
})
