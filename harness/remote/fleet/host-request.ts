import type { RemoteHost } from '../../contracts/remote-host.ts'

type HostRequest = Readonly<Record<string, unknown>>

/** Returns the request for a host: it uses the inventory's scratch unless the options of the run say otherwise. */
export function hostRequest({ scratch, device, destroy }: RemoteHost, request: HostRequest): HostRequest {
  if ('scratch' in request || 'device' in request) return request
  if (device !== null) return { ...request, device, ...(destroy === null ? {} : { destroy }) }
  return scratch === null ? request : { ...request, scratch }
}
