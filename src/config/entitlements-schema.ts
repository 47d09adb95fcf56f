import { z } from 'zod';
import { text } from './extension-schema.ts';
import { unknownKeys } from './unknown-keys.ts';

/** `{ name: 'License', kind: 'entitlement', values: [{ id: 'pro', displayName: 'Professional' }] }` */
export const entitlementsSchema = z.strictObject(
  {
    name: z
      .string('expected a name like "License"')
      .regex(
        /^[A-Z][A-Za-z0-9]{0,62}$/,
        'expected a name of letters and digits that begins with a capital, like "License"',
      ),
    kind: z.enum(['role', 'entitlement'], 'expected "role" or "entitlement"'),
    endpoint: z
      .string('expected an endpoint like "/Licenses"')
      .regex(/^\/[A-Z][A-Za-z0-9]{0,62}$/, 'expected an endpoint like "/Licenses": letters and digits after the slash')
      .optional(),
    description: text.optional(),
    values: z
      .array(
        z.strictObject(
          {
            id: z
              .string('expected an id')
              // RFC 7643 §3.1, and Okta: an id never holds "bulkId". A dot in front would make another path of it.
              .regex(
                /^(?!.*bulkid)[\w~-][\w.~-]{0,127}$/i,
                'expected an id of letters, digits, "-", ".", "_" and "~", at most 128, that does not hold "bulkId"',
              ),
            displayName: text,
            description: text.optional(),
          },
          { error: unknownKeys('id, displayName, description', 'an object with id and displayName') },
        ),
        'expected a list such as [{ id: "pro", displayName: "Professional" }]',
      )
      .min(1, 'expected at least one value: users are given nothing else'),
  },
  { error: unknownKeys('name, kind, endpoint, description, values', 'an object with name, kind and values') },
);
