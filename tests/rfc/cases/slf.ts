import { expect } from 'vitest';
import type { Case, Coverage } from '../case.ts';
import { aUser, E, get, patch, post, put, user } from '../shorthand.ts';

const NOBODY = E(404, undefined, /person/);

export const coverage: Coverage = {
  cases: [
    ...['/Me', '/me', '/Me/x', '/Me?attributes=userName'].map(
      (path): Case => ({
        ids: ['SLF-04'],
        title: `a provisioning token is nobody: GET ${path} is 404, and never another user`,
        given: [aUser('bob'), aUser('me')],
        request: get(path),
        expect: NOBODY,
      }),
    ),
    ...(
      [
        ['PUT', put('/Me', user('me'))],
        ['PATCH', patch('/Me', { op: 'replace', path: 'active', value: false })],
        ['DELETE', { method: 'DELETE', path: '/Me' }],
        ['POST', post('/Me', user('me'))],
      ] as const
    ).map(
      ([method, request]): Case => ({
        ids: ['SLF-04', 'SLF-06'],
        title: `${method} /Me is 404, and changes nobody`,
        given: [aUser('bob'), aUser('me')],
        request,
        expect: NOBODY,
      }),
    ),
    {
      ids: ['SLF-04'],
      title: 'a user whose id is asked for as Me is nobody, in every way in',
      given: [aUser('Me')],
      request: get('/Users/Me'),
      expect: E(404),
      run: async (world) => {
        const { token } = await world.mint({ scope: 'read' });
        expect((await world.get('/Me', { authorization: `Bearer ${token}` })).status).toBe(404);
      },
    },
  ],
  waits: {
    'SLF-01': 'who may come in',
    'SLF-02': 'who may come in',
    'SLF-03': 'who may come in',
    'SLF-05': 'who may come in',
  },
  decided: {
    'SLF-04': 'A provisioning token stands for a connection and not for a person, so /Me is 404 for it.',
    'SLF-06': 'Nobody registers by /Me: POST is 404 like every other method there.',
  },
};
