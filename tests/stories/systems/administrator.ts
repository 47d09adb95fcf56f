import { strict as assert } from 'node:assert';
import type { Exchange } from '../../../src/idp/client.ts';
import type { Okta, Task } from '../../../src/idp/okta/okta.ts';
import { oktaId } from '../../../src/idp/okta/people.ts';
import { newPerson, type Person } from '../../../src/idp/okta/person.ts';
import type { Profile } from '../../../src/idp/okta/profile.ts';
import { seededRandom } from '../../../src/idp/random.ts';
import type { Method } from '../../../src/idp/transport.ts';
import type { ScimReply } from '../../harness/index.ts';

/** Of all people of all stories: one Okta never gives an id twice. */
const ids = seededRandom(2026);

/** Somebody new in the customer's Okta: `hire(okta, 'Zoë', 'Berg')` signs in as `zoe.berg@acme.example`. */
export function hire(
  okta: Okta,
  [firstName, lastName]: readonly [string, string],
  more: Partial<Profile> = {},
): Person {
  const login = `${plain(firstName)}.${plain(lastName)}@acme.example`;
  const profile = { login, email: login, firstName, lastName, displayName: `${firstName} ${lastName}`, ...more };
  const person = newPerson({ oktaId: oktaId('00u', ids), profile });
  okta.people.push(person);
  return person;
}

/** `count` people, `Worker 1`, `Worker 2`, … */
export function hireMany(okta: Okta, family: string, count: number): Person[] {
  return Array.from({ length: count }, (_, index) => hire(okta, [`Worker${index + 1}`, family]));
}

function plain(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[^A-Za-z0-9]/g, '')
    .toLowerCase();
}

/** A task of Okta's that must go through. */
export async function done(task: Task): Promise<void> {
  assert.equal(await task, undefined);
}

/** A task that must end in Okta's task list, with all of these in its words. */
export async function refusedWith(task: Task, ...words: readonly (string | RegExp)[]): Promise<string> {
  const said = await task;
  assert.ok(said !== undefined, `Okta was told that it went well, in place of ${words.join(', ')}`);
  for (const word of words) {
    const isSaid: boolean = typeof word === 'string' ? said.includes(word) : word.test(said);
    assert.ok(isSaid, `"${said}" does not say ${word}`);
  }
  return said;
}

/** A request beside Okta's own: what anybody with its key may ask. */
export async function ask(
  okta: Okta,
  method: Method,
  path: string,
  body?: object,
): Promise<Exchange & Pick<ScimReply, 'body'>> {
  const exchange = await okta.client.call({
    ...{ operation: 'check', method, path },
    ...(body === undefined ? {} : { body: body as NonNullable<Parameters<Okta['client']['call']>[0]['body']> }),
  });
  return { ...exchange, body: exchange.json };
}

/** Reads somebody's account, which must be there. */
export async function account(okta: Okta, { appId }: Person): Promise<ScimReply['body']> {
  const { status, body } = await ask(okta, 'GET', `/Users/${appId}`);
  assert.equal(status, 200);
  return body;
}

/** The accounts of a userName: none or one. */
export async function accountsOf(okta: Okta, userName: string): Promise<ScimReply['body'][]> {
  const filter = encodeURIComponent(`userName eq ${JSON.stringify(userName)}`);
  const { status, body } = await ask(okta, 'GET', `/Users?filter=${filter}`);
  assert.equal(status, 200);
  return body.Resources;
}

/** How many calls `work` makes. */
export async function callsOf(okta: Okta, work: () => Promise<unknown>): Promise<number> {
  let calls = 0;
  const { call } = okta.client;
  okta.client.call = (request) => {
    calls += 1;
    return call(request);
  };
  try {
    await work();
  } finally {
    okta.client.call = call;
  }
  return calls;
}
