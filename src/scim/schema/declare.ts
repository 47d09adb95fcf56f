import type { JsonObject } from '../value.ts';
import type { Attribute, AttributeType, ResourceType, Schema } from './attribute.ts';
import { attribute, readOnly } from './define.ts';

/** A schema extension as an operator declares it: attributes of the application's own, under a URN of its own. */
export interface DeclaredExtension {
  /** `urn:example:scim:schemas:extension:app:2.0:User` */
  readonly urn: string;
  /** Whose it is. */
  readonly of: 'User' | 'Group';
  readonly name?: string;
  readonly description?: string;
  /** Whether every resource must have it. */
  readonly required?: boolean;
  readonly attributes: Readonly<Record<string, DeclaredAttribute>>;
}

/** As RFC 7643 §2.2 and §7 have them; what is not said is the RFC's default. */
export interface DeclaredAttribute {
  readonly type?: AttributeType;
  readonly description?: string;
  readonly multiValued?: boolean;
  readonly required?: boolean;
  readonly caseExact?: boolean;
  readonly mutability?: 'readOnly' | 'readWrite' | 'immutable';
  readonly returned?: 'always' | 'default' | 'request';
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  /** Found by `eq` without looking at every resource. Of a single value, or of many simple ones. */
  readonly indexed?: boolean;
  readonly attributes?: Readonly<Record<string, Omit<DeclaredAttribute, 'attributes' | 'indexed'>>>;
}

/**
 * A kind of thing that users are given, with all there is of it: Okta's entitlement management reads them, and `roles` and
 * `entitlements` of users name them by `id`.
 *
 *     {name:'Role', kind:'role', endpoint:'/Roles', values:[{id:'admin', displayName:'Administrator'}]}
 */
export interface DeclaredEntitlements {
  /** Of the resource type: `Role`, `License`. An entitlement's `type` is this name. */
  readonly name: string;
  /** Which of the user's attributes names them: `roles` or `entitlements`. */
  readonly kind: 'role' | 'entitlement';
  readonly endpoint: string;
  readonly description?: string;
  readonly values: readonly { readonly id: string; readonly displayName: string; readonly description?: string }[];
}

export interface Declared {
  readonly extensions: readonly DeclaredExtension[];
  readonly entitlements: readonly DeclaredEntitlements[];
  /** Attributes of a user's own schema whose values are to be found without looking at every user. */
  readonly indexed?: readonly 'roles'[];
}

/** @throws TypeError for a name that RFC 7643 §2.1 does not allow */
export function declaredSchema({ urn, of, name, description, attributes }: DeclaredExtension): Schema {
  return {
    id: urn,
    name: name ?? nameOf(urn, of),
    description: description ?? `Attributes that this application has of a ${of}.`,
    attributes: attributesOf(attributes),
  };
}

/** `urn:example:scim:schemas:extension:app:2.0:User` → `AppUser`, as the enterprise extension is `EnterpriseUser`. */
function nameOf(urn: string, of: string): string {
  const parts = urn.split(':').filter((part) => part.toLowerCase() !== of.toLowerCase() && !/^[\d.]+$/.test(part));
  const own = parts.at(-1) ?? '';
  return `${own.charAt(0).toUpperCase()}${own.slice(1)}${of}`;
}

function attributesOf(declared: Readonly<Record<string, DeclaredAttribute>>): readonly Attribute[] {
  return Object.entries(declared).map(([name, { description, attributes, ...given }]) =>
    attribute(name, description ?? `${name} of this application.`, {
      // RFC 7643 §7: a reference says what it refers to.
      ...(given.type === 'reference' ? { referenceTypes: ['external'] } : {}),
      ...given,
      ...(attributes === undefined ? {} : { subAttributes: attributesOf(attributes) }),
    }),
  );
}

/** idp-clients §1.8: Okta knows them by these URNs, and by no others. */
const SCHEMA_OF = {
  role: 'urn:okta:scim:schemas:core:1.0:Role',
  entitlement: 'urn:okta:scim:schemas:core:1.0:Entitlement',
};

const NAMED = [
  attribute('displayName', 'What it is called.', { required: true }),
  attribute('description', 'What it is for.'),
];
const TYPED = attribute('type', 'The name of its resource type.', { required: true });

const ROLE_SCHEMA: Schema = {
  id: SCHEMA_OF.role,
  name: 'Role',
  description: 'A role that a user may have.',
  attributes: NAMED.map(readOnly),
};
const ENTITLEMENT_SCHEMA: Schema = {
  id: SCHEMA_OF.entitlement,
  name: 'Entitlement',
  description: 'Something that a user may be entitled to.',
  attributes: [...NAMED, TYPED].map(readOnly),
};

export function declaredType({ name, kind, endpoint, description, values }: DeclaredEntitlements): ResourceType {
  const schema = kind === 'role' ? ROLE_SCHEMA : ENTITLEMENT_SCHEMA;
  return {
    id: name,
    name,
    description: description ?? schema.description,
    endpoint,
    schema,
    extensions: [],
    declared: {
      attribute: kind === 'role' ? 'roles' : 'entitlements',
      resources: values.map(
        (value): JsonObject => ({
          schemas: [schema.id],
          id: value.id,
          displayName: value.displayName,
          ...(kind === 'role' ? {} : { type: name }),
          ...(value.description === undefined ? {} : { description: value.description }),
        }),
      ),
    },
  };
}
