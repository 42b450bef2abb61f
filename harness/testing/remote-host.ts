import { DEFAULT_DIRECTORY, type RemoteHost } from '../contracts/remote-host.ts'

/** Returns a host of which the inventory says no more than its name, but for what the test changes. */
export function fakeRemoteHost(changes: Partial<RemoteHost> = {}): RemoteHost {
  return {
    name: 'web1',
    program: 'ssh',
    address: 'web1',
    port: null,
    user: null,
    identityFile: null,
    firstOptions: [],
    options: [],
    become: false,
    directory: DEFAULT_DIRECTORY,
    scratch: null,
    device: null,
    destroy: null,
    ...changes,
  }
}
