import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareText, dateTimeKey } from '../../../src/scim/index.ts';

describe('dateTimeKey', () => {
  test.each([
    ['2011-05-13T04:42:34Z', '2011-05-13T04:42:34.000Z'],
    ['2011-05-13T04:42:34.120Z', '2011-05-13T04:42:34.120Z'],
    ['2011-05-13T06:42:34.123+02:00', '2011-05-13T04:42:34.123Z'],
    ['2015-10-10T14:38:21.8617979-07:00', '2015-10-10T21:38:21.861Z7979'],
    ['2011-05-13T04:42:34.1234500Z', '2011-05-13T04:42:34.123Z45'],
    ['2011-05-13T04:42:34.0000000Z', '2011-05-13T04:42:34.000Z'],
    ['2011-12-31T23:30:00-01:00', '2012-01-01T00:30:00.000Z'],
    ['2012-02-29T00:00:00Z', '2012-02-29T00:00:00.000Z'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['0050-06-01T00:00:00Z', '0050-06-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s is %s', (text, key) => {
    expect(dateTimeKey(text)).toBe(key);
  });

  test.each([
    ['24:00:00 is the next day', '2011-12-31T24:00:00Z', '2012-01-01T00:00:00.000Z'],
    ['24:00:00 with zeros after the point', '2011-12-31T24:00:00.000Z', '2012-01-01T00:00:00.000Z'],
    ['no zone is UTC', '2011-05-13T04:42:34', '2011-05-13T04:42:34.000Z'],
    ['the widest offsets', '2011-05-13T14:00:00+14:00', '2011-05-13T00:00:00.000Z'],
    ['the widest offsets west', '2011-05-13T10:00:00-14:00', '2011-05-14T00:00:00.000Z'],
    ['minus zero', '2011-05-13T10:00:00-00:00', '2011-05-13T10:00:00.000Z'],
  ])('T-UNI-05 %s', (_, text, key) => {
    expect(dateTimeKey(text)).toBe(key);
  });

  test.each([
    ['a day that no month has', '2023-02-30T00:00:00Z'],
    ['29 February of no leap year', '2023-02-29T00:00:00Z'],
    ['29 February 1900', '1900-02-29T00:00:00Z'],
    ['31 April', '2023-04-31T00:00:00Z'],
    ['day 0', '2023-04-00T00:00:00Z'],
    ['month 0', '2023-00-10T00:00:00Z'],
    ['month 13', '2023-13-10T00:00:00Z'],
    ['a leap second', '2016-12-31T23:59:60Z'],
    ['hour 25', '2016-12-31T25:00:00Z'],
    ['minute 60', '2016-12-31T23:60:00Z'],
    ['24:00:01', '2016-12-31T24:00:01Z'],
    ['24:01:00', '2016-12-31T24:01:00Z'],
    ['24:00:00.5', '2016-12-31T24:00:00.5Z'],
    ['year 0', '0000-01-01T00:00:00Z'],
    ['year 10000', '10000-01-01T00:00:00Z'],
    ['a negative year', '-0044-03-15T00:00:00Z'],
    ['before year 1 in UTC', '0001-01-01T00:00:00+01:00'],
    ['after year 9999 in UTC', '9999-12-31T23:59:59-01:00'],
    ['an offset of 24 hours', '2011-05-13T04:42:34+24:00'],
    ['an offset of 14:01', '2011-05-13T04:42:34+14:01'],
    ['an offset of 60 minutes', '2011-05-13T04:42:34+01:60'],
    ['a date alone', '2011-05-13'],
    ['a time alone', '04:42:34Z'],
    ['no seconds', '2011-05-13T04:42Z'],
    ['a point without digits', '2011-05-13T04:42:34.Z'],
    ['small letters', '2011-05-13t04:42:34z'],
    ['a space for T', '2011-05-13 04:42:34Z'],
    ['an offset without a colon', '2011-05-13T04:42:34+0200'],
    ['a line break after it', '2011-05-13T04:42:34Z\n'],
    ['other digits', '２０１１-05-13T04:42:34Z'],
    ['nothing', ''],
    ['words', 'yesterday'],
  ])('T-UNI-05 refused: %s', (_, text) => {
    expect(dateTimeKey(text)).toBeUndefined();
  });

  test('keys are in the order of time, and equal only for the same instant', () => {
    const digits = fc.string({ unit: fc.constantFrom('0', '1', '4', '5', '9'), minLength: 0, maxLength: 7 });
    const moment = fc.record({
      second: fc.integer({ min: 1_000_000_000, max: 1_000_000_003 }),
      digits,
      offset: fc.integer({ min: -14 * 60, max: 14 * 60 }),
    });
    fc.assert(
      fc.property(moment, moment, (a, b) => {
        const earlier = compareText(dateTimeKey(written(a)) ?? '', dateTimeKey(written(b)) ?? '');
        const instant = ({ second, digits }: typeof a) => BigInt(second) * 10n ** 7n + BigInt(digits.padEnd(7, '0'));
        const difference = instant(a) - instant(b);
        expect(Math.sign(earlier)).toBe(difference === 0n ? 0 : difference < 0n ? -1 : 1);
      }),
      { numRuns: 3000 },
    );
  });

  test('a date as meta keeps it is its own key', () => {
    fc.assert(
      fc.property(
        fc.date({
          min: new Date('0001-01-01T00:00:00Z'),
          max: new Date('9999-12-31T23:59:59.999Z'),
          noInvalidDate: true,
        }),
        (date) => {
          expect(dateTimeKey(date.toISOString())).toBe(date.toISOString());
        },
      ),
    );
  });

  test('T-FIL-06 a near miss of 100,000 digits is one pass', () => {
    expect(dateTimeKey(`2011-05-13T04:42:34.${'1'.repeat(100_000)}`)).toHaveLength(24 + 99_997);
    expect(dateTimeKey(`2011-05-13T04:42:34.${'1'.repeat(100_000)}x`)).toBeUndefined();
    expect(dateTimeKey(`2011-05-13T04:42:34.${'0'.repeat(100_000)}`)).toBe('2011-05-13T04:42:34.000Z');
    expect(dateTimeKey('2'.repeat(100_000))).toBeUndefined();
  });
});

function written({ second, digits, offset }: { second: number; digits: string; offset: number }): string {
  const local = new Date((second + offset * 60) * 1000).toISOString().slice(0, 19);
  const size = Math.abs(offset);
  const two = (value: number) => String(value).padStart(2, '0');
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  return `${local}${digits === '' ? '' : `.${digits}`}${zone}`;
}
