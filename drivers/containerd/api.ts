/**
 * The parts of containerd's API that are used here, as protobufjs describes messages: numbers and types are those of
 * api/services and api/types in containerd's sources (1.6; later versions only add fields). A description in this form is part of
 * the compiled program, which a .proto file would not be.
 */

type Field =
  readonly [id: number, type: string] | readonly [id: number, type: string, rule: 'repeated' | 'map']

function message(fields: Readonly<Record<string, Field>>) {
  const described = Object.entries(fields).map(([name, [id, type, rule]]) => [
    name,
    {
      id,
      type,
      ...(rule === 'map' ? { keyType: 'string' } : {}),
      ...(rule === 'repeated' ? { rule } : {}),
    },
  ])
  return { fields: Object.fromEntries(described) as Record<string, object> }
}

function service(methods: Readonly<Record<string, readonly [request: string, response: string]>>) {
  const described = Object.entries(methods).map(([name, [requestType, responseType]]) => [
    name,
    { requestType, responseType },
  ])
  return { methods: Object.fromEntries(described) as Record<string, object> }
}

const EMPTY = 'google.protobuf.Empty'
const ANY = 'google.protobuf.Any'

const snapshots = {
  Snapshots: service({
    Prepare: ['PrepareRequest', 'MountsResponse'],
    View: ['PrepareRequest', 'MountsResponse'],
    Mounts: ['KeyRequest', 'MountsResponse'],
    Commit: ['CommitRequest', EMPTY],
    Remove: ['KeyRequest', EMPTY],
    Usage: ['KeyRequest', 'UsageResponse'],
  }),
  PrepareRequest: message({
    snapshotter: [1, 'string'],
    key: [2, 'string'],
    parent: [3, 'string'],
    labels: [4, 'string', 'map'],
  }),
  KeyRequest: message({ snapshotter: [1, 'string'], key: [2, 'string'] }),
  CommitRequest: message({
    snapshotter: [1, 'string'],
    name: [2, 'string'],
    key: [3, 'string'],
    labels: [4, 'string', 'map'],
  }),
  MountsResponse: message({ mounts: [1, 'containerd.types.Mount', 'repeated'] }),
  UsageResponse: message({ size: [1, 'int64'], inodes: [2, 'int64'] }),
}

const introspection = {
  Introspection: service({ Plugins: ['PluginsRequest', 'PluginsResponse'] }),
  PluginsRequest: message({ filters: [1, 'string', 'repeated'] }),
  PluginsResponse: message({ plugins: [1, 'Plugin', 'repeated'] }),
  Plugin: message({
    type: [1, 'string'],
    id: [2, 'string'],
    exports: [5, 'string', 'map'],
    initErr: [7, 'google.rpc.Status'],
  }),
}

const version = {
  Version: service({ Version: [EMPTY, 'VersionResponse'] }),
  VersionResponse: message({ version: [1, 'string'] }),
}

/** A lease that is deleted with `sync` is gone when the garbage collector has run. */
const leases = {
  Leases: service({ Create: ['CreateRequest', 'CreateResponse'], Delete: ['DeleteRequest', EMPTY] }),
  CreateRequest: message({ id: [1, 'string'] }),
  CreateResponse: message({ lease: [1, 'Lease'] }),
  Lease: message({ id: [1, 'string'] }),
  DeleteRequest: message({ id: [1, 'string'], sync: [2, 'bool'] }),
}

const containers = {
  Containers: service({ Create: ['CreateRequest', 'CreateResponse'], Delete: ['DeleteRequest', EMPTY] }),
  CreateRequest: message({ container: [1, 'Container'] }),
  CreateResponse: message({ container: [1, 'Container'] }),
  DeleteRequest: message({ id: [1, 'string'] }),
  Container: message({ id: [1, 'string'], runtime: [4, 'Runtime'], spec: [5, ANY] }),
  Runtime: message({ name: [1, 'string'], options: [2, ANY] }),
}

