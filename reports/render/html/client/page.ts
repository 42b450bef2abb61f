/** Returns the element of that id, which the page's template has. */
export function elementOf<E extends HTMLElement>(id: string, kind: new () => E): E {
  const element = document.getElementById(id)
  if (!(element instanceof kind)) throw new TypeError(`the page has no ${kind.name} of id ${id}`)
  return element
}

/** Returns the text of an element that carries data: JSON, or what was compressed. */
export function dataOf(id: string): string {
  return elementOf(id, HTMLScriptElement).textContent
}
