import { expect } from 'vitest';
import type { ScimClient, ScimReply } from '../harness/index.ts';
import {
  type Alteration,
  type Attributes,
  alterations,
  copyOf,
  ModelDirectory,
  type ModelRecord,
  plain,
  Refused,
} from './model.ts';
import { applyToGroup, applyToUser, groupOperationsOf, userOperationOf } from './operations.ts';
import type { Match, Step } from './steps.ts';

const NOBODY = '00000000-0000-7000-8000-000000000000';

/** What one step came to: what history must have of it, under the reply's request id. */
export interface Played {
  readonly reply: ScimReply;
  readonly alterations: readonly Alteration[];
}

/** A server's directory and the model of it, moved together. */
export class Play {
  readonly model = new ModelDirectory();
  readonly client: ScimClient;
  /** Everybody there ever was, in order; some are gone. */
  private readonly ids: { readonly type: 'User' | 'Group'; readonly id: string }[] = [];

  constructor(client: ScimClient) {
    this.client = client;
  }

  /** Does the step on both sides. The reply must be what the model says, to the status and to the attribute. */
  async step(step: Step): Promise<Played> {
    const before = copyOf(this.model.records);
    const reply = await this.send(step);
    const said = JSON.stringify(step);
    try {
      this.apply(step, reply);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // Atomic: a model that refused half-way is what it was.
      this.model.records = before;
      expect(error.statuses, `${said} → ${reply.text}`).toContain(reply.status);
      return { reply, alterations: [] };
    }
    expect(reply.status, `${said} → ${reply.text}`).toBeLessThan(300);
    return { reply, alterations: alterations(before, this.model.records) };
  }

  /** Every user and group read back, one by one and as lists, is what the model says. */
  async compare(): Promise<void> {
    for (const [type, endpoint] of [
      ['User', '/Users'],
      ['Group', '/Groups'],
    ] as const) {
      const expected = this.model.records.filter((record) => record.type === type);
      const listed = await this.client.get(`${endpoint}?count=200`);
      expect(listed.body.totalResults).toBe(expected.length);
      expect(listed.body.Resources.map(plain)).toEqual(expected.map((record) => this.model.shown(record)));
      for (const record of expected) {
        const { body, headers } = await this.client.get(`${endpoint}/${record.id}`);
        expect(plain(body)).toEqual(this.model.shown(record));
        expect(headers.get('etag')).toBe(`W/"${record.version}"`);
      }
      for (const { id } of this.ids.filter(
        (one) => one.type === type && !expected.some((record) => record.id === one.id),
      )) {
        expect((await this.client.get(`${endpoint}/${id}`)).status).toBe(404);
      }
    }
    const inactive = this.model.records.filter(({ attributes }) => attributes.active === false);
    const found = await this.client.get('/Users?filter=active%20eq%20false&count=200');
    expect(found.body.Resources.map(({ id }: { id: string }) => id)).toEqual(inactive.map(({ id }) => id));
  }

  private send(step: Step): Promise<ScimReply> {
    switch (step.do) {
      case 'create user':
        return this.client.post('/Users', userBody(step.attributes));
      case 'create group':
        return this.client.post('/Groups', this.groupBody(step.attributes, step.members));
      case 'put user':
        return this.client.put(
          `/Users/${this.at('User', step.who)}`,
          userBody(step.attributes),
          this.headers('User', step),
        );
      case 'put group':
        return this.client.put(
          `/Groups/${this.at('Group', step.who)}`,
          this.groupBody(step.attributes, step.members),
          this.headers('Group', step),
        );
      case 'patch user':
        return this.client.patch(
          `/Users/${this.at('User', step.who)}`,
          step.operations.map(userOperationOf),
          this.headers('User', step),
        );
      case 'patch group': {
        const operations = step.operations.flatMap((operation) => groupOperationsOf(operation, this.memberFor(step)));
        return this.client.patch(`/Groups/${this.at('Group', step.who)}`, operations, this.headers('Group', step));
      }
      case 'delete': {
        const { type, id } = this.anybody(step.who);
        return this.client.delete(`/${type}s/${id}`, this.headersFor(type, id, step.match));
      }
    }
  }

