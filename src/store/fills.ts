import { type Attribute, ENTERPRISE_USER, type ResourceType, type Schema } from '../scim/index.ts';
import { keyedOf } from './keys.ts';

/** What there is to be found in an application's directories. */
export interface Indexed {
  readonly application: string;
  readonly types: readonly ResourceType[];
}

/** A row of `fills`: one attribute of one type, in all directories of an application. */
export interface Fill {
  readonly application: string;
  /** `User`, `Group` */
  readonly type: string;
  /** Its name in `keys`; '' for the shapes as a whole. */
  readonly attribute: string;
  readonly form: string;
  readonly state: 'clean' | 'fill' | 'done' | 'drop';
  /** The last place that was done. */
  readonly directory: string;
  readonly seq: number;
}

/** How far everything is that is declared, and what is to be taken out because it is declared no more. */
export function fillsWanted(stored: readonly Fill[], indexed: Indexed): readonly Fill[] {
  const wanted = wantedOf(indexed);
  const isSame = (one: Fill, other: Fill): boolean => one.type === other.type && one.attribute === other.attribute;
  return [
    ...wanted.map(
      (fill) => stored.find((one) => isSame(one, fill) && one.form === fill.form && one.state !== 'drop') ?? fill,
    ),
    ...stored
      .filter((one) => !wanted.some((fill) => isSame(fill, one)))
      .map((one) => (one.state === 'drop' ? one : { ...one, state: 'drop' as const, directory: '', seq: 0 })),
  ];
}

/** As if nothing had been done of it yet. */
function wantedOf({ application, types }: Indexed): readonly Fill[] {
  return types.flatMap((type) => {
    // What the standard has was always in its shape.
    const declared = type.extensions.filter(({ schema }) => schema !== ENTERPRISE_USER);
    const fill = { application, type: type.name, directory: '', seq: 0 };
    const whole = declared.map(({ schema }) => [schema.id, schema.attributes.map(formOf)]);
    const shapes = { ...fill, attribute: '', form: JSON.stringify(whole), state: 'fill' as const };
    const keyed = keyedOf(type).map(({ name, extension, attribute }) => {
      const schema = extension === undefined ? type.schema : schemaOf(declared, extension);
      const found = schema?.attributes.filter((one) => one.name === attribute) ?? [];
      return { ...fill, attribute: name, form: JSON.stringify(found.map(formOf)), state: 'clean' as const };
    });
    return declared.length === 0 ? keyed : [shapes, ...keyed];
  });
}

function schemaOf(extensions: ResourceType['extensions'], urn: string): Schema | undefined {
  return extensions.find(({ schema }) => schema.id === urn)?.schema;
}

/** What of a definition decides how its values are compared. */
function formOf({ name, type, multiValued, caseExact, subAttributes = [] }: Attribute): unknown {
  return [name, type, multiValued, caseExact, subAttributes.map(formOf)];
}

/** A row of `fills`, in the order of its columns. */
export function fillOf(row: readonly unknown[]): Fill {
  const [application, type, attribute, form, state, directory, seq] = row as [
    string,
    string,
    string,
    string,
    Fill['state'],
    string,
    number,
  ];
  return { application, type, attribute, form, state, directory, seq };
}
