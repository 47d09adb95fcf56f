import { type Attribute, type JsonObject, type JsonValue, shorten } from '../../scim/index.ts';
import type { Column } from './columns.ts';

export type RowRead =
  | { readonly kind: 'user'; readonly user: JsonObject }
  | { readonly kind: 'wrong'; readonly problem: string };

/**
 * A row of a CSV as SCIM attributes. An empty cell says nothing: what is there stays.
 *
 *     userName,emails.work,roles      ann,ann@example.com,admin|viewer
 *     → {"userName":"ann","emails":[{"value":"ann@example.com","type":"work","primary":true}],"roles":[{"value":"admin"},{"value":"viewer"}]}
 */
export function readRow(columns: readonly Column[], cells: readonly string[]): RowRead {
  if (cells.length !== columns.length) {
    const problem = `The line has ${cells.length} cells, and ${columns.length} were expected, one for each column. A value that has the separator in it stands in quotation marks.`;
    return { kind: 'wrong', problem };
  }
  const building = new Building();
  for (const [index, column] of columns.entries()) {
    const cell = (cells[index] ?? '').trim();
    const problem = cell === '' ? undefined : building.put(column, cell);
    if (problem !== undefined) return { kind: 'wrong', problem };
  }
  return { kind: 'user', user: building.user() };
}

/** Every key here is one that a schema has: columns are resolved to them. */
class Building {
  readonly #user: JsonObject = {};
  readonly #elements = new Map<string, { readonly elements: JsonObject[]; readonly holder: JsonObject }>();

  /** What is wrong with the cell, if anything is. */
  put(column: Column, cell: string): string | undefined {
    const { attribute, sub, ofType } = column;
    const holder = this.#holder(column);
    const leaf = sub ?? attribute;
    const values = attribute.multiValued && ofType === undefined ? cell.split('|').map((text) => text.trim()) : [cell];
    const read: JsonValue[] = [];
    for (const text of values.filter((text) => text !== '')) {
      const value = readCell(leaf, text);
      if (value === undefined)
        return `${column.header}: "${shorten(text)}" is ${EXPECTED[leaf.type] ?? 'not what was expected'}.`;
      read.push(value);
    }
    const [only = null] = read;
    if (!attribute.multiValued) {
      if (sub === undefined) holder[attribute.name] = only;
      else holder[attribute.name] = { ...(holder[attribute.name] as JsonObject | undefined), [sub.name]: only };
    } else if (sub === undefined) holder[attribute.name] = read;
    else if (ofType === undefined) for (const value of read) this.#elementsOf(column).push({ [sub.name]: value });
    else this.#elementOf(column, ofType)[sub.name] = only;
    return undefined;
  }

  user(): JsonObject {
    const emails = this.#elements.get('emails')?.elements ?? [];
    // An identity provider that imports people asks for one of them.
    if (emails[0] !== undefined) emails[0].primary = true;
    return this.#user;
  }

  #holder({ extension }: Column): JsonObject {
    if (extension === undefined) return this.#user;
    const holder = (this.#user[extension] as JsonObject | undefined) ?? {};
    this.#user[extension] = holder;
    return holder;
  }

  #elementsOf(column: Column): JsonObject[] {
    const key = column.extension === undefined ? column.attribute.name : `${column.extension}:${column.attribute.name}`;
    let known = this.#elements.get(key);
    if (known === undefined) {
      known = { elements: [], holder: this.#holder(column) };
      this.#elements.set(key, known);
      known.holder[column.attribute.name] = known.elements;
    }
    return known.elements;
  }

  #elementOf(column: Column, ofType: string): JsonObject {
    const elements = this.#elementsOf(column);
    const known = elements.find(({ type }) => type === ofType);
    if (known !== undefined) return known;
    const element: JsonObject = { type: ofType };
    elements.push(element);
    return element;
  }
}

const EXPECTED: Partial<Record<Attribute['type'], string>> = {
  boolean: 'neither true nor false (yes and no, 1 and 0 are taken too)',
  integer: 'no whole number',
  decimal: 'no number',
};

const TRUTH: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['0', false],
]);

/** Undefined where the text is no such value. */
function readCell({ type }: Attribute, text: string): JsonValue | undefined {
  switch (type) {
    case 'boolean':
      return TRUTH.get(text.toLowerCase());
    case 'integer':
      return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
    case 'decimal':
      return /^-?\d{1,15}(?:\.\d{1,15})?$/.test(text) ? Number(text) : undefined;
    default:
      return text;
  }
}
