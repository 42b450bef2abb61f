/** Calls of containerd's API over its unix socket. */
import type { ServiceError } from '@grpc/grpc-js'
import { API, type Method, type Methods } from './api.ts'

/** All that bench makes there is in this namespace of containerd's. */
export const NAMESPACE = 'bench'
/** A call that takes longer has hung. */
const DEADLINE_SECONDS = 120

export interface Client extends Disposable {
  /** Throws gRPC's error, which {@link statusOf} reads. */
  call<Name extends Method>(
    method: Name,
    request: Methods[Name]['request'],
  ): Promise<Methods[Name]['response']>
}

/** Opens a connection. The libraries are loaded only here, since no other driver needs them. */
export async function connect(socket: string): Promise<Client> {
  const [grpc, { fromJSON }] = await Promise.all([import('@grpc/grpc-js'), import('@grpc/proto-loader')])
  const definitions = fromJSON(API as Parameters<typeof fromJSON>[0], { longs: Number, defaults: true })
  const channel = new grpc.Client(`unix://${socket}`, grpc.credentials.createInsecure())
  const metadata = new grpc.Metadata()
  metadata.set('containerd-namespace', NAMESPACE)
  return {
    call(method, request) {
      const [service = '', name = ''] = method.split('/')
      const definition = definitions[`containerd.services.${service}`]
      const entry = definition === undefined || 'format' in definition ? undefined : definition[name]
      if (entry === undefined) throw new Error(`the API has no ${method}`)
      const options = { deadline: Date.now() + DEADLINE_SECONDS * 1000 }
      return new Promise((resolve, reject) => {
        channel.makeUnaryRequest(
          entry.path,
          entry.requestSerialize,
          entry.responseDeserialize,
          request,
          metadata,
          options,
          (error, response) => (error === null ? resolve(response as never) : reject(error)),
        )
      })
    },
    [Symbol.dispose]: () => channel.close(),
  }
}

/** Status codes of gRPC that containerd answers with: google/rpc/code.proto. */
export const Status = {
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  failedPrecondition: 9,
  unavailable: 14,
} as const

/** Returns the status and the message of an error of {@link Client.call}; null of any other error. */
export function statusOf(error: unknown): { code: number; details: string } | null {
  if (!(error instanceof Error) || !('code' in error) || !('details' in error)) return null
  const { code, details } = error as ServiceError
  return { code, details }
}
