import { nameOf } from '../name-of.ts';
import type { Reader } from '../ports.ts';
import { parse } from '../propose.ts';

/** What records are called now. */
export interface Labels {
  /** The id, where it is not there any more. */
  of(type: string, id: string): Promise<string>;
  /** Of a user or a group; undefined where it is not there any more. */
  known(id: string): Promise<string | undefined>;
}

/** Each is looked up once. */
export function createLabels(reader: Reader): Labels {
  const asked = new Map<string, Promise<string | undefined>>();
  const labelOf = async (type: string, id: string): Promise<string | undefined> => {
    const record = await reader.record(type, id);
    return record === undefined ? undefined : nameOf(type, parse(record)) || undefined;
  };
  const once = (type: string, id: string): Promise<string | undefined> => {
    const key = `${type} ${id}`;
    let label = asked.get(key);
    if (label === undefined) {
      label = labelOf(type, id);
      asked.set(key, label);
    }
    return label;
  };
  return {
    of: async (type, id) => (await once(type, id)) ?? id,
    known: async (id) => (await once('User', id)) ?? (await once('Group', id)),
  };
}
