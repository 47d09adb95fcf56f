import type { WireReply } from '../wire/exchange.ts';
import type { Sent } from './case.ts';
import { ENT } from './shorthand.ts';
import type { World } from './world.ts';

/** What holds of the answer to every request of every case. */
export interface Always {
  readonly ids: readonly string[];
  readonly title: string;
  /** What is wrong; [] when nothing is. */
  check(exchange: Exchange): string[];
}

interface Exchange {
  readonly world: World;
  readonly sent: Sent;
  readonly reply: WireReply;
}

// biome-ignore lint/suspicious/noExplicitAny: a representation of every shape
type Json = any;

export const ALWAYS: readonly Always[] = [
  {
    ids: ['GEN-01', 'ERR-04'],
    title: 'a body is SCIM JSON in UTF-8 and says so',
    check: ({ reply }) =>
      reply.text === '' || /^application\/scim\+json(;\s*charset=utf-8)?$/i.test(String(reply.headers['content-type']))
        ? wrong(reply.text.includes('�'), 'the body is no UTF-8')
        : [`content-type: ${reply.headers['content-type']}`],
  },
  {
    ids: ['GEN-32', 'ERR-01', 'ERR-05'],
    title: 'every refusal has the Error schema and its status, as a string, in body and status line',
    check: ({ sent, reply }) => {
      if (reply.status < 400 || sent.method === 'HEAD') return [];
      const { schemas, status, ...rest } = bodyOf(reply) ?? {};
      return [
        ...wrong(JSON.stringify(schemas) !== `["${ERROR}"]`, `schemas of the error: ${JSON.stringify(schemas)}`),
        ...wrong(status !== String(reply.status), `status in the error: ${JSON.stringify(status)}`),
        ...Object.keys(rest).flatMap((name) => wrong(!['scimType', 'detail'].includes(name), `error has ${name}`)),
      ];
    },
  },
  {
    ids: ['ERR-02'],
    title: 'the detail is one sentence or more for people, with nothing internal in it',
    check: ({ sent, reply }) => {
      if (reply.status < 400 || sent.method === 'HEAD') return [];
      const detail: unknown = bodyOf(reply)?.detail;
      return wrong(
        typeof detail !== 'string' || !/\S\.$/.test(detail) || INTERNALS.test(detail),
        `detail: ${JSON.stringify(detail)}`,
      );
    },
  },
  {
    ids: ['ERR-03'],
    title: 'scimType is one of table 9 or RFC 9865, and stands on 400, 409 uniqueness and 403 sensitive only',
    check: ({ reply }) => {
      const type: unknown = reply.status < 400 ? undefined : bodyOf(reply)?.scimType;
      if (type === undefined) return [];
      const fits =
        (reply.status === 400 && SCIM_TYPES.includes(String(type))) ||
        (reply.status === 409 && type === 'uniqueness') ||
        (reply.status === 403 && type === 'sensitive');
      return wrong(!fits, `scimType ${type} on ${reply.status}`);
    },
  },
  {
    ids: ['ERR-07', 'GEN-24'],
    title: '204, 304 and answers to HEAD have no body; all others have one',
    check: ({ sent, reply }) =>
      wrong(
        (reply.text === '') !== (reply.status === 204 || reply.status === 304 || sent.method === 'HEAD'),
        `a body of ${reply.text.length} characters with ${reply.status}`,
      ),
  },
  {
    ids: ['ERR-10', 'GEN-27'],
    title: 'nothing is a redirect, so no method and no Authorization is lost on the way',
    check: ({ reply }) => wrong(reply.status >= 300 && reply.status < 400 && reply.status !== 304, 'a redirect'),
  },
  {
    ids: ['AUT-18', 'GEN-31', 'VER-05', 'COM-19'],
    title: 'every link stands below the caller’s base and carries no query; Location is meta.location',
    check: ({ world, reply }) => {
      const location = reply.headers.location;
      const own = bodyOf(reply)?.meta?.location;
      return [
        ...[...linksIn(bodyOf(reply)), ...(location === undefined ? [] : [location])].flatMap((link) =>
          wrong(!String(link).startsWith(`${world.baseUrl}/`) || String(link).includes('?'), `a link to ${link}`),
        ),
        ...wrong(location !== undefined && own !== undefined && own !== location, `Location ${location}, meta ${own}`),
      ];
    },
  },
  {
    ids: ['COM-20', 'COM-21', 'ETG-02'],
    title: 'a version is a weak entity tag, and the ETag header says the same',
    check: ({ reply }) => {
      const version = bodyOf(reply)?.meta?.version;
      return [
        ...resourcesIn(reply).flatMap(({ meta }) =>
          wrong(meta?.version !== undefined && !/^W\/"[^"]*"$/.test(meta.version), `meta.version ${meta?.version}`),
        ),
        ...wrong(
          version !== undefined && reply.headers.etag !== version,
          `ETag ${reply.headers.etag}, meta ${version}`,
        ),
      ];
    },
  },
  {
    ids: ['COM-04', 'COM-06'],
    title: 'schemas of a resource has no URN twice, and an extension’s exactly when there is data of it',
    check: ({ sent, reply }) =>
      resourcesIn(reply).flatMap(({ schemas, ...data }) =>
        schemas === undefined
          ? []
          : [
              ...wrong(new Set(schemas).size !== schemas.length, `schemas ${schemas}`),
              ...wrong(ENT in data && !schemas.includes(ENT), 'data of an extension that schemas does not list'),
              ...wrong(
                schemas.includes(ENT) && !(ENT in data) && !isPart(sent),
                'schemas lists an extension without data',
              ),
            ],
      ),
  },
  {
    ids: ['COM-07', 'COM-09', 'COM-10', 'SCH-33'],
    title: 'every resource has an id, never with "bulkId" in it',
    check: ({ reply }) =>
      resourcesIn(reply).flatMap(({ id, schemas }) =>
        wrong(
          isPersonOrGroup(schemas) && (typeof id !== 'string' || id === '' || /bulkid/i.test(id)),
          `id ${JSON.stringify(id)}`,
        ),
      ),
  },
  {
    ids: ['QRY-01', 'QRY-02', 'QRY-03', 'QRY-06', 'PAG-10', 'PAG-18'],
    title: 'a list says so, counts in whole numbers, holds as many resources as it says, and each has id and schemas',
    check: ({ sent, reply }) => {
      const { schemas, totalResults, itemsPerPage, startIndex = 1, Resources } = listIn(reply) ?? {};
      if (schemas === undefined) return [];
      // RFC 9865 §2: a page of a walk may leave out what would have to be counted.
      const total = totalResults === undefined && isWalk(sent) ? 0 : totalResults;
      return [
        ...wrong(JSON.stringify(schemas) !== `["${LIST}"]`, `schemas of the list: ${JSON.stringify(schemas)}`),
        ...[total, itemsPerPage, startIndex].flatMap((number) =>
          wrong(!Number.isSafeInteger(number) || number < 0, `a number of the list is ${JSON.stringify(number)}`),
        ),
        ...wrong(itemsPerPage !== (Resources ?? []).length, `itemsPerPage ${itemsPerPage}, of ${Resources?.length}`),
        ...(Resources ?? []).flatMap((each: Json) =>
          wrong(
            typeof each.id !== 'string' || !Array.isArray(each.schemas),
            `a listed resource without id or schemas: ${JSON.stringify(each).slice(0, 200)}`,
          ),
        ),
      ];
    },
  },
  {
    ids: ['SCH-25'],
    title: 'unassigned attributes are left out: no null in a representation',
    check: ({ reply }) => wrong(reply.status < 300 && hasNull(bodyOf(reply)), 'a null in the body'),
  },
  {
    ids: ['SCH-32', 'SCH-34', 'USR-14'],
    title: 'no password is ever told',
    check: ({ reply }) => resourcesIn(reply).flatMap((resource) => wrong('password' in resource, 'a password')),
  },
];

