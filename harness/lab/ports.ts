import { createServer, type AddressInfo, type Server } from 'node:net'

/** So many different ports of the loopback address that nobody listens on. */
export async function freePorts(count: number): Promise<number[]> {
  // All are held until the last is found, or the kernel might give one twice.
  const servers = await Promise.all(Array.from({ length: count }, listen))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))))
  return ports
}

function listen(): Promise<Server> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve(server))
  })
}
