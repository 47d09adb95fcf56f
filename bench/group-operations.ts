import { type Crowd, patchGroup } from './crowds.ts';
import type { Step } from './operations.ts';
import { type Person, scim } from './world.ts';

export interface GroupOperation {
  readonly name: string;
  /** A measured request; `turn` counts those of this operation and group. */
  readonly step: MakeStep;
  /** What makes way for the requests of a visit, and what puts the group back, unmeasured: one request for each. */
  readonly before?: MakeStep;
  readonly after?: MakeStep;
  /** Each of these requests must move the group's version. */
  readonly moves: boolean;
}

type MakeStep = (crowd: Crowd, turn: number) => Step;

const add: MakeStep = ({ server, group, joiners }, turn) => {
  const { id, userName } = inTurn(joiners, turn);
  const value = [{ value: id, display: userName }];
  return { request: patchGroup(server, group, { op: 'add', path: 'members', value }), status: 204, key: '' };
};

const remove: MakeStep = ({ server, group, joiners }, turn) => {
  const path = `members[value eq "${inTurn(joiners, turn).id}"]`;
  return { request: patchGroup(server, group, { op: 'remove', path }), status: 204, key: '' };
};

export const GROUP_OPERATIONS: readonly GroupOperation[] = [
  { name: 'add one member', step: add, after: remove, moves: true },
  { name: 'remove one member', before: add, step: remove, moves: true },
  {
    name: 'read without members',
    step: ({ server, group }) => {
      const request = scim(server, 'GET', `/Groups/${group}?excludedAttributes=members`);
      return { request, status: 200, key: `"id":"${group}"` };
    },
    moves: false,
  },
  find('members.value eq', (id) => `members.value eq "${id}"`),
  find('members[value eq]', (id) => `members[value eq "${id}"]`),
  {
    name: 'rename',
    step: ({ server, group, size }, turn) => {
      const operation = { op: 'replace', path: 'displayName', value: `Crowd of ${size}, name ${turn}` };
      return { request: patchGroup(server, group, operation), status: 204, key: '' };
    },
    moves: true,
  },
];

/** The group, without its members, by one of them. */
function find(name: string, filterBy: (id: string) => string): GroupOperation {
  return {
    name,
    step: ({ server, group, members }, turn) => {
      const filter = encodeURIComponent(filterBy(inTurn(members, turn).id));
      const request = scim(server, 'GET', `/Groups?filter=${filter}&excludedAttributes=members`);
      return { request, status: 200, key: `"id":"${group}"` };
    },
    moves: false,
  };
}

function inTurn(people: readonly Person[], turn: number): Person {
  return people[turn % people.length] as Person;
}
