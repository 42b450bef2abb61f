/**
 * Tells whether text for this stream is coloured: as NO_COLOR and FORCE_COLOR say, in this order (https://no-color.org,
 * https://force-color.org), else at a terminal that is not a dumb one.
 */
export function useColor(
  stream: { isTTY?: boolean },
  env: Readonly<NodeJS.ProcessEnv> = process.env,
): boolean {
  const { NO_COLOR = '', FORCE_COLOR = '' } = env
  if (NO_COLOR !== '') return false
  if (FORCE_COLOR !== '') return !['0', 'false'].includes(FORCE_COLOR)
  return movesCursor(stream, env)
}

/** Tells whether lines can be drawn again: at a terminal that knows escape sequences. */
export function movesCursor(
  { isTTY }: { isTTY?: boolean },
  { TERM }: Readonly<NodeJS.ProcessEnv> = process.env,
): boolean {
  return isTTY === true && TERM !== 'dumb'
}
