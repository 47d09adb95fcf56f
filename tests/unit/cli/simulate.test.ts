import { expect, test } from 'vitest';
import { runCommand } from '../../harness/index.ts';
import { startTinyScim } from '../idp/tiny-scim.ts';

test('what a server says is printed without what moves the cursor, or turns the direction of a line', async () => {
  const server = await startTinyScim();
  try {
    const posted = await fetch(`${server.baseUrl}/Users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/scim+json' },
      body: JSON.stringify({ userName: 'eve\u001b]0;owned\u0007\u202Egro.live', active: true }),
    });
    expect(posted.status).toBe(201);
    const command = ['simulate', 'okta', '--base-url', server.baseUrl, '--token', server.token, '--import'];
    const { code, stdout } = await runCommand(command, {});
    expect(code).toBe(0);
    expect(stdout).toContain('none     eve?]0;owned??gro.live  new in Okta\n');
  } finally {
    await server.close();
  }
});
