import { asText, type Json, member } from '../json.ts';
import { resourcesOf } from '../records.ts';
import type { Okta, Task } from './okta.ts';

const PAGE = 100;

/** The test behind the button, and behind every save (idp-clients §1.4a): constant parameters. */
export async function testCredentials(okta: Okta): Task {
  const query = { startIndex: 1, count: 2 };
  const users = await okta.client.call({ operation: 'list users', method: 'GET', path: '/Users', query });
  if (users.problem !== undefined) return users.problem;
  if (resourcesOf(users.json) === undefined) return 'The test of the credentials did not answer with a list of users.';
  // With Import Groups ticked.
  const groups = {
    operation: 'list groups',
    method: 'GET',
    path: '/Groups',
    query: { startIndex: 1, count: PAGE },
  } as const;
  return (await okta.client.call(groups)).problem;
}

/** A record of an import, and whether Okta pulled it in. */
export interface Imported {
  readonly id: string;
  readonly resource: Json;
  readonly pulledIn: boolean;
}

export interface ImportResult {
  readonly problem: string | undefined;
  /** What the last page said there was. */
  readonly total: number;
}

/** After each page: how many there are of them, as far as the server has said. */
export type OnPage = (pages: number) => void;

/** `active: false` is scanned and not pulled in, not even by a full import (idp-clients §1.5). */
export function importUsers(okta: Okta, take: (record: Imported) => void, onPage?: OnPage): Promise<ImportResult> {
  return importAll(okta, '/Users', { take, onPage });
}

export function importGroups(okta: Okta, take: (record: Imported) => void, onPage?: OnPage): Promise<ImportResult> {
  return importAll(okta, '/Groups', { take, onPage });
}

interface Taking {
  readonly take: (record: Imported) => void;
  readonly onPage: OnPage | undefined;
}

/**
 *     GET /Users?startIndex=1&count=100, then 101, 201, …
 *
 * No filter, and always a step of 100: a server whose pages are shorter loses people (idp-clients §1.5).
 */
async function importAll(okta: Okta, path: '/Users' | '/Groups', { take, onPage }: Taking): Promise<ImportResult> {
  const operation = path === '/Users' ? 'list users' : 'list groups';
  for (let startIndex = 1; ; startIndex += PAGE) {
    const query = { startIndex, count: PAGE };
    const { problem, json } = await okta.client.call({ operation, method: 'GET', path, query });
    if (problem !== undefined) return { problem, total: 0 };
    const records = resourcesOf(json) ?? [];
    for (const resource of records) {
      take({ id: asText(member(resource, 'id')) ?? '', resource, pulledIn: member(resource, 'active') !== false });
    }
    const total = Number(member(json, 'totalResults'));
    onPage?.(Math.ceil(total / PAGE));
    if (!(total >= startIndex + PAGE) || records.length === 0) return { problem: undefined, total };
  }
}
