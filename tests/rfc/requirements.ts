import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** MUST, SHOULD, MAY; D: the RFCs are silent or contradict themselves, and we decide. */
export type Level = 'M' | 'S' | 'O' | 'D';

/** One testable sentence of the standards. */
export interface Requirement {
  readonly id: string;
  readonly level: Level;
  readonly requirement: string;
  /** `C§` RFC 7643, `P§` RFC 7644, `T8` and `T9` its tables, `R9110§` and the like other RFCs; '' when the text says it. */
  readonly source: string;
  /** A request and what it should give; `E(400,invalidValue)` is a SCIM error. */
  readonly example: string;
}

export interface Section {
  readonly section: number;
  readonly title: string;
  readonly items: readonly Requirement[];
}

const folder = fileURLToPath(new URL('requirements/', import.meta.url));

/** `requirements/*.json`, in the order of their sections. */
export const SECTIONS: readonly Section[] = readdirSync(folder)
  .toSorted()
  .map((name) => JSON.parse(readFileSync(`${folder}${name}`, 'utf8')));

export const REQUIREMENTS: ReadonlyMap<string, Requirement> = new Map(
  SECTIONS.flatMap(({ items }) => items.map((item): [string, Requirement] => [item.id, item])),
);
