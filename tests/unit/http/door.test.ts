import { describe, expect, test } from 'vitest';
import { findDoor, type ScimDoor } from '../../../src/http/door.ts';

const door = (application: string, base: string, hosts: readonly string[] = []): ScimDoor => ({
  application,
  base: `https://example.com${base}`,
  segments: base.split('/').slice(1),
  hosts,
});
const DOORS = [door('app', '/scim/v2'), door('board', '/board/scim/v2'), door('own', '/own/v2', ['own.example.com'])];

describe('findDoor', () => {
  test.each([
    ['/scim/v2', undefined, 'app', []],
    ['/scim/v2/Users/1', undefined, 'app', ['Users', '1']],
    ['/board/scim/v2/Users', undefined, 'board', ['Users']],
    ['/own/v2/Users', 'OWN.example.com:8443', 'own', ['Users']],
  ])('%s on %s is the base of %s', (path, host, application, rest) => {
    expect(findDoor(path.split('/').slice(1), host, DOORS)).toMatchObject({
      kind: 'base',
      door: { application },
      rest,
    });
  });

  test.each([
    ['/scim/v1/Users', 'version'],
    ['/scim/v3', 'version'],
    ['/scim/V2/Users', 'version'],
    ['/scim/v2.1/Users', 'version'],
    ['/scim/Users', 'beside'],
    ['/scim', 'beside'],
    ['/own/v2/Users', 'beside'],
  ])('%s is no base, and still the business of SCIM: %s', (path, kind) => {
    expect(findDoor(path.split('/').slice(1), 'other.example.com', DOORS)?.kind).toBe(kind);
  });

  test.each(['/', '/healthz', '/SCIM/v2/Users', '/scimv2', '/v2/Users', '/board'])('%s is nothing of SCIM', (path) => {
    expect(findDoor(path.split('/').slice(1), undefined, DOORS)).toBeUndefined();
  });
});
