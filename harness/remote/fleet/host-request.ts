import type { RemoteHost } from '../../contracts/remote-host.ts'

type HostRequest = Readonly<Record<string, unknown>>

/** What a host is asked to do: it works on what the inventory gives over, unless the options of the run say otherwise. */
export function hostRequest({ scratch, device, destroy }: RemoteHost, request: HostRequest): HostRequest {
  if ('scratch' in request || 'device' in request) return request
  if (device !== null) return { ...request, device, ...(destroy === null ? {} : { destroy }) }
  return scratch === null ? request : { ...request, scratch }
}
