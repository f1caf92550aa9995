/**
 * A disk that can be cut off: an ext4 file system on a loop device, whose backing file is what the platters would hold.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Disk {
  /** Where it is mounted. */
  readonly path: string
  /**
   * The disk as it stands at this instant, mounted elsewhere: what was never synced is not on it, and the journal is
   * replayed as after a power cut. Stop every writer first.
   */
  cut(): Disk
  /** Unmounts it and removes its backing file. */
  remove(): void
}

/** Makes a disk of so many mebibytes. Needs root and loop devices. */
export function makeDisk(mebibytes: number): Disk {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-disk-'))
  const image = join(folder, 'image')
  run('truncate', '-s', `${mebibytes}M`, image)
  run('mkfs.ext4', '-q', '-F', image)
  return mounted(folder, image)
}

/** Why no disk can be made here, or `undefined`. Found out by making one. */
export function disksImpossible(): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root to mount a loop device'
  if (!existsSync('/dev/loop-control')) return 'needs loop devices (/dev/loop-control)'
  try {
    makeDisk(8).remove()
    return undefined
  } catch (error) {
    return `cannot mount a loop device here: ${String(error)}`
  }
}

function mounted(folder: string, image: string): Disk {
  const path = join(folder, 'mnt')
  mkdirSync(path)
  try {
    run('mount', '-o', 'loop', image, path)
  } catch (error) {
    rmSync(folder, { recursive: true })
    throw error
  }
  return {
    path,
    cut: () => {
      const other = mkdtempSync(join(tmpdir(), 'sekisho-disk-'))
      const copy = join(other, 'image')
      run('cp', '--sparse=always', image, copy)
      return mounted(other, copy)
    },
    remove: () => {
      // Lazily: after a check that failed something may still have a file open.
      run('umount', '--lazy', path)
      rmSync(folder, { recursive: true })
    },
  }
}

function run(command: string, ...parameters: string[]): void {
  execFileSync(command, parameters, { stdio: ['ignore', 'ignore', 'pipe'] })
}
