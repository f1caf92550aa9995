/**
 * What became of a packet that was sent.
 *
 * - `answered`: the target's own answer came back
 * - `arrived`: it came to the target; the answer did not come back
 * - `stopped`: it left, and did not come to the target, which was listening
 * - `silent`: it left, and nothing came back; whether anybody would have answered is not known
 * - `unsent`: it never left
 */
export type Sighting = 'answered' | 'arrived' | 'stopped' | 'silent' | 'unsent'
