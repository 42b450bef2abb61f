/** Folder of the bundle and the jobs on a host, unless the inventory names another. */
export const DEFAULT_DIRECTORY = '/var/lib/storage-driver-bench'

/** Groups of every Ansible inventory, and that of the lab: a host of such a name would take the others' variables away. */
export const GROUP_NAMES: readonly string[] = ['all', 'ungrouped', 'lab']

/** A host that is reached over SSH, as an Ansible inventory describes it. */
export interface RemoteHost {
  /** Name in the inventory. */
  name: string
  /** Program that connects: ansible_ssh_executable, ssh(1) unless the inventory says otherwise. */
  program: string
  /** Address of ansible_host, or a name of the user's ssh configuration. */
  address: string
  /** Port of ansible_port, and user of ansible_user; null: what ssh would use by itself. */
  port: number | null
  user: string | null
  /** Path of the private key, of ansible_ssh_private_key_file; null: what ssh would use by itself. */
  identityFile: string | null
  /** Arguments for ssh before the port, the user and the key: ansible_ssh_args. ssh takes the first of each option. */
  firstOptions: readonly string[]
  /** Arguments for ssh after those: ansible_ssh_common_args and ansible_ssh_extra_args. */
  options: readonly string[]
  /** Whether commands are run by `sudo --non-interactive`: ansible_become. */
  become: boolean
  /** Folder of the bundle and the jobs there: bench_directory. Default: {@link DEFAULT_DIRECTORY}. */
  directory: string
  /** Scratch of runs on this host unless their options say otherwise: bench_scratch, bench_device and bench_destroy. */
  scratch: string | null
  device: string | null
  destroy: string | null
}
