/** The other side of `runApart`: what a program says that is started for one piece of work. */

/**
 * Takes the work, sends what `answer` makes of it, and ends. What `answer` throws ends this process and nothing else.
 *
 * @param answer gets the work as it was sent, and a way to tell how far it has come
 */
export function workApart(
  answer: (work: unknown, say: (message: object) => void) => unknown,
): void {
  const say = (message: unknown): void => void process.send?.(message)
  process.once('message', (work) => {
    void Promise.resolve(answer(work, say)).then(say)
  })
  // Whoever asked is gone.
  process.once('disconnect', () => process.exit())
}