  private apply(step: Step, reply: ScimReply): void {
    const { model } = this;
    switch (step.do) {
      case 'create user':
      case 'create group': {
        const type = step.do === 'create user' ? 'User' : 'Group';
        const id = reply.status === 201 ? reply.body.id : NOBODY;
        const members = 'members' in step ? (step.members?.map(this.member) ?? []) : [];
        model.create(type, step.attributes, { members, id });
        expect(reply.status).toBe(201);
        if (!this.ids.some((one) => one.id === id)) this.ids.push({ type, id });
        this.expectShown(reply, type, id);
        return;
      }
      case 'put user':
      case 'put group': {
        const type = step.do === 'put user' ? 'User' : 'Group';
        const record = this.current(type, this.at(type, step.who), step);
        const members = 'members' in step ? (step.members?.map(this.member) ?? []) : [];
        model.replace(record, step.attributes, members);
        this.expectShown(reply, type, record.id);
        return;
      }
      case 'patch user': {
        const record = this.current('User', this.at('User', step.who), step);
        model.patch(record, ({ attributes }) => {
          for (const operation of step.operations) applyToUser(operation, attributes);
        });
        this.expectShown(reply, 'User', record.id);
        return;
      }
      case 'patch group': {
        const record = this.current('Group', this.at('Group', step.who), step);
        const typeOf = (id: string) => model.records.find((one) => one.id === id)?.type;
        model.patch(record, (copy) => {
          for (const operation of step.operations)
            applyToGroup(operation, copy, { idAt: this.memberFor(step), typeOf });
        });
        expect(reply.status, reply.text).toBe(204);
        expect(reply.headers.get('etag')).toBe(`W/"${record.version}"`);
        return;
      }
      case 'delete': {
        const { type, id } = this.anybody(step.who);
        model.remove(this.current(type, id, step));
        expect(reply).toMatchObject({ status: 204, text: '' });
      }
    }
  }

  private expectShown(reply: ScimReply, type: string, id: string): void {
    if (reply.status >= 300) throw new Error(`refused with ${reply.status}, and should not have been: ${reply.text}`);
    expect(plain(reply.body)).toEqual(this.model.shown(this.model.find(type, id)));
  }

  /** The record, when it is there and the version asked for is its own. */
  private current(type: string, id: string, step: Extract<Step, { match: Match }>): ModelRecord {
    const record = this.model.records.find((one) => one.type === type && one.id === id);
    // What is wrong in itself may be told before anything is looked up (RFC 9110 §13.2.1).
    const wrong = 'operations' in step && step.operations.some(({ kind }) => kind === 'bad') ? [400] : [];
    if (record === undefined) throw new Refused(404, ...wrong);
    if (step.match === 'stale') throw new Refused(412, 400);
    return record;
  }

  private headers(type: string, { who, match }: { who: number; match: Match }): Record<string, string> {
    return this.headersFor(type, this.at(type, who), match);
  }

  private headersFor(type: string, id: string, match: Match): Record<string, string> {
    const version = this.model.records.find((record) => record.type === type && record.id === id)?.version ?? 0;
    if (match === 'none') return {};
    return { 'if-match': `W/"${match === 'current' ? version : version + 7}"` };
  }

  /** Somebody of a type; now and then one who is gone. */
  private at(type: string, place: number): string {
    const ids = this.ids.filter((one) => one.type === type);
    return ids[place % Math.max(ids.length, 1)]?.id ?? NOBODY;
  }

  private anybody(place: number): { readonly type: 'User' | 'Group'; readonly id: string } {
    return this.ids[place % Math.max(this.ids.length, 1)] ?? { type: 'User', id: NOBODY };
  }

  /** A user or a group that is there; now and then one who is gone, so that a reference leads nowhere. */
  private readonly member = (place: number): string => {
    const alive = this.model.records;
    if (place === 15) return this.ids.find(({ id }) => !alive.some((record) => record.id === id))?.id ?? NOBODY;
    return alive[place % Math.max(alive.length, 1)]?.id ?? NOBODY;
  };

  /** Whether a filter matches an id that nobody has is no question worth an answer: there, all are somebody's. */
  private memberFor({ operations }: Extract<Step, { do: 'patch group' }>): (place: number) => string {
    return operations.some(({ kind }) => kind === 'remove type') ? (place) => this.member(place % 15) : this.member;
  }

  private groupBody(attributes: Attributes, members: readonly number[] | undefined): Attributes {
    return {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      ...attributes,
      ...(members === undefined ? {} : { members: members.map((place) => ({ value: this.member(place) })) }),
    };
  }
}

function userBody(attributes: Attributes): Attributes {
  return { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], ...attributes };
}
