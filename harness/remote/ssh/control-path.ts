import { createHash } from 'node:crypto'
import { lstatSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { BenchError, ExitCode } from '../../contracts/error.ts'
import { makeFolders } from '../../linux/make-folders.ts'

let opened = 0

/**
 * A socket for one connection of this process, in a folder of the user's alone: anyone who can connect to it is logged in.
 *
 * The name is short, and the folder is not below TMPDIR, since the path of a socket has at most 107 bytes (unix(7)) and
 * ssh appends 17 while it makes one.
 */
export function newControlPath(): string {
  opened += 1
  const name = createHash('sha256')
    .update(`${process.pid} ${process.hrtime.bigint()} ${opened}`)
    .digest('hex')
  return join(privateFolder(), name.slice(0, 12))
}

function privateFolder(): string {
  const { uid } = userInfo()
  const runtime = process.env['XDG_RUNTIME_DIR']
  const folder =
    runtime === undefined || runtime === '' ? `/tmp/bench-ssh-${uid}` : join(runtime, 'bench-ssh')
  makeFolders(folder, 0o700)
  // In /tmp anyone may have made it before us.
  const { mode, uid: owner } = lstatSync(folder)
  if (owner === uid && (mode & 0o077) === 0) return folder
  throw new BenchError(`${folder} is accessible to other users, but holds the sockets of connections`, {
    code: 'ssh.folder-not-private',
    hint: `remove it, or: chown ${uid} ${folder} && chmod 700 ${folder}`,
    exitCode: ExitCode.hostNotReady,
  })
}