const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';
const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const SCIM_TYPES = [
  ...['invalidFilter', 'tooMany', 'uniqueness', 'mutability', 'invalidSyntax', 'invalidPath', 'noTarget'],
  ...['invalidValue', 'invalidVers', 'sensitive', 'invalidCursor', 'expiredCursor', 'invalidCount'],
];
const INTERNALS =
  /sqlite|\bSELECT\b|\bINSERT\b|UNIQUE constraint|node:|node_modules|\.ts\b|\bat .+\(.+:\d+|\bundefined\b|\[object|\bNaN\b|TypeError|RangeError|\/tmp\//;

function wrong(when: boolean, what: string): string[] {
  return when ? [what] : [];
}

function bodyOf({ text }: WireReply): Json {
  return text === '' ? undefined : JSON.parse(text);
}

function listIn(reply: WireReply): Json {
  const body = reply.status < 300 ? bodyOf(reply) : undefined;
  return Array.isArray(body?.Resources) || body?.totalResults !== undefined ? body : undefined;
}

/** The resource of a reply, or those of its page. */
function resourcesIn(reply: WireReply): Json[] {
  if (reply.status >= 300) return [];
  const body = bodyOf(reply);
  return body === undefined ? [] : Array.isArray(body.Resources) ? body.Resources : [body];
}

function isPersonOrGroup(schemas: unknown): boolean {
  return Array.isArray(schemas) && schemas.some((urn) => /:core:2\.0:(User|Group)$/.test(urn));
}

/** Whether only some attributes were asked for. */
function isPart({ path }: Sent): boolean {
  return /attributes=|\.search/i.test(path);
}

/** Whether pages are walked by cursors. */
function isWalk({ path, body = {} }: Sent): boolean {
  return /[?&]cursor\b/.test(path) || 'cursor' in (body as object);
}

/** meta.location, and the `$ref` that the server fills in itself. */
function linksIn(value: Json): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) =>
    typeof each === 'string' && (name === '$ref' || name === 'location') ? [each] : linksIn(each),
  );
}

function hasNull(value: Json): boolean {
  return value === null || (typeof value === 'object' && Object.values(value).some(hasNull));
}
