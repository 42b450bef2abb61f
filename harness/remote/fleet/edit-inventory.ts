/**
 * Edits a user's inventory file: adds or removes a host and leaves everything else, including comments and groups, as it
 * was. Pure: text → text.
 */
import { Document, isMap, isScalar, parseDocument, YAMLMap } from 'yaml'
import { usageError } from '../../contracts/error.ts'

/** Variables of a new host, as the file will have them. */
export type HostVariables = Readonly<Record<string, string | number | boolean>>

const HEADER = ' Hosts of bench: a plain Ansible inventory. `bench host add` and `bench host remove` edit it.'

/** Adds the host to the group `all`. Throws a usage error when there is one of this name, in whichever group. */
export function addHost(text: string, name: string, variables: HostVariables): string {
  const document = documentOf(text)
  if (placesOf(document, name).length > 0) {
    throw usageError('host-exists', `there is already a host ${name}`, `bench host remove ${name} removes it`)
  }
  const hosts = mapAt(mapAt(rootOf(document), 'all'), 'hosts')
  hosts.set(name, document.createNode(variables))
  return textOf(document)
}

/** Takes the host out of every group. Returns null where there is none of this name. */
export function removeHost(text: string, name: string): string | null {
  const document = documentOf(text)
  const places = placesOf(document, name)
  if (places.length === 0) return null
  for (const hosts of places) hosts.delete(name)
  return textOf(document)
}

function documentOf(text: string): Document {
  const document = parseDocument(text, { logLevel: 'error' })
  const [error] = document.errors
  if (error !== undefined) {
    throw usageError('inventory', `the inventory is not YAML: ${error.message.split('\n')[0] ?? ''}`)
  }
  const { contents } = document
  if (contents === null || (isScalar(contents) && contents.value === null)) {
    const empty = new Document({})
    empty.commentBefore = document.commentBefore ?? document.comment ?? HEADER
    return empty
  }
  return document
}

function rootOf(document: Document): YAMLMap {
  if (isMap(document.contents)) return document.contents
  throw usageError('inventory', 'the inventory is not a YAML inventory: it has no groups', 'use another file')
}

/** Returns the map under the key, and makes it if it is missing. */
function mapAt(map: YAMLMap, key: string): YAMLMap {
  const value: unknown = map.get(key, true)
  if (isMap(value)) {
    // An empty one can only be written as {}, and what is added shall not go on like that.
    if (value.items.length === 0) value.flow = false
    return value
  }
  if (value !== undefined && !(isScalar(value) && value.value === null)) {
    throw usageError('inventory', `the inventory is not a YAML inventory: ${key} is not a group`)
  }
  const made = new YAMLMap()
  map.set(key, made)
  return made
}

/** Returns every `hosts` that has the name, in all groups and their children. */
function placesOf(document: Document, name: string): YAMLMap[] {
  const places: YAMLMap[] = []
  const visit = (groups: unknown) => {
    if (!isMap(groups)) return
    for (const { value: group } of groups.items) {
      if (!isMap(group)) continue
      const hosts = group.get('hosts', true)
      if (isMap(hosts) && hosts.has(name)) places.push(hosts)
      visit(group.get('children', true))
    }
  }
  visit(document.contents)
  return places
}

/** Lines as they were: nothing is folded that was not. */
function textOf(document: Document): string {
  return document.toString({ lineWidth: 0 })
}
