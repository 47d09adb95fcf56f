import type { Coverage } from '../case.ts';
import { aUser, E, get, ok, patch } from '../shorthand.ts';

const WAITING = Array.from({ length: 24 }, (_, n) => `EVT-${String(n + 1).padStart(2, '0')}`).filter(
  (id) => id !== 'EVT-15' && id !== 'EVT-20',
);

export const coverage: Coverage = {
  cases: [
    {
      ids: ['EVT-20'],
      title: 'security events are not advertised while there are none',
      request: get('/ServiceProviderConfig'),
      expect: { ...ok(), absent: ['securityEvents'] },
    },
    {
      ids: ['EVT-15'],
      title: 'a preference to be answered later is ignored: the answer comes at once, and claims nothing else',
      given: [aUser('bob')],
      request: {
        ...patch('/Users/{{bob.id}}', { op: 'add', path: 'title', value: 'x' }),
        headers: { Prefer: 'respond-async' },
      },
      expect: { ...ok({ title: 'x' }), headers: { 'set-txn': '{{absent}}', 'preference-applied': '{{absent}}' } },
      afterwards: [{ request: get('/Users/nope', { Prefer: 'respond-async, wait=2' }), expect: E(404) }],
    },
  ],
  waits: Object.fromEntries(WAITING.map((id) => [id, 'events' as const])),
  decided: { 'EVT-24': 'Webhooks come with events; each type of theirs will name the event of RFC 9967 that it is.' },
};
