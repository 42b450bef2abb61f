/** The process that the configuration of an image describes: image specification of the OCI, config.md. */
import type { OwnProcess } from '../../../harness/contracts/own-process.ts'
import { wrongImage, type Config } from './documents.ts'

const DEFAULT_PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** `read`: returns a text file of the image; null where it has none of this path. */
export function processOf(config: Config, path: string, read: (path: string) => string | null): OwnProcess {
  const { Entrypoint, Cmd, Env, WorkingDir, User } = config.config ?? {}
  const env = Env ?? []
  return {
    args: [...(Entrypoint ?? []), ...(Cmd ?? [])],
    env: env.some((each) => each.startsWith('PATH=')) ? env : [DEFAULT_PATH, ...env],
    cwd: WorkingDir === undefined || WorkingDir === null || WorkingDir === '' ? '/' : WorkingDir,
    ...userOf(User ?? '', path, read),
  }
}

/** `USER`, `USER:GROUP`, both by name or by number; passwd(5), group(5). */
function userOf(
  text: string,
  path: string,
  read: (path: string) => string | null,
): Pick<OwnProcess, 'uid' | 'gid'> {
  const [user = '', group] = text.split(':')
  if (user === '') return { uid: 0, gid: 0 }
  const rows = (file: string) => (read(file) ?? '').split('\n').map((line) => line.split(':'))
  const row = rows('etc/passwd').find((fields) => fields[0] === user || fields[2] === user)
  const uid = /^\d+$/.test(user) ? Number(user) : Number(row?.[2])
  const byName = group === undefined ? row?.[3] : rows('etc/group').find((fields) => fields[0] === group)?.[2]
  const gid =
    group !== undefined && /^\d+$/.test(group)
      ? Number(group)
      : Number(byName ?? (group === undefined ? 0 : NaN))
  if (Number.isInteger(uid) && Number.isInteger(gid)) return { uid, gid }
  throw wrongImage(path, `its user ${JSON.stringify(text)} is not in its /etc/passwd or /etc/group`)
}
