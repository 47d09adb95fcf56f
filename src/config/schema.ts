import { z } from 'zod';
import { entitlementsSchema } from './entitlements-schema.ts';
import { extensionSchema } from './extension-schema.ts';
import { featuresSchema, overridableSchema, policySchema, requiresSchema } from './policy-schema.ts';
import { unknownKeys } from './unknown-keys.ts';

const NAME = /^[a-z](?:-?[a-z0-9])*$/;
/** Segments of unreserved characters but `_`, which Okta refuses in base URLs, and `~`. */
const BASE_PATH = /^(?:\/[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)+$/;
/** `*.` in front stands for any one label, before a name of at least two. */
const HOST =
  /^(?=.{1,253}$)(?:\*\.(?=.+\.))?[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

const application = z.strictObject(
  {
    basePath: z
      .string('expected a path like "/scim/v2"')
      .regex(BASE_PATH, 'expected a path like "/scim/v2": letters, digits, "-" and ".", and no "_", which Okta refuses')
      .optional(),
    hosts: z
      .array(
        z
          .string('expected a host name like "scim.example.com"')
          .regex(
            HOST,
            'expected a host name in lower case, without a port, like "scim.example.com", or "*.scim.example.com" for one label in front of it',
          ),
        'expected a list of host names like ["scim.example.com"]',
      )
      .optional(),
    strict: z.boolean('expected true or false').optional(),
    extensions: z.array(extensionSchema, 'expected a list of schema extensions').optional(),
    entitlements: z.array(entitlementsSchema, 'expected a list of entitlement types').optional(),
    policy: policySchema.optional(),
    features: featuresSchema.optional(),
    requires: requiresSchema.optional(),
    overridable: overridableSchema.optional(),
  },
  {
    error: unknownKeys(
      'basePath, hosts, strict, extensions, entitlements, policy, features, requires, overridable',
      'an object such as { basePath: "/scim/v2" }, or {}',
    ),
  },
);

/** What `joinery.config.ts` exports by default; each message says what was expected. */
export const configSchema = z.strictObject(
  {
    applications: z
      .record(z.string().max(63).regex(NAME), application, {
        error: ({ code }) =>
          code === 'invalid_key'
            ? 'expected a name of lower-case letters, digits and hyphens, at most 63, like "app"'
            : 'expected an object of applications, like { app: {} }',
      })
      .refine(
        (applications) => Object.keys(applications).length > 0,
        'expected at least one application, like { app: {} }',
      ),
  },
  { error: unknownKeys('applications', 'a default export made by defineConfig({ applications: { app: {} } })') },
);
