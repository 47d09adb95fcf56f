import { describe, expect, test } from 'vitest';
import { worldOfFile } from './file-world.ts';
import { expectRefusal } from './world.ts';

const world = await worldOfFile();
const { acme } = world;
const target = await acme.user('unicode');

const filtered = (filter: string) => acme.get(`/Users?filter=${encodeURIComponent(filter)}`);
const quoted = (text: string) => JSON.stringify(text);

describe('T-UNI-05 dates', () => {
  const wrong = [
    '2023-02-30T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '2023-13-01T00:00:00Z',
    '2023-00-10T00:00:00Z',
    '2023-04-31T00:00:00Z',
    '2023-01-01T25:00:00Z',
    '2023-01-01T24:00:01Z',
    '2023-01-01T00:60:00Z',
    '2023-01-01T00:00:00+24:00',
    '2023-01-01T00:00:00-14:01',
    '2023-01-01',
    '2023-1-1T00:00:00Z',
    '23-01-01T00:00:00Z',
    'yesterday',
    '',
    '1700000000',
    '２０２３-01-01T00:00:00Z',
    '2023-01-01T00:00:00Z\n',
  ];
  const right = [
    '2024-02-29T00:00:00Z',
    '2000-02-29T23:59:59.999999999Z',
    '2023-01-01T24:00:00Z',
    '2023-01-01T00:00:00+14:00',
    '2023-01-01T00:00:00-14:00',
    '1970-01-01T00:00:00.000Z',
    '9999-12-31T23:59:59Z',
  ];
  /** Where XML Schema 1.0 and 1.1 differ, or RFC 3339 and ISO 8601 do: either verdict, but one. */
  const either = [
    '2016-12-31T23:59:60Z',
    '0000-01-01T00:00:00Z',
    '10000-01-01T00:00:00Z',
    '-0001-01-01T00:00:00Z',
    '2023-01-01T00:00:00',
  ];

  const verdicts = async (date: string): Promise<number[]> => {
    const statuses: number[] = [];
    for (const attribute of ['meta.created', 'meta.lastModified']) {
      for (const operator of ['eq', 'ge', 'lt']) {
        const reply = await filtered(`${attribute} ${operator} ${quoted(date)}`);
        if (reply.status !== 200)
          expectRefusal(reply, { status: 400, scimType: 'invalidFilter', says: /meta\.(created|lastModified)/ });
        // One that is indexed and one that is evaluated in memory say the same.
        const beside = await filtered(
          `(${attribute} ${operator} ${quoted(date)}) and (title eq "x" or not (title eq "x"))`,
        );
        expect(beside.status).toBe(reply.status);
        expect(beside.body.totalResults).toBe(reply.body.totalResults);
        statuses.push(reply.status);
      }
    }
    return statuses;
  };

  test.each(wrong)('%j is no date: 400 invalidFilter that names the attribute', async (date) => {
    expect(new Set(await verdicts(date))).toEqual(new Set([400]));
  });
  test.each(right)('%j is one', async (date) => {
    expect(new Set(await verdicts(date))).toEqual(new Set([200]));
  });
  test.each(either)('%j has one verdict everywhere', async (date) => {
    expect(new Set(await verdicts(date)).size).toBe(1);
  });

  test('the same instant is equal however it is written', async () => {
    const { created } = target.meta;
    const shifted = `${new Date(Date.parse(created) + 2 * 3_600_000).toISOString().slice(0, -1)}+02:00`;
    for (const date of [created, shifted, created.replace('Z', '000Z'), created.replace('Z', '+00:00')]) {
      const found = await filtered(`meta.created eq ${quoted(date)} and id eq "${target.id}"`);
      expect(found.body.totalResults, date).toBe(1);
    }
  });
});
