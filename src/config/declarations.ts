import type { EntitlementsConfig, ExtensionConfig } from './application-config.ts';
import type { Application } from './applications.ts';

/** What the declarations of one application say twice, or take from the standard or from one another; a sentence each. */
export function wrongDeclarations({ name, extensions, entitlements }: Application): string[] {
  const at = `applications.${name}`;
  return [
    ...wrongUrns(extensions, `${at}.extensions`),
    ...extensions.flatMap((extension) => wrongAttributes(extension, `${at}.extensions: "${extension.urn}"`)),
    ...wrongNames(entitlements, `${at}.entitlements`),
    ...wrongIds(entitlements, `${at}.entitlements`),
  ];
}

function wrongUrns(extensions: readonly ExtensionConfig[], at: string): string[] {
  const urns = new Set(extensions.map(({ urn }) => urn.toLowerCase()));
  return [
    ...twins(extensions.map(({ urn }) => urn.toLowerCase())).map(
      (urn) => `${at}: "${urn}" is declared twice: give each extension a URN of its own.`,
    ),
    // RFC 7644 §3.10: a path is the URN, a colon and the attribute, and must have one meaning.
    ...extensions.flatMap(({ urn, attributes }) =>
      pathsOf(attributes)
        .map((path) => `${urn}:${path}`.toLowerCase())
        .filter((path) => urns.has(path))
        .map((path) => `${at}: "${path}" is also the path of an attribute of "${urn}": give one another name.`),
    ),
  ];
}

function pathsOf(attributes: ExtensionConfig['attributes']): string[] {
  return Object.entries(attributes).flatMap(([name, { attributes: subs = {} }]) => [
    name,
    ...Object.keys(subs).map((sub) => `${name}.${sub}`),
  ]);
}

function wrongAttributes({ attributes, required }: ExtensionConfig, extension: string): string[] {
  const names = Object.keys(attributes);
  const all = [
    names,
    ...Object.entries(attributes).map(([name, { attributes: subs = {} }]) =>
      Object.keys(subs).map((sub) => `${name}.${sub}`),
    ),
  ];
  const isGiven = Object.values(attributes).some(({ mutability }) => mutability !== 'readOnly');
  return [
    ...all.flatMap((some) =>
      twins(some.map((one) => one.toLowerCase())).map(
        (twin) => `${extension} has "${twin}" twice: names of attributes differ by more than case.`,
      ),
    ),
    ...names
      .filter((name) => RESERVED.has(name.toLowerCase()))
      .map((name) => `${extension} has "${name}", which every resource has already: give it another name.`),
    ...(required === true && !isGiven
      ? [`${extension} is required, but all of it is readOnly, so nobody could give it.`]
      : []),
  ];
}

/** RFC 7643 §3.1; Okta's profiles have `groups` of their own (idp-clients §1.4i). */
const RESERVED: ReadonlySet<string> = new Set(['schemas', 'id', 'externalid', 'meta', 'groups']);

function wrongNames(entitlements: readonly Declared[], at: string): string[] {
  const names = entitlements.map((one) => one.name.toLowerCase());
  return [
    ...twins([...TYPES, ...names]).map((twin) => `${at}: the name "${twin}" is taken: give each a name of its own.`),
    ...twins([...ENDPOINTS, ...entitlements.map(({ endpoint }) => endpoint.toLowerCase())]).map(
      (endpoint) => `${at}: the endpoint "${endpoint}" is taken: give each an endpoint of its own.`,
    ),
  ];
}

type Declared = EntitlementsConfig & { readonly endpoint: string };

const TYPES = ['user', 'group', 'schema', 'resourcetype', 'serviceproviderconfig'];
const ENDPOINTS = ['/users', '/groups', '/me', '/bulk', '/schemas', '/resourcetypes', '/serviceproviderconfig'];

/** An entitlement's type says whose id is meant; a role has none, so ids of roles differ among all kinds of them. */
function wrongIds(entitlements: readonly Declared[], at: string): string[] {
  const roles = entitlements.filter(({ kind }) => kind === 'role');
  const others = entitlements.filter(({ kind }) => kind !== 'role');
  return [
    ...twins(roles.flatMap(idsOf)).map(
      (id) => `${at}: the id "${id}" is given to two roles: users name a role by its id, whatever its case.`,
    ),
    ...others.flatMap((one) =>
      twins(idsOf(one)).map(
        (id) => `${at}: ${one.name} has the id "${id}" twice: users name a value by its id, whatever its case.`,
      ),
    ),
  ];
}

function idsOf({ values }: Declared): string[] {
  return values.map(({ id }) => id.toLowerCase());
}

function twins(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
