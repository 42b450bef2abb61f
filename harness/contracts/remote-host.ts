/** Where the bundle and the jobs lie on a host whose inventory does not say otherwise. */
export const DEFAULT_DIRECTORY = '/var/lib/storage-driver-bench'

/** Groups of every Ansible inventory, and that of the lab: a host of such a name would take the others' variables away. */
export const GROUP_NAMES: readonly string[] = ['all', 'ungrouped', 'lab']

/** A host that is reached over SSH, as an Ansible inventory describes it. */
export interface RemoteHost {
  /** Its name in the inventory. */
  name: string
  /** Of ansible_host; a name of the user's ssh configuration counts as well. */
  address: string
  /** Of ansible_port and ansible_user; null: what ssh would use by itself. */
  port: number | null
  user: string | null
  /** Of ansible_ssh_private_key_file; null: what ssh would use by itself. */
  identityFile: string | null
  /** Further words for ssh, of ansible_ssh_common_args and ansible_ssh_extra_args. */
  options: readonly string[]
  /** Of ansible_become: commands are run by `sudo --non-interactive`. */
  become: boolean
  /** Of bench_directory: where the bundle and the jobs lie on it. Default: {@link DEFAULT_DIRECTORY}. */
  directory: string
  /** Of bench_scratch, bench_device and bench_destroy: what a run there uses unless its options say otherwise. */
  scratch: string | null
  device: string | null
  destroy: string | null
}
