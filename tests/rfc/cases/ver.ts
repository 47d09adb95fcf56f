import type { Case, Coverage } from '../case.ts';
import { aUser, E, get, ok, post, user } from '../shorthand.ts';

export const coverage: Coverage = {
  cases: [
    {
      ids: ['VER-01', 'VER-05'],
      title: 'version 2 is served, and every link stays below it',
      given: [aUser('bob')],
      request: get('{{parent}}/v2/Users'),
      expect: ok({ Resources: [{ userName: 'bob', meta: { location: '{{base}}/Users/{{bob.id}}' } }] }),
      afterwards: [
        {
          request: get('/ResourceTypes'),
          expect: ok({
            Resources: [
              { meta: { location: '{{base}}/ResourceTypes/User' } },
              { meta: { location: '{{base}}/ResourceTypes/Group' } },
            ],
          }),
        },
        {
          request: get('/ServiceProviderConfig'),
          expect: ok({ meta: { location: '{{base}}/ServiceProviderConfig' } }),
        },
      ],
    },
    ...['v1', 'v3', 'v2.0', 'v2.1', 'v10', 'V3', 'v0'].map(
      (version): Case => ({
        ids: ['VER-02', 'VER-06'],
        title: `version ${version} is not served: 400 invalidVers`,
        given: [aUser('bob')],
        request: get(`{{parent}}/${version}/Users`),
        expect: E(400, 'invalidVers', /v2/),
        afterwards: [
          { request: get(`{{parent}}/${version}/Users/{{bob.id}}`), expect: E(400, 'invalidVers') },
          { request: get(`{{parent}}/${version}/ServiceProviderConfig`), expect: E(400, 'invalidVers') },
          { request: post(`{{parent}}/${version}/Users`, user('eve')), expect: E(400, 'invalidVers') },
          { request: get(`{{parent}}/${version}/Users`, { Authorization: null }), expect: E(400, 'invalidVers') },
        ],
      }),
    ),
    ...['/Users', '/ServiceProviderConfig', '/Groups/x'].map(
      (path): Case => ({
        ids: ['VER-03'],
        title: `${path} without a version is nowhere`,
        request: get(`{{parent}}${path}`),
        expect: E(404),
      }),
    ),
    ...['/Users/v2', '/v2/Users', '/v2', '/Users/x/v2'].map(
      (path): Case => ({
        ids: ['VER-04'],
        title: `${path} below the base is nowhere: the version stands right before the endpoint`,
        request: get(path),
        expect: E(404),
      }),
    ),
  ],
  decided: {
    'VER-06':
      'A version that is not served is 400 invalidVers, before anybody is asked for a token: v1 like any other.',
  },
};
