import type { Host } from '../contracts/host.ts'

/** Loads a kernel module by modprobe(8). Where it is built in, or there are no modules, this does nothing. */
export async function loadModule(host: Pick<Host, 'run' | 'which'>, name: string): Promise<void> {
  if (host.which('modprobe') === null) return
  await host.run('modprobe', ['--quiet', name], { accept: [0, 1] })
}
