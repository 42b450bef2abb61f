/**
 * The seed: what makes a machine of an image, since the image is shared. A tar file, given to the guest as a disk of its
 * own (virtio with the serial `bench-seed`; User-mode Linux: ubdc). `setup` of
 * `ansible/lab/guest` unpacks it there before sshd starts. It holds
 *
 *     hostname                  one line
 *     authorized_keys           of root, as sshd reads it
 *     ssh_host_ed25519_key      the machine's own, with .pub
 *     ssh_host_ed25519_key.pub
 *     address                   `ADDRESS/PREFIX GATEWAY`
 */
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Host } from '../../contracts/host.ts'
import { GUEST_ADDRESS } from './types.ts'

export interface SeedContents {
  hostname: string
  /** Lines of authorized_keys(5). */
  authorizedKeys: string
  /** The private host key in OpenSSH's form, and its public half. */
  hostKey: string
  hostKeyPublic: string
  /** Default: {@link GUEST_ADDRESS}. */
  address?: { address: string; gateway: string }
}

/** Files of a seed and their contents; each ends in a newline, as a key file must. */
export function seedFiles(contents: SeedContents): Record<string, string> {
  const { address, gateway } = contents.address ?? GUEST_ADDRESS
  const files = {
    hostname: contents.hostname,
    authorized_keys: contents.authorizedKeys,
    ssh_host_ed25519_key: contents.hostKey,
    'ssh_host_ed25519_key.pub': contents.hostKeyPublic,
    address: `${address} ${gateway}`,
  }
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [name, `${text.trimEnd()}\n`]))
}

/**
 * Writes the seed as `file`, mode 0600. Whole or not at all; what a killed one leaves is `FILE.partial` alone, which the
 * next one for the same file removes.
 */
export async function writeSeed(
  host: Pick<Host, 'run'>,
  file: string,
  contents: SeedContents,
): Promise<void> {
  const partial = `${file}.partial`
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { mode: 0o700 })
  try {
    const files = seedFiles(contents)
    for (const [name, text] of Object.entries(files))
      await writeFile(join(partial, name), text, { mode: 0o600 })
    const tar = join(partial, 'seed.tar')
    const args = ['--create', '--format=ustar', '--owner=root:0', '--group=root:0']
    await host.run('tar', [...args, `--file=${tar}`, `--directory=${partial}`, ...Object.keys(files)])
    await chmod(tar, 0o600)
    await rename(tar, file)
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
}