const tasks = {
  Tasks: service({
    Create: ['CreateRequest', 'CreateResponse'],
    Start: ['TaskRequest', 'StartResponse'],
    Wait: ['TaskRequest', 'WaitResponse'],
    Kill: ['KillRequest', EMPTY],
    Delete: ['TaskRequest', 'WaitResponse'],
  }),
  CreateRequest: message({ containerId: [1, 'string'], stdout: [5, 'string'], stderr: [6, 'string'] }),
  CreateResponse: message({ pid: [2, 'uint32'] }),
  TaskRequest: message({ containerId: [1, 'string'] }),
  StartResponse: message({ pid: [1, 'uint32'] }),
  WaitResponse: message({}),
  KillRequest: message({ containerId: [1, 'string'], signal: [3, 'uint32'], all: [4, 'bool'] }),
}

const types = {
  Mount: message({
    type: [1, 'string'],
    source: [2, 'string'],
    target: [3, 'string'],
    options: [4, 'string', 'repeated'],
  }),
}

const within = (nested: object) => ({ nested })

export const API = within({
  containerd: within({
    services: within({
      snapshots: within({ v1: within(snapshots) }),
      introspection: within({ v1: within(introspection) }),
      version: within({ v1: within(version) }),
      leases: within({ v1: within(leases) }),
      containers: within({ v1: within(containers) }),
      tasks: within({ v1: within(tasks) }),
    }),
    types: within(types),
  }),
  google: within({
    protobuf: within({
      Empty: message({}),
      Any: message({ type_url: [1, 'string'], value: [2, 'bytes'] }),
    }),
    rpc: within({ Status: message({ code: [1, 'int32'], message: [2, 'string'] }) }),
  }),
})

/** What a method is asked with and what it answers; numbers of 64 bits are read as numbers. */
export interface Methods {
  'snapshots.v1.Snapshots/Prepare': { request: PrepareRequest; response: { mounts: ApiMount[] } }
  'snapshots.v1.Snapshots/View': { request: PrepareRequest; response: { mounts: ApiMount[] } }
  'snapshots.v1.Snapshots/Mounts': { request: KeyRequest; response: { mounts: ApiMount[] } }
  'snapshots.v1.Snapshots/Commit': {
    request: KeyRequest & { name: string; labels: Labels }
    response: object
  }
  'snapshots.v1.Snapshots/Remove': { request: KeyRequest; response: object }
  'snapshots.v1.Snapshots/Usage': { request: KeyRequest; response: { size: number; inodes: number } }
  'introspection.v1.Introspection/Plugins': {
    request: { filters: string[] }
    response: { plugins: Plugin[] }
  }
  'version.v1.Version/Version': { request: object; response: { version: string } }
  'leases.v1.Leases/Create': { request: { id: string }; response: object }
  'leases.v1.Leases/Delete': { request: { id: string; sync: boolean }; response: object }
  'containers.v1.Containers/Create': { request: { container: ApiContainer }; response: object }
  'containers.v1.Containers/Delete': { request: { id: string }; response: object }
  'tasks.v1.Tasks/Create': {
    request: TaskRequest & { stdout: string; stderr: string }
    response: { pid: number }
  }
  'tasks.v1.Tasks/Start': { request: TaskRequest; response: { pid: number } }
  'tasks.v1.Tasks/Wait': { request: TaskRequest; response: object }
  'tasks.v1.Tasks/Kill': { request: TaskRequest & { signal: number; all: boolean }; response: object }
  'tasks.v1.Tasks/Delete': { request: TaskRequest; response: object }
}

export type Method = keyof Methods
export type Labels = Record<string, string>

export interface ApiMount {
  type: string
  source: string
  options: string[]
}

export interface ApiContainer {
  id: string
  runtime: { name: string; options: Packed }
  spec: Packed
}

/** A message of another kind: google/protobuf/any.proto. */
export interface Packed {
  type_url: string
  value: Buffer
}

interface TaskRequest {
  containerId: string
}

export interface Plugin {
  type: string
  id: string
  exports: Record<string, string>
  /** Why it could not be loaded; null where it was. */
  initErr: { message: string } | null
}

interface KeyRequest {
  snapshotter: string
  key: string
}

interface PrepareRequest extends KeyRequest {
  parent: string
  labels: Labels
}
