import type { Host } from '../../contracts/host.ts'

/** Loads the module of a target, and device mapper with it. Where it is built in, or there are no modules, this does nothing. */
export async function loadModule(host: Host, name: string): Promise<void> {
  if (host.which('modprobe') === null) return
  await host.run('modprobe', ['--quiet', name], { accept: [0, 1] })
}
