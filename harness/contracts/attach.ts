/** Mounts a snapshot where it is used: the host does, or the engine where it mounts by itself. */
import type { Host } from './host.ts'
import type { Mount, Snapshotter } from './snapshotter.ts'

/** Where a snapshot is mounted, and by whom. */
export interface Attaching {
  host: Pick<Host, 'mount' | 'unmount'>
  snapshotter: Pick<Snapshotter, 'attach' | 'detach'>
}

/** Mounts a snapshot at `target`: by its engine, or by the host as `prepare`, `view` or `mounts` answered. */
export function attach(
  { host, snapshotter }: Attaching,
  key: string,
  mounts: readonly Mount[],
  target: string,
): Promise<void> {
  return snapshotter.attach === undefined ? host.mount(mounts, target) : snapshotter.attach(key, target)
}

/** Unmounts what {@link attach} mounted at `target`. A busy mount throws EBUSY. */
export function detach({ host, snapshotter }: Attaching, key: string, target: string): Promise<void> {
  return snapshotter.detach === undefined ? host.unmount(target) : snapshotter.detach(key, target)
}
