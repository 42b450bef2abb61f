import type { EngineContainer } from '../../harness/contracts/engine-runtime.ts'

/**
 * Returns the body of `POST /containers/create`: SpecGenerator of podman's API reference. Its network is the namespace of the service, as with
 * Docker: to make one for it has nothing to do with storage. `cgroup`: the parent of its own.
 */
export function planned(image: string, cgroup: string, given: EngineContainer): object {
  const { id, process, resources, runtime } = given
  return {
    name: id,
    image,
    command: process.args,
    env: Object.fromEntries(process.env.map(nameAndValue)),
    work_dir: process.cwd,
    user: `${process.uid}:${process.gid}`,
    netns: { nsmode: 'host' },
    image_volume_mode: 'ignore',
    cgroup_parent: `/${cgroup}`,
    oci_runtime: runtime,
    ...(resources === undefined ? {} : { resource_limits: resources }),
  }
}

function nameAndValue(variable: string): [string, string] {
  const at = variable.indexOf('=')
  return at < 0 ? [variable, ''] : [variable.slice(0, at), variable.slice(at + 1)]
}
